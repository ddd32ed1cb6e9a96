import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModel, readDescription } from '#inference/models';
import { testFolder } from '../helpers/folder.ts';
import { type Changes, writeModel } from '../helpers/onnx-folder.ts';

const WEIGHTS = Buffer.from('weights');

describe('loadModel', () => {
  it('gives what model.json says, and where the weights are', async () => {
    const folder = await testFolder();
    const description = await writeModel(folder, WEIGHTS);
    expect(await loadModel(folder)).toEqual({ ...description, folder, weightsPath: join(folder, 'model.onnx') });
  });

  it('refuses weights with another digest, and names the expected and the found one', async () => {
    const folder = await testFolder();
    const { weights } = await writeModel(folder, WEIGHTS);
    await appendFile(join(folder, 'model.onnx'), '!');
    // sha256sum of "weights!"
    const found = 'fa47a1dc2eaad8414f129b768e1bc3ab746de3ee7d73d82c9356a9ca2ad772f4';
    const loading = loadModel(folder);
    await expect(loading).rejects.toMatchObject({ name: 'ModelError', details: { expected: weights.sha256, found } });
    await expect(loading).rejects.toThrow(`expected sha256 ${weights.sha256}, found ${found}`);
  });

  it('refuses a folder whose weights are missing', async () => {
    const folder = await testFolder();
    await writeModel(folder, WEIGHTS);
    await rm(join(folder, 'model.onnx'));
    await expect(loadModel(folder)).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('Expected the weights of tiny@1.0.0'),
    });
  });
});

describe('readDescription', () => {
  it('refuses a folder without model.json', async () => {
    await expect(readDescription(await testFolder())).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('Expected a model.json'),
    });
  });

  it('refuses a model.json that is not JSON', async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'model.json'), '{');
    await expect(readDescription(folder)).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('is not JSON'),
    });
  });

  it.each<{ name: string; changes: Changes; field: string }>([
    { name: 'a mean for pixels up to 255', changes: { input: { mean: [123, 117, 104] } }, field: 'input.mean.0' },
    { name: 'a std for pixels up to 255', changes: { input: { std: [58, 57, 57] } }, field: 'input.std.0' },
    { name: 'weights outside of the folder', changes: { weights: { file: '../model.onnx' } }, field: 'weights.file' },
    { name: 'a digest of another length', changes: { weights: { sha256: 'abc' } }, field: 'weights.sha256' },
    { name: 'a version that is no version', changes: { version: 'latest' }, field: 'version' },
    { name: 'no classes', changes: { classes: [] }, field: 'classes' },
    { name: 'an unknown kind of output', changes: { output: { kind: 'ssd' } as never }, field: 'output.kind' },
    { name: 'a field nobody knows', changes: { outputs: 1 } as never, field: '' },
  ])('refuses $name', async ({ changes, field }) => {
    const folder = await testFolder();
    await writeModel(folder, WEIGHTS, changes);
    const reading = readDescription(folder);
    await expect(reading).rejects.toMatchObject({
      name: 'ModelError',
      details: { issues: expect.arrayContaining([expect.objectContaining({ field })]) },
    });
  });
});
