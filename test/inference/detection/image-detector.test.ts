import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openImageDetector } from '#inference/detection/image-detector';
import { loadModel } from '#inference/models';
import { testFolder } from '../../helpers/folder.ts';
import { type Changes, drawPicture, INPUT_VALUE, writeModel } from '../../helpers/onnx-folder.ts';
import { brightnessModel, constantModel, onnxModel } from '../../helpers/onnx-model.ts';

const CPU = { device: 'cpu', threads: 1 } as const;
const ALL = { confidence: 0, iou: 1, maxDetections: 300 };

async function openModel(folder: string, onnx: Uint8Array, changes: Changes = {}) {
  await writeModel(folder, onnx, changes);
  return openImageDetector(await loadModel(folder), CPU);
}

describe('the numbers that a model is fed with', () => {
  // The score is their mean: a picture of one colour that fills the input shows the mean of its three channels.
  it.each<{ name: string; input: NonNullable<Changes['input']>; shape?: number[]; score: number }>([
    { name: 'are levels from 0 to 1', input: {}, score: (51 + 102 + 204) / 3 / 255 },
    {
      name: 'are moved by mean and divided by std',
      input: { mean: [0.2, 0.3, 0.4], std: [0.5, 0.5, 0.5] },
      score: 1 / 3,
    },
    // mean 1 and std 2 in the first channel of BGR is blue: (0.8 - 1) / 2 = -0.1; the others as they are: 0.4 and 0.2.
    {
      name: 'may be blue first',
      input: { color: 'bgr', mean: [1, 0, 0], std: [2, 1, 1] },
      score: (-0.1 + 0.4 + 0.2) / 3,
    },
    {
      name: 'may have the channels last',
      input: { layout: 'nhwc', mean: [0, 0, 0.8] },
      shape: [1, 48, 64, 3],
      score: (0.2 + 0.4) / 3,
    },
  ])('$name', async ({ input, shape = [1, 3, 48, 64], score }) => {
    const folder = await testFolder();
    const detector = await openModel(folder, brightnessModel({ name: 'images', shape }, [0, 0, 9, 9]), { input });
    const path = await drawPicture(join(folder, 'p.png'), { width: 128, height: 96, color: [51, 102, 204] });
    const { detections } = await detector.detect(path, ALL);
    expect(detections[0]!.score).toBeCloseTo(score, 4);
    await detector.close();
  });

  it('are grey where the letterbox has no picture', async () => {
    const folder = await testFolder();
    const detector = await openModel(folder, brightnessModel(INPUT_VALUE, [0, 20, 9, 29]), { input: { pad: 51 } });
    const path = await drawPicture(join(folder, 'p.png'), { width: 100, height: 10, color: [255, 255, 255] });
    const { detections } = await detector.detect(path, ALL);
    // 100x10 becomes 64x6 of the 64x48.
    expect(detections[0]!.score).toBeCloseTo((6 * 1 + 42 * 0.2) / 48, 4);
    await detector.close();
  });
});

describe('boxes in the stored picture', () => {
  it.each<{ name: string; input: NonNullable<Changes['input']>; size: [number, number]; box: number[] }>([
    { name: 'are as the model gives them when nothing was scaled', input: {}, size: [64, 48], box: [16, 12, 32, 24] },
    { name: 'are scaled back', input: {}, size: [128, 96], box: [32, 24, 64, 48] },
    // 32x48 stands in the middle of the 64x48, 16 from the left: the box begins at its left edge and fills its width.
    { name: 'are moved back from a tall letterbox', input: {}, size: [64, 96], box: [0, 24, 64, 48] },
    // 64x16 stands 16 from the top, so that the box is higher than the picture and is clipped.
    { name: 'are moved back from a wide letterbox', input: {}, size: [256, 64], box: [64, 0, 128, 64] },
    { name: 'are stretched back', input: { resize: 'stretch' }, size: [64, 480], box: [16, 120, 32, 240] },
  ])('$name', async ({ input, size: [width, height], box }) => {
    const folder = await testFolder();
    const detector = await openModel(folder, brightnessModel(INPUT_VALUE, [16, 12, 48, 36]), { input });
    const path = await drawPicture(join(folder, 'p.png'), { width, height, color: [9, 9, 9] });
    const found = await detector.detect(path, ALL);
    expect(found).toMatchObject({ width, height, detections: [{ box, classIndex: 0, label: 'person' }] });
    await detector.close();
  });
});

