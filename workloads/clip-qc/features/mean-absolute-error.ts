import type { RgbPicture } from './picture.ts';

/** Mean distance of two pictures' colour values, 0-255. */
export function meanAbsoluteError({ rgb: a }: RgbPicture, { rgb: b }: RgbPicture): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += Math.abs(a[at]! - b[at]!);
  return a.length === 0 ? 0 : sum / a.length;
}
