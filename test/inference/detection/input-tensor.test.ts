import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { openInputTensor } from '#inference/detection/input-tensor';
import type { ModelInput } from '#inference/models';
import { INPUT } from '../../helpers/onnx-folder.ts';

const { width, height } = INPUT;

function open(changes: Partial<ModelInput> = {}) {
  const input: ModelInput = { ...INPUT, ...changes };
  const shape = input.layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
  const tensor = openInputTensor(input, [{ name: input.name, type: 'float32', shape }]);
  return { ...tensor, numbers: tensor.feeds[input.name]!.data as Float32Array };
}

async function drawRed(size: { width: number; height: number }, format: 'png' | 'jpeg') {
  const image = sharp({ create: { ...size, channels: 3, background: '#f00' } });
  return { bytes: await image.toFormat(format, { chromaSubsampling: '4:4:4' }).toBuffer(), name: `p.${format}` };
}

describe('the tensor', () => {
  it.each([
    { resize: 'letterbox', format: 'png' },
    { resize: 'letterbox', format: 'jpeg' },
    { resize: 'stretch', format: 'png' },
    { resize: 'stretch', format: 'jpeg' },
  ] as const)('shows a $format by $resize to the pixel, whatever stood there before', async ({ resize, format }) => {
    const tensor = open({ resize });
    const side = fc.integer({ min: 8, max: 400 });
    await fc.assert(
      fc.asyncProperty(side, side, async (pictureWidth, pictureHeight) => {
        const picture = await tensor.prepare(await drawRed({ width: pictureWidth, height: pictureHeight }, format));
        expect(picture).toMatchObject({ width: pictureWidth, height: pictureHeight });
        tensor.fill(picture);
        const { padX, padY, inner } = picture;
        const red = tensor.numbers.map((_, at) => {
          const [x, y] = [at % width, Math.floor(at / width) % height];
          const inside = x >= padX && x < padX + inner.width && y >= padY && y < padY + inner.height;
          return inside ? Number(at < width * height) : 114 / 255;
        });
        const apart = tensor.numbers.reduce((most, found, at) => Math.max(most, Math.abs(found - red[at]!)), 0);
        // A JPEG's red is one or two levels less.
        expect(apart).toBeLessThan(2.5 / 255);
      }),
      { numRuns: 20 },
    );
  });

  it('has the same numbers in either layout and order of colours', async () => {
    const size = { width: 50, height: 70 };
    const rgb = Uint8Array.from({ length: 3 * size.width * size.height }, (_, at) => (at * 2654435761) >>> 24);
    const bytes = await sharp(rgb, { raw: { ...size, channels: 3 } })
      .png()
      .toBuffer();
    const [mean, std] = [[0.1, 0.2, 0.3] as ModelInput['mean'], [0.4, 0.5, 0.6] as ModelInput['std']];
    const shown = async (changes: Partial<ModelInput>) => {
      const tensor = open({ mean, std, ...changes });
      tensor.fill(await tensor.prepare({ bytes, name: 'p.png' }));
      return tensor.numbers;
    };
    const planes = await shown({});
    const turned = { mean: mean.toReversed(), std: std.toReversed() };
    const pixels = width * height;
    const at = (pixel: number, color: number) => planes[color * pixels + pixel]!;
    const interleaved = (order: number[]) =>
      Float32Array.from({ length: 3 * pixels }, (_, to) => at(Math.floor(to / 3), order[to % 3]!));
    expect(await shown({ layout: 'nhwc' })).toEqual(interleaved([0, 1, 2]));
    expect(await shown({ layout: 'nhwc', color: 'bgr', ...turned })).toEqual(interleaved([2, 1, 0]));
    const blueFirst = Float32Array.from({ length: 3 * pixels }, (_, to) =>
      at(to % pixels, 2 - Math.floor(to / pixels)),
    );
    expect(await shown({ color: 'bgr', ...turned })).toEqual(blueFirst);
  });
});