describe('which detections are given', () => {
  const many = {
    shape: [1, 5, 6],
    data: [0.9, 0.7, 0.5, 0.3, 0.1].flatMap((score, at) => [at * 9, 0, at * 9 + 8, 8, score, at % 3]),
  };

  it.each([
    { name: 'all at confidence 0', rule: ALL, scores: [0.9, 0.7, 0.5, 0.3, 0.1] },
    { name: 'those from the confidence on', rule: { ...ALL, confidence: 0.5 }, scores: [0.9, 0.7, 0.5] },
    { name: 'the best, when there are too many', rule: { ...ALL, maxDetections: 2 }, scores: [0.9, 0.7] },
    { name: 'those of the wanted classes', rule: { ...ALL, classIndices: [1] }, scores: [0.7, 0.1] },
    { name: 'none, when no class is wanted', rule: { ...ALL, classIndices: [] }, scores: [] },
  ])('$name', async ({ rule, scores }) => {
    const folder = await testFolder();
    const detector = await openModel(folder, constantModel(INPUT_VALUE, { output: many }));
    const path = await drawPicture(join(folder, 'p.png'), { width: 64, height: 48, color: [9, 9, 9] });
    const { detections } = await detector.detect(path, rule);
    expect(detections.map(({ score }) => score)).toEqual(scores);
    await detector.close();
  });
});

describe('a model whose input is not what model.json says', () => {
  const answer = { output: { shape: [1, 1, 6], data: [0, 0, 1, 1, 0.5, 0] } };

  it.each<{ name: string; onnx: Buffer; input?: NonNullable<Changes['input']>; message: RegExp }>([
    {
      name: 'another size',
      onnx: constantModel({ name: 'images', shape: [1, 3, 640, 640] }, answer),
      message: /Expected the input images to have the shape \[1, 3, 48, 64\], found \[1, 3, 640, 640\]. Correct width/,
    },
    {
      name: 'another number of channels',
      onnx: constantModel({ name: 'images', shape: [1, 1, 48, 64] }, answer),
      message: /found \[1, 1, 48, 64\]/,
    },
    {
      name: 'another layout',
      onnx: constantModel(INPUT_VALUE, answer),
      input: { layout: 'nhwc' },
      message: /\[1, 48, 64, 3\]/,
    },
    {
      name: 'another name',
      onnx: constantModel(INPUT_VALUE, answer),
      input: { name: 'x' },
      message: /named x, found: images/,
    },
    {
      name: 'another type',
      onnx: constantModel({ ...INPUT_VALUE, type: 'uint8' }, answer),
      message: /input images to be float32, found uint8/,
    },
    {
      name: 'a second input',
      onnx: onnxModel({
        inputs: [INPUT_VALUE, { name: 'sizes', shape: [1, 2] }],
        outputs: [{ name: 'output', shape: [1, 1, 6] }],
        nodes: [{ op: 'Identity', inputs: ['value'], output: 'output' }],
        constants: { value: answer.output },
      }),
      message: /one input, found 2: images, sizes/,
    },
  ])('is refused for $name', async ({ onnx, input = {}, message }) => {
    const opening = openModel(await testFolder(), onnx, { input });
    await expect(opening).rejects.toMatchObject({ name: 'ModelError', message: expect.stringMatching(message) });
  });

  it('fits when its dimensions are free', async () => {
    const free = { name: 'images', shape: ['batch', 3, 'height', 'width'] };
    const detector = await openModel(await testFolder(), constantModel(free, answer));
    await detector.close();
  });
});
