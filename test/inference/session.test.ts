import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSession, runtimeVersion } from '#inference/session';
import { testFolder } from '../helpers/folder.ts';
import { brightnessModel, constantModel, onnxModel } from '../helpers/onnx-model.ts';

const IMAGES = { name: 'images', shape: [1, 3, 2, 2] } as const;
const CPU = { device: 'cpu', threads: 1 } as const;

async function modelFile(bytes: Uint8Array): Promise<string> {
  const path = join(await testFolder(), 'model.onnx');
  await writeFile(path, bytes);
  return path;
}

describe('openSession', () => {
  it('describes the real inputs and outputs, free dimensions by their name', async () => {
    const path = await modelFile(
      onnxModel({
        inputs: [{ name: 'x', shape: ['batch', 4] }],
        outputs: [{ name: 'y', shape: ['batch', 4] }],
        nodes: [{ op: 'Relu', inputs: ['x'], output: 'y' }],
      }),
    );
    const session = await openSession(path, CPU);
    expect(session.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['batch', 4] }]);
    expect(session.outputs).toEqual([{ name: 'y', type: 'float32', shape: ['batch', 4] }]);
    const { y } = await session.run({ x: { data: Float32Array.of(-1, 2, -3, 4), shape: [1, 4] } }, ['y']);
    expect(y).toEqual({ data: Float32Array.of(0, 2, 0, 4), shape: [1, 4] });
    await session.release();
  });

  it('leaves the outputs of one run alone in the next', async () => {
    const session = await openSession(await modelFile(brightnessModel(IMAGES, [0, 0, 1, 1])), CPU);
    const images = { data: new Float32Array(12), shape: IMAGES.shape };
    const scores = [];
    for (const level of [0.25, 0.5]) {
      images.data.fill(level);
      scores.push((await session.run({ images }, ['output'])).output!.data);
    }
    expect(scores).toEqual([Float32Array.of(0, 0, 1, 1, 0.25, 0), Float32Array.of(0, 0, 1, 1, 0.5, 0)]);
    await session.release();
  });

  it('refuses a file that is not there', async () => {
    const opening = openSession(join(await testFolder(), 'none.onnx'), CPU);
    await expect(opening).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('found nothing'),
    });
  });

  it('refuses a folder', async () => {
    const opening = openSession(await testFolder(), CPU);
    await expect(opening).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('something else'),
    });
  });

  it('refuses bytes that are no model', async () => {
    const opening = openSession(await modelFile(Buffer.from('not a model')), CPU);
    await expect(opening).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringContaining('could not load'),
    });
  });

  it('turns a feed that does not fit into a ModelError with what the runtime said', async () => {
    const model = constantModel(IMAGES, { output: { shape: [1, 1], data: [1] } });
    const session = await openSession(await modelFile(model), CPU);
    const running = session.run({ images: { data: new Float32Array(3), shape: [1, 3, 1, 1] } }, ['output']);
    await expect(running).rejects.toMatchObject({
      name: 'ModelError',
      message: expect.stringMatching(/Got: 1 Expected: 2/),
    });
    await session.release();
  });

  it('runs on a GPU or not at all', async () => {
    const path = await modelFile(brightnessModel(IMAGES, [0, 0, 1, 1]));
    const opening = openSession(path, { device: 'gpu', threads: 1 }).then((session) => session.release());
    // A machine with CUDA opens it; any other must say so instead of going on with the CPU.
    await opening.catch((thrown) => expect(thrown).toMatchObject({ name: 'CapacityError', retryable: true }));
  });

  it('knows the version of the runtime', () => {
    expect(runtimeVersion()).toMatch(/^\d+\.\d+\.\d+/);
  });
});
