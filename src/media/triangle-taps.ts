/** Taps of a resampling filter for one axis, as the kernel `resample` takes them. */
export interface TapPairs {
  /** For each output the first pixel that counts, and how many pairs of taps follow. */
  spans: Int32Array;
  /** All taps one after the other. Each output's add up to 2^14 exactly, so that a flat picture stays flat. */
  weights: Int16Array;
}

const ONE = 2 ** 14;

/**
 * Taps that take `from` pixels to `to` by a triangle filter ("bilinear"), antialiased: shrinking widens the triangle by
 * the factor. An output with an odd number of taps gets one more, of zero.
 */
export function triangleTaps(from: number, to: number): TapPairs {
  const scale = from / to;
  const support = Math.max(scale, 1);
  const spans = new Int32Array(2 * to);
  const weights: number[] = [];
  for (let output = 0; output < to; output += 1) {
    const centre = (output + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const end = Math.min(from, Math.ceil(centre + support - 0.5));
    const row = Array.from({ length: end - first }, (_, tap) => 1 - Math.abs(first + tap + 0.5 - centre) / support);
    const pairs = Math.ceil(row.length / 2);
    spans.set([first, pairs], 2 * output);
    weights.push(...toFixedPoint(row), ...(row.length % 2 === 0 ? [] : [0]));
  }
  return { spans, weights: Int16Array.from(weights) };
}

/** The row scaled to whole numbers that add up to 2^14: what rounding takes from one tap it gives to the next. */
function toFixedPoint(row: number[]): number[] {
  const total = row.reduce((sum, weight) => sum + weight, 0);
  let [sum, given] = [0, 0];
  return row.map((weight) => {
    sum += weight;
    const share = Math.round((sum / total) * ONE) - given;
    given += share;
    return share;
  });
}
