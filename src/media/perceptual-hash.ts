/** A 64-bit perceptual hash as two unsigned 32-bit halves; the first bit is the highest of `high`. */
export interface PerceptualHash {
  high: number;
  low: number;
}

/** Side of the small grey picture that is hashed. */
export const HASHED_SIDE = 32;
const BLOCK_SIDE = 8;

// Cosines as integers over 2^17, so that every sum is an exact integer in a double (32 * 255 * 2^17 * 32 * 2^17 < 2^53):
// equal pictures give equal hashes everywhere, and the terms of a flat picture cancel to exactly 0.
const COSINES = Float64Array.from({ length: BLOCK_SIDE * HASHED_SIDE }, (_, at) => {
  const frequency = Math.floor(at / HASHED_SIDE);
  const position = at % HASHED_SIDE;
  return Math.round(Math.cos((Math.PI * frequency * (2 * position + 1)) / (2 * HASHED_SIDE)) * 2 ** 17);
});

/**
 * The DCT hash of a 32x32 grey picture, 1024 bytes row by row: the 8x8 lowest frequencies of its DCT-II, each bit telling
 * whether a coefficient is above the median of the 64. This is `phash` of the Python package imagehash with its defaults.
 */
export function perceptualHash(grey: Uint8Array): PerceptualHash {
  const block = lowFrequencies(grey);
  const median = medianOf(block);
  return { high: aboveMedian(block.subarray(0, 32), median), low: aboveMedian(block.subarray(32), median) };
}

/** Number of bits in which two hashes differ, 0 to 64. */
export function hammingDistance(a: PerceptualHash, b: PerceptualHash): number {
  return bitCount(a.high ^ b.high) + bitCount(a.low ^ b.low);
}

/** The hash as 16 hex digits, the way imagehash prints it. */
export function hashToHex({ high, low }: PerceptualHash): string {
  return (high >>> 0).toString(16).padStart(8, '0') + (low >>> 0).toString(16).padStart(8, '0');
}

/** The hash that 16 hex digits stand for. */
export function hashFromHex(hex: string): PerceptualHash {
  return { high: Number.parseInt(hex.slice(0, 8), 16), low: Number.parseInt(hex.slice(8), 16) };
}

/** Set bits of a 32-bit integer, counted in parallel (Warren, Hacker's Delight, 5-1). */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function lowFrequencies(grey: Uint8Array): Float64Array {
  const columns = new Float64Array(BLOCK_SIDE * HASHED_SIDE);
  for (let frequency = 0; frequency < BLOCK_SIDE; frequency += 1) {
    for (let y = 0; y < HASHED_SIDE; y += 1) {
      const cosine = COSINES[frequency * HASHED_SIDE + y]!;
      for (let x = 0; x < HASHED_SIDE; x += 1) {
        columns[frequency * HASHED_SIDE + x]! += cosine * grey[y * HASHED_SIDE + x]!;
      }
    }
  }
  const block = new Float64Array(BLOCK_SIDE * BLOCK_SIDE);
  for (let row = 0; row < BLOCK_SIDE; row += 1) {
    for (let frequency = 0; frequency < BLOCK_SIDE; frequency += 1) {
      let sum = 0;
      for (let x = 0; x < HASHED_SIDE; x += 1) {
        sum += COSINES[frequency * HASHED_SIDE + x]! * columns[row * HASHED_SIDE + x]!;
      }
      block[row * BLOCK_SIDE + frequency] = sum;
    }
  }
  return block;
}

function medianOf(values: Float64Array): number {
  const sorted = values.toSorted();
  return (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2;
}

function aboveMedian(half: Float64Array, median: number): number {
  return half.reduce((bits, value) => (bits << 1) | (value > median ? 1 : 0), 0) >>> 0;
}
