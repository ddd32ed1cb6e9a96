import { ModelError } from '#core/errors';
import type { ModelInput } from '../models.ts';
import type { TensorShape, TensorValue } from '../session.ts';
import { assertShape, tensorNamed } from './tensor-check.ts';

/** The one tensor that a session is fed with; each picture is written over the one before. */
export interface InputTensor {
  feeds: Record<string, TensorValue>;
  /** Writes a picture of the input's size, R G B interleaved, as the model's numbers. */
  fill(rgb: Uint8Array): void;
}

/** @throws ModelError when the model's inputs are not what model.json says. */
export function openInputTensor(input: ModelInput, inputs: readonly TensorShape[]): InputTensor {
  const { name, width, height, layout } = input;
  if (inputs.length > 1) {
    const names = inputs.map((candidate) => candidate.name).join(', ');
    throw new ModelError(
      `Expected a model with one input, found ${inputs.length}: ${names}. Export it without the others.`,
    );
  }
  const shape = layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
  const remedy = 'Correct width, height or layout in model.json, or export the model for this size.';
  assertShape(`the input ${name}`, tensorNamed(inputs, name, 'input').shape, shape, remedy);

  const data = new Float32Array(3 * height * width);
  const levels = levelsOf(input);
  const order = input.color === 'rgb' ? ([0, 1, 2] as const) : ([2, 1, 0] as const);
  const fill = layout === 'nchw' ? fillPlanes : fillInterleaved;
  return { feeds: { [name]: { data, shape } }, fill: (rgb) => fill(data, rgb, levels, order) };
}

/** The colour channels of the picture in the order in which the model takes them. */
type ChannelOrder = readonly [number, number, number];

/** What each of the 256 levels of a model's channel becomes: a look-up is faster than arithmetic on every pixel. */
type Levels = readonly [Float32Array, Float32Array, Float32Array];

function levelsOf({ mean, std }: ModelInput): Levels {
  const ofChannel = (channel: number) =>
    Float32Array.from({ length: 256 }, (_, level) => (level / 255 - mean[channel]!) / std[channel]!);
  return [ofChannel(0), ofChannel(1), ofChannel(2)];
}

function fillPlanes(data: Float32Array, rgb: Uint8Array, [a, b, c]: Levels, [from0, from1, from2]: ChannelOrder): void {
  const pixels = data.length / 3;
  const [second, third] = [pixels, 2 * pixels];
  for (let pixel = 0, at = 0; pixel < pixels; pixel += 1, at += 3) {
    data[pixel] = a[rgb[at + from0]!]!;
    data[second + pixel] = b[rgb[at + from1]!]!;
    data[third + pixel] = c[rgb[at + from2]!]!;
  }
}

function fillInterleaved(
  data: Float32Array,
  rgb: Uint8Array,
  [a, b, c]: Levels,
  [from0, from1, from2]: ChannelOrder,
): void {
  for (let at = 0; at < data.length; at += 3) {
    data[at] = a[rgb[at + from0]!]!;
    data[at + 1] = b[rgb[at + from1]!]!;
    data[at + 2] = c[rgb[at + from2]!]!;
  }
}
