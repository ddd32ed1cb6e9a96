/** Taps of a resampling filter for one axis: output `i` is the weighted sum of `counts[i]` pixels from `firsts[i]` on. */
export interface ResampleTaps {
  firsts: Int32Array;
  counts: Int32Array;
  /** One row for each output, scaled by 2^WEIGHT_BITS and rounded; the weights of a row add up to about 2^WEIGHT_BITS. */
  weights: Int32Array[];
}

export const WEIGHT_BITS = 22;

// Lanczos with three lobes.
const LOBES = 3;

/**
 * Taps that take `from` pixels to `to`, antialiased: shrinking widens the filter by the factor, as Pillow's
 * `Image.resize(…, LANCZOS)` does for 8-bit pictures, so that the same bytes come out.
 */
export function lanczosTaps(from: number, to: number): ResampleTaps {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = LOBES * stretch;
  const firsts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights: Int32Array[] = [];
  for (let output = 0; output < to; output += 1) {
    const centre = (output + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(from, Math.trunc(centre + support + 0.5)) - first;
    const row = Float64Array.from({ length: count }, (_, tap) => lanczos((first + tap - centre + 0.5) / stretch));
    const total = row.reduce((sum, weight) => sum + weight, 0);
    firsts[output] = first;
    counts[output] = count;
    weights.push(Int32Array.from(row, (weight) => toFixedPoint(weight / total)));
  }
  return { firsts, counts, weights };
}

function lanczos(x: number): number {
  return x >= -LOBES && x < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Rounded half away from zero. */
function toFixedPoint(weight: number): number {
  return Math.trunc(weight * 2 ** WEIGHT_BITS + (weight < 0 ? -0.5 : 0.5));
}
