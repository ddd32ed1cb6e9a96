import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openImageDetector } from '#inference/detection/image-detector';
import { loadModel, type ModelOutput } from '#inference/models';
import { testFolder } from '../../helpers/folder.ts';
import { CLASSES, drawPicture, INPUT_VALUE, writeModel } from '../../helpers/onnx-folder.ts';
import { type Constant, constantModel, type Shape } from '../../helpers/onnx-model.ts';

const CPU = { device: 'cpu', threads: 1 } as const;
const V5 = { kind: 'yolo-v5', boxes: 'pixels', transposed: false, activation: 'none' } as const;
const V8 = { ...V5, kind: 'yolo-v8' } as const;
const NMS_FREE = { kind: 'yolo-nms-free', boxes: 'pixels' } as const;
const DETR = { kind: 'detr', logits: 'logits', boxes: 'pred_boxes' } as const;
const SOFTMAX = { ...DETR, activation: 'softmax' } as const;
const SIGMOID = { ...DETR, activation: 'sigmoid' } as const;

interface Case {
  output: ModelOutput;
  tensors: Record<string, Constant>;
  declared?: Record<string, Shape>;
  confidence?: number;
}

/** Opens a model that answers with these tensors; its input and the picture are both 64x48. */
async function open({ output, tensors, declared = {} }: Case) {
  const folder = await testFolder();
  await writeModel(folder, constantModel(INPUT_VALUE, tensors, declared), { output });
  const picture = await drawPicture(join(folder, 'picture.png'), { width: 64, height: 48, color: [9, 9, 9] });
  return { detector: await openImageDetector(await loadModel(folder), CPU), picture };
}

/** What the head makes of the tensors: x1, y1, x2, y2, score, class, best first. */
async function rowsOf({ confidence = 0, ...model }: Case): Promise<number[][]> {
  const { detector, picture } = await open(model);
  const { detections } = await detector.detect(picture, { confidence, iou: 0.45, maxDetections: 300 });
  await detector.close();
  return detections.map(({ box: [x, y, w, h], score, classIndex }) => [x, y, x + w, y + h, score, classIndex]);
}

function rows(...values: number[][]): Constant {
  return { shape: [1, values.length, values[0]!.length], data: values.flat() };
}

function columns(...values: number[][]): Constant {
  const width = values[0]!.length;
  return {
    shape: [1, width, values.length],
    data: Array.from({ length: width }, (_, i) => values.map((row) => row[i]!)).flat(),
  };
}

describe('heads against numpy and OpenCV (testdata/make-reference.py)', async () => {
  const reference = JSON.parse(await readFile(new URL('testdata/reference.json', import.meta.url), 'utf8'));
  it.each<{ name: string; output: ModelOutput }>([
    { name: 'yolo-v5', output: V5 },
    { name: 'yolo-v8', output: V8 },
    { name: 'detr softmax', output: SOFTMAX },
    { name: 'detr sigmoid', output: SIGMOID },
  ])('$name finds the same boxes', async ({ name, output }) => {
    const { tensors, expected } = reference[name] as { tensors: Case['tensors']; expected: number[][] };
    const found = await rowsOf({ output, tensors, confidence: 0.3 });
    expect(found).toHaveLength(expected.length);
    for (const [at, row] of expected.entries()) {
      for (const [column, value] of row.entries()) expect(found[at]![column]).toBeCloseTo(value, column < 4 ? 1 : 3);
    }
  });
});

