import { expect, it } from 'vitest';
import { paintOf } from '#media/render/paint-colour';

const SDR = { range: 'tv', matrix: 'bt709', transfer: 'bt709', bitDepth: 8 } as const;

// Values of ITU-R BT.709 and BT.601 colour bars.
it.each([
  { name: 'white', rgb: [255, 255, 255], space: SDR, paint: { luma: 235, blue: 128, red: 128 } },
  { name: 'black', rgb: [0, 0, 0], space: SDR, paint: { luma: 16, blue: 128, red: 128 } },
  { name: 'red', rgb: [255, 0, 0], space: SDR, paint: { luma: 63, blue: 102, red: 240 } },
  {
    name: 'red by BT.601',
    rgb: [255, 0, 0],
    space: { ...SDR, matrix: 'smpte170m' },
    paint: { luma: 81, blue: 90, red: 240 },
  },
  {
    name: 'white in full range',
    rgb: [255, 255, 255],
    space: { ...SDR, range: 'pc' },
    paint: { luma: 255, blue: 128, red: 128 },
  },
  {
    name: 'white in 10 bits',
    rgb: [255, 255, 255],
    space: { ...SDR, bitDepth: 10 },
    paint: { luma: 940, blue: 512, red: 512 },
  },
] as const)('$name', ({ rgb, space, paint }) => expect(paintOf(rgb, space)).toEqual(paint));

it('white of HDR is the white of paper, not of the sun', () => {
  const { luma } = paintOf([255, 255, 255], { ...SDR, transfer: 'smpte2084', bitDepth: 10 });
  expect(luma).toBeLessThan(600);
  expect(luma).toBeGreaterThan(500);
});
