import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { ModelDescription } from '#inference/models';

/** What model.json says in tests unless they say otherwise: a 64x48 input as it is, three classes. */
export const INPUT: ModelDescription['input'] = {
  name: 'images',
  width: 64,
  height: 48,
  layout: 'nchw',
  color: 'rgb',
  mean: [0, 0, 0],
  std: [1, 1, 1],
  resize: 'letterbox',
  pad: 114,
};

export const CLASSES = ['person', 'vehicle', 'cone'];

/** The input as the model file declares it. */
export const INPUT_VALUE = { name: 'images', shape: [1, 3, 48, 64] } as const;

export type Changes = Partial<Omit<ModelDescription, 'input' | 'weights'>> & {
  input?: Partial<ModelDescription['input']>;
  weights?: Partial<ModelDescription['weights']>;
};

/** Writes a model folder and gives back what its model.json says. */
export async function writeModel(folder: string, onnx: Uint8Array, changes: Changes = {}): Promise<ModelDescription> {
  const { input, weights, ...others } = changes;
  const description: ModelDescription = {
    name: 'tiny',
    version: '1.0.0',
    task: 'object-detection',
    license: 'Apache-2.0',
    weights: { file: 'model.onnx', sha256: createHash('sha256').update(onnx).digest('hex'), ...weights },
    input: { ...INPUT, ...input },
    output: { kind: 'yolo-nms-free', boxes: 'pixels' },
    classes: CLASSES,
    ...others,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), onnx);
  await writeFile(join(folder, 'model.json'), JSON.stringify(description));
  return description;
}

/** Draws a picture of one colour and gives back its path. */
export async function drawPicture(
  path: string,
  { width, height, color }: { width: number; height: number; color: [number, number, number] },
): Promise<string> {
  const [r, g, b] = color;
  await sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .png()
    .toFile(path);
  return path;
}
