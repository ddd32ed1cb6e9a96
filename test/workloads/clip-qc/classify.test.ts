import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openClipClassifier } from '#workloads/clip-qc/classify';
import { FEATURE_SETS, type Features } from '#workloads/clip-qc/features/feature-set';
import { testFolder } from '../../helpers/folder.ts';

const SHIPPED = fileURLToPath(new URL('../../../models/clip-qc-artifacts/1.0.0', import.meta.url));
const zeros = Object.fromEntries(FEATURE_SETS[2].map((name) => [name, 0])) as unknown as Features;

/** The shipped model under a description with other words in it. */
async function shippedBut(
  change: (description: { input: { featureSet: number; features: string[] }; classes: string[] }) => void,
) {
  const folder = await testFolder();
  await copyFile(join(SHIPPED, 'model.onnx'), join(folder, 'model.onnx'));
  const { card: _card, ...description } = JSON.parse(await readFile(join(SHIPPED, 'model.json'), 'utf8'));
  change(description);
  await writeFile(join(folder, 'model.json'), JSON.stringify(description));
  return folder;
}

describe('the classifier that ships', () => {
  it('gives probabilities that add up to 1, the same every time', async () => {
    const classifier = await openClipClassifier(SHIPPED);
    const first = await classifier.classify(zeros);
    expect(Object.values(first).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(await classifier.classify(zeros)).toEqual(first);
    await classifier.close();
  });

  it('answers what the trainer answered for the same clips', async () => {
    const { check } = JSON.parse(await readFile(join(SHIPPED, 'training.json'), 'utf8'));
    const classifier = await openClipClassifier(SHIPPED);
    for (const { features, probabilities } of check) {
      const found = await classifier.classify(features);
      for (const [name, share] of Object.entries(probabilities as Record<string, number>)) {
        expect(found[name as keyof typeof found]).toBeCloseTo(share, 5);
      }
    }
    await classifier.close();
  });
});

describe('a model is refused', () => {
  it.each([
    {
      name: 'of a feature set that is not measured',
      change: (description: { input: { featureSet: number } }) => Object.assign(description.input, { featureSet: 9 }),
      says: 'trained on feature set 9',
    },
    {
      name: 'of other features under the same version',
      change: ({ input }: { input: { features: string[] } }) => input.features.splice(3, 1, 'mood'),
      says: 'found mood',
    },
    {
      name: 'of fewer features than its set has',
      change: ({ input }: { input: { features: string[] } }) => input.features.pop(),
      says: 'at place 48',
    },
    {
      name: 'of a category that is not known here',
      change: ({ classes }: { classes: string[] }) => classes.splice(1, 1, 'ANATOMY'),
      says: 'classes',
    },
  ])('$name', async ({ change, says }) => {
    const folder = await shippedBut(change);
    await expect(openClipClassifier(folder)).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining(says),
    });
  });

  it('for another task', async () => {
    const detector = fileURLToPath(new URL('../../../models/worksite/1.0.0', import.meta.url));
    await expect(openClipClassifier(detector)).rejects.toThrow('is for object-detection');
  });
});
