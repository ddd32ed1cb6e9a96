import { ModelError } from '#core/errors';
import type { EncodedImage } from '#media/images';
import { createPictureKernels, type LevelFactors, type NumberPlaces } from '#media/picture-kernels';
import type { ModelInput } from '../models.ts';
import type { TensorShape, TensorValue } from '../session.ts';
import { type Picture, resizePicture } from './picture.ts';
import type { Placement } from './placement.ts';
import { assertShape, tensorNamed } from './tensor-check.ts';

/** The one tensor that a session is fed with; each picture is written over the one before. */
export interface InputTensor {
  feeds: Record<string, TensorValue>;
  /** Decodes and resizes a picture beside the tensor, one at a time. @throws MediaError when it can't be decoded. */
  prepare(image: EncodedImage): Promise<Picture>;
  /** Writes the prepared picture as the model's numbers. */
  fill(picture: Picture): void;
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

  const levels = levelFactors(input);
  const kernels = createPictureKernels({ width, height }, levels);
  const { numbers: data } = kernels;
  let groundFor = '';

  return {
    feeds: { [name]: { data, shape } },
    prepare: (image) => resizePicture(image, input, kernels),
    fill({ padX, padY, inner }) {
      // Pictures of one size leave the same ground around them.
      const wanted = [padX, padY, inner.width, inner.height].join();
      if (wanted !== groundFor) fillGround(data, input, levels);
      groundFor = wanted;
      kernels.writeNumbers(inner, placesFrom({ padX, padY }, input));
    },
  };
}

/** `(level / 255 - mean) / std` as one factor and one offset for red, green and blue; model.json has its own order. */
function levelFactors({ color, mean, std }: ModelInput): LevelFactors {
  return channelsOf(color).map((channel) => ({
    factor: 1 / (255 * std[channel]!),
    offset: -mean[channel]! / std[channel]!,
  }));
}

/** The model's channels that red, green and blue are. */
function channelsOf(color: ModelInput['color']): readonly number[] {
  return color === 'rgb' ? [0, 1, 2] : [2, 1, 0];
}

function placesFrom(
  { padX, padY }: Pick<Placement, 'padX' | 'padY'>,
  { width, height, layout, color }: ModelInput,
): NumberPlaces {
  const planar = layout === 'nchw';
  const pixelStep = planar ? 1 : 3;
  const rowStep = width * pixelStep;
  const first = padY * rowStep + padX * pixelStep;
  const [red, green, blue] = channelsOf(color).map((channel) => first + channel * (planar ? width * height : 1));
  return { red: red!, green: green!, blue: blue!, pixelStep, rowStep };
}

/** Every pixel of the tensor in the grey that stands around a picture. */
function fillGround(data: Float32Array, input: ModelInput, levels: LevelFactors): void {
  const { red, green, blue, pixelStep } = placesFrom({ padX: 0, padY: 0 }, input);
  for (const [color, first] of [red, green, blue].entries()) {
    const { factor, offset } = levels[color]!;
    const end = first + (data.length / 3) * pixelStep;
    for (let at = first; at < end; at += pixelStep) data[at] = input.pad * factor + offset;
  }
}
