import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkModel } from '#inference/check-model';
import { loadModel, loadTableClassifier } from '#inference/models';
import { openTableClassifier } from '#inference/table-classifier';
import { testFolder } from '../helpers/folder.ts';

const SHIPPED = fileURLToPath(new URL('../../models/clip-qc-artifacts/1.0.0', import.meta.url));

/** The shipped classifier under a description with other words in it. */
async function described(change: (description: Record<string, never>) => void): Promise<string> {
  const folder = await testFolder();
  await copyFile(join(SHIPPED, 'model.onnx'), join(folder, 'model.onnx'));
  const { card: _card, ...description } = JSON.parse(await readFile(join(SHIPPED, 'model.json'), 'utf8'));
  change(description as Record<string, never>);
  await writeFile(join(folder, 'model.json'), JSON.stringify(description));
  return folder;
}

it('a classifier that is sound is told to be so', async () => {
  expect(await checkModel(SHIPPED)).toMatchObject({ task: 'table-classification', name: 'clip-qc-artifacts' });
});

it('a classifier is no detector', async () => {
  await expect(loadModel(SHIPPED)).rejects.toThrow('Expected a model for object-detection');
});

it.each([
  {
    name: 'an output the graph has not',
    change: (description: { output: object }) => Object.assign(description.output, { probabilities: 'scores' }),
    says: 'a tensor scores of float32 [N, 3], found only',
  },
  {
    name: 'more features than the graph takes',
    change: (description: { input: { features: string[] } }) => description.input.features.push('one_more'),
    says: '[N, 49]',
  },
])('$name is found when the model is opened', async ({ change, says }) => {
  const model = await loadTableClassifier(await described(change as never));
  await expect(openTableClassifier(model)).rejects.toMatchObject({
    name: 'ModelError',
    message: expect.stringContaining(says),
  });
});
