// Sizes of the spots in metres: from what fills a tenth of a picture to what is a few pixels wide.
const SPOTS = [0.34, 0.15, 0.07, 0.035];
const WEIGHTS = [0.3, 0.3, 0.25, 0.15];

/** A colour that is different everywhere and the same from everywhere: what features are found on. */
export function surfaceColour(u: number, v: number, surface: number): [number, number, number] {
  let level = 0;
  for (let octave = 0; octave < SPOTS.length; octave += 1) {
    level += WEIGHTS[octave]! * smoothNoise(u / SPOTS[octave]!, v / SPOTS[octave]!, surface * 7 + octave);
  }
  // Steeper than the sum of noises, which keeps to the middle.
  const steep = Math.min(1, Math.max(0, 0.5 + 2.4 * (level - 0.5)));
  const tint = smoothNoise(u / 0.5, v / 0.5, surface * 7 + 5);
  return [40 + 190 * steep, 40 + 190 * steep * (0.7 + 0.3 * tint), 40 + 170 * steep * (1 - 0.4 * tint)];
}

/** Perlin's value noise: random numbers at whole places, smoothly between. From 0 to 1. */
function smoothNoise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const a = fade(x - column);
  const top = drawn(column, row, seed) * (1 - a) + drawn(column + 1, row, seed) * a;
  const bottom = drawn(column, row + 1, seed) * (1 - a) + drawn(column + 1, row + 1, seed) * a;
  return top + (bottom - top) * fade(y - row);
}

function fade(share: number): number {
  return share * share * (3 - 2 * share);
}

/** A number that looks drawn and depends on the place alone. The constants are odd and large, nothing more. */
function drawn(x: number, y: number, seed: number): number {
  let bits = Math.imul(x, 0x27d4_eb2d) ^ Math.imul(y, 0x1656_67b1) ^ Math.imul(seed + 1, 0x9e37_79b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