describe('heads by hand', () => {
  it.each<Case & { name: string; expected: number[][] }>([
    {
      name: 'yolo-v5 multiplies objectness and class score',
      output: V5,
      tensors: { output: rows([20, 20, 10, 8, 0.5, 0.1, 0.8, 0.2]) },
      expected: [[15, 16, 25, 24, 0.4, 1]],
    },
    {
      name: 'yolo-v5 may lie the other way round',
      output: { ...V5, transposed: true },
      tensors: { output: columns([20, 20, 10, 8, 0.5, 0.1, 0.8, 0.2]) },
      expected: [[15, 16, 25, 24, 0.4, 1]],
    },
    {
      name: 'yolo-v8 has values first',
      output: V8,
      tensors: { output: columns([20, 20, 10, 8, 0.1, 0.2, 0.9], [50, 20, 4, 4, 0.5, 0.2, 0.1]) },
      expected: [
        [15, 16, 25, 24, 0.9, 2],
        [48, 18, 52, 22, 0.5, 0],
      ],
    },
    {
      name: 'yolo-v8 may have boxes first',
      output: { ...V8, transposed: true },
      tensors: { output: rows([20, 20, 10, 8, 0.1, 0.2, 0.9]) },
      expected: [[15, 16, 25, 24, 0.9, 2]],
    },
    {
      name: 'logits become probabilities where model.json says so',
      output: { ...V8, activation: 'sigmoid' },
      tensors: { output: columns([20, 20, 10, 8, -4, 0, -4]) },
      expected: [[15, 16, 25, 24, 0.5, 1]],
    },
    {
      name: 'boxes from 0 to 1 become pixels',
      output: { ...V8, boxes: 'normalised' },
      tensors: { output: columns([0.5, 0.5, 0.25, 0.5, 0.9, 0, 0]) },
      expected: [[24, 12, 40, 36, 0.9, 0]],
    },
    {
      name: 'raw heads suppress overlaps of one class, not of two',
      output: V8,
      tensors: {
        output: columns([20, 20, 10, 10, 0.9, 0, 0], [21, 20, 10, 10, 0.8, 0, 0], [21, 20, 10, 10, 0, 0.7, 0]),
      },
      expected: [
        [15, 15, 25, 25, 0.9, 0],
        [16, 15, 26, 25, 0.7, 1],
      ],
    },
    {
      name: 'a head without NMS keeps overlaps, in the order of their scores',
      output: NMS_FREE,
      tensors: { output: rows([1, 2, 11, 12, 0.5, 2], [1, 2, 11, 12, 0.75, 2]) },
      expected: [
        [1, 2, 11, 12, 0.75, 2],
        [1, 2, 11, 12, 0.5, 2],
      ],
    },
    {
      name: 'detr with sigmoid proposes as many pairs as there are queries',
      output: SIGMOID,
      tensors: { logits: rows([0, 2, -9], [-9, -9, -9]), pred_boxes: rows([0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 1, 1]) },
      expected: [
        [16, 12, 48, 36, 0.8808, 1],
        [16, 12, 48, 36, 0.5, 0],
      ],
    },
    {
      name: 'detr with softmax leaves "no object" out of the classes',
      output: SOFTMAX,
      tensors: { logits: rows([0, 0, 0, Math.log(5)]), pred_boxes: rows([0.5, 0.5, 0.5, 0.5]) },
      expected: [[16, 12, 48, 36, 0.125, 0]],
    },
    {
      name: 'confidence 0 hides nothing, a score of 0 neither',
      output: NMS_FREE,
      tensors: { output: rows([1, 2, 11, 12, 0, 2], [1, 2, 11, 12, 1e-5, 2]) },
      expected: [
        [1, 2, 11, 12, 1e-5, 2],
        [1, 2, 11, 12, 0, 2],
      ],
    },
    {
      name: 'boxes are clipped, and what lies outside or has no area is dropped',
      output: NMS_FREE,
      tensors: {
        output: rows([-5, -5, 5, 500, 0.9, 0], [70, 0, 80, 9, 0.8, 0], [9, 9, 9, 12, 0.7, 0], [9, 9, 5, 5, 0.6, 0]),
      },
      expected: [[0, 0, 5, 48, 0.9, 0]],
    },
  ])('$name', async ({ expected, ...model }) => {
    const found = await rowsOf(model);
    expect(found).toHaveLength(expected.length);
    for (const [at, row] of expected.entries()) {
      for (const [column, value] of row.entries()) expect(found[at]![column]).toBeCloseTo(value, 4);
    }
  });
});

describe('a model that is not what model.json says', () => {
  const box = [20, 20, 10, 8];
  it.each<Case & { name: string; message: RegExp }>([
    {
      name: 'another number of classes',
      output: V8,
      tensors: { output: columns([...box, 0, 0, 0, 0]) },
      message: /Expected the output output to have the shape \[1, 7, any\], found \[1, 8, 1\]. 3 classes take 7 values/,
    },
    {
      name: 'a kind with objectness on a model without',
      output: V5,
      tensors: { output: columns([...box, 0, 0, 0]) },
      message: /\[1, any, 8\], found \[1, 7, 1\]/,
    },
    {
      name: 'no "no object" logit',
      output: SOFTMAX,
      tensors: { logits: rows([0, 0, 0]), pred_boxes: rows([0, 0, 1, 1]) },
      message: /\[1, any, 4\], found \[1, 1, 3\]. With softmax/,
    },
    {
      name: 'boxes for another number of queries',
      output: SIGMOID,
      tensors: { logits: rows([0, 0, 0]), pred_boxes: rows([0, 0, 1, 1], [0, 0, 1, 1]) },
      message: /output pred_boxes to have the shape \[1, 1, 4\], found \[1, 2, 4\]/,
    },
    {
      name: 'an output that is not there',
      output: { ...NMS_FREE, tensor: 'boxes' },
      tensors: { output: rows([1, 2, 3, 4, 0.5, 0]) },
      message: /an output named boxes, found: output/,
    },
    {
      name: 'two outputs and none named',
      output: NMS_FREE,
      tensors: { output: rows([1, 2, 3, 4, 0.5, 0]), other: rows([1, 2, 3, 4, 0.5, 0]) },
      message: /2 outputs \(output, other\), and model.json does not say which/,
    },
    {
      name: 'another shape at the run than the file declares',
      output: NMS_FREE,
      tensors: { output: rows([1, 2, 3, 4, 0.5]) },
      declared: { output: [1, 'boxes', 'values'] },
      message: /\[1, any, 6\], found \[1, 1, 5\]/,
    },
    {
      name: 'a class index beyond the classes',
      output: NMS_FREE,
      tensors: { output: rows([1, 2, 3, 4, 0.5, CLASSES.length]) },
      message: /class indices from 0 to 2 in the output output, found 3/,
    },
    {
      name: 'numbers that are none',
      output: V8,
      tensors: { output: columns([...box, Number.NaN, 0, 0]) },
      message: /Expected numbers in the output output, found NaN at position 4/,
    },
  ])('is refused for $name', async ({ message, ...model }) => {
    const detecting = rowsOf(model);
    await expect(detecting).rejects.toMatchObject({ name: 'ModelError', message: expect.stringMatching(message) });
  });
});
