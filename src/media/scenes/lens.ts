import type { Rgb } from './colour.ts';
import { latticeNoise } from './noise.ts';

/** A table as long as a prime, so that its repeats do not line up with rows. */
const GRAIN = Int8Array.from({ length: 99991 }, (_, index) => {
  const sum = latticeNoise(index, 1, 7) + latticeNoise(index, 2, 7) + latticeNoise(index, 3, 7);
  return Math.round((sum - 1.5) * 5);
});

/** Exposure, colour cast and sensor grain, in place. */
export function develop(rgb: Uint8Array, { light }: { light: { tint: Rgb } }, seconds: number): void {
  const [red, green, blue] = light.tint.map(exposure) as [Uint8ClampedArray, Uint8ClampedArray, Uint8ClampedArray];
  // Storing here keeps values within 0 and 255.
  const clamped = new Uint8ClampedArray(rgb.buffer, rgb.byteOffset, rgb.length);
  let grain = Math.floor(latticeNoise(Math.round(seconds * 1000), 0, 11) * GRAIN.length);
  for (let byte = 0; byte < rgb.length; byte += 3) {
    grain = grain + 1 >= GRAIN.length ? 0 : grain + 1;
    const noise = GRAIN[grain]!;
    clamped[byte] = red[rgb[byte]!]! + noise;
    clamped[byte + 1] = green[rgb[byte + 1]!]! + noise;
    clamped[byte + 2] = blue[rgb[byte + 2]!]! + noise;
  }
}

function exposure(factor: number): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: 256 }, (_, value) => value * factor);
}

// Along a longer line every few pixels are enough for the eye.
const MOST_STEPS = 13;

/** Smears a picture along a line `dx`, `dy` pixels long (whole numbers), as a moved camera does. */
export function smear(rgb: Uint8Array, width: number, height: number, dx: number, dy: number): Uint8Array {
  const steps = Math.min(MOST_STEPS, Math.max(1, Math.abs(dx), Math.abs(dy)) + 1);
  const sums = new Uint16Array(rgb.length);
  for (let step = 0; step < steps; step++) {
    const share = step / (steps - 1) - 0.5;
    addShifted(sums, rgb, { width, height, shiftX: Math.round(dx * share), shiftY: Math.round(dy * share) });
  }
  const smeared = new Uint8Array(rgb.length);
  for (let byte = 0; byte < smeared.length; byte++) smeared[byte] = sums[byte]! / steps;
  return smeared;
}

type Shift = { width: number; height: number; shiftX: number; shiftY: number };

/** Adds a moved copy of a picture to the sums; its border pixels fill what it leaves free. */
function addShifted(sums: Uint16Array, rgb: Uint8Array, { width, height, shiftX, shiftY }: Shift): void {
  const rowBytes = width * 3;
  const moved = shiftX * 3;
  const first = Math.min(rowBytes, Math.max(0, -moved));
  const end = Math.max(first, Math.min(rowBytes, rowBytes - moved));
  for (let row = 0; row < height; row++) {
    const source = Math.min(height - 1, Math.max(0, row + shiftY)) * rowBytes;
    const target = row * rowBytes;
    for (let byte = 0; byte < first; byte++) sums[target + byte]! += rgb[source + (byte % 3)]!;
    for (let byte = first; byte < end; byte++) sums[target + byte]! += rgb[source + moved + byte]!;
    for (let byte = end; byte < rowBytes; byte++) sums[target + byte]! += rgb[source + rowBytes - 3 + (byte % 3)]!;
  }
}
