// Zero crossings of the sinc on each side, and the Kaiser window's shape: stop band below -90 dB.
const CROSSINGS = 24;
const KAISER_BETA = 9;
// The pass band ends a little before half of the lower rate, so that the filter's slope lies below it.
const ROLL_OFF = 0.94;

/** Changes the sample rate of a signal that comes in blocks. */
export interface Resampler {
  /** The samples that can be told by now. */
  push(block: Float32Array): Float32Array;
  /** The rest, as if silence followed. */
  end(): Float32Array;
}

/**
 * A band-limited resampler: each sample is the sum of its neighbours under a windowed sinc (J. O. Smith, Digital Audio
 * Resampling, CCRMA), without delay. `ceil(samples * to / from)` samples come out.
 */
export function openResampler(fromHz: number, toHz: number): Resampler {
  if (fromHz === toHz) return { push: (block) => block, end: () => new Float32Array(0) };
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const [up, down] = [toHz / divisor, fromHz / divisor];
  const cutoff = Math.min(1, toHz / fromHz) * ROLL_OFF;
  const reach = Math.ceil(CROSSINGS / cutoff);
  const phases: (Float32Array | undefined)[] = [];
  // What of the input may still be needed; `heldFrom` is the index of its first sample.
  let held: Float32Array = new Float32Array(reach);
  let heldFrom = -reach;
  let received = 0;
  let given = 0;

  const emit = (until: number): Float32Array => {
    const count = Math.max(0, until - given);
    const out = new Float32Array(count);
    for (let at = 0; at < count; at += 1, given += 1) {
      const position = given * down;
      const whole = Math.floor(position / up);
      const phase = position % up;
      phases[phase] ??= sincTaps(phase / up, cutoff, reach);
      out[at] = dot(phases[phase], held, whole - reach + 1 - heldFrom);
    }
    const needed = Math.floor((given * down) / up) - reach + 1;
    if (needed > heldFrom) {
      held = held.slice(needed - heldFrom);
      heldFrom = needed;
    }
    return out;
  };
  const append = (block: Float32Array) => {
    const joined = new Float32Array(held.length + block.length);
    joined.set(held);
    joined.set(block, held.length);
    held = joined;
  };
  return {
    push: (block) => {
      append(block);
      received += block.length;
      // A sample at input position p needs input up to p + reach.
      return emit(Math.floor(((received - reach) * up) / down));
    },
    end: () => {
      append(new Float32Array(reach + 1));
      return emit(Math.ceil((received * up) / down));
    },
  };
}

/** Weights of the input samples from `reach - 1` before to `reach` after the whole position, for one fraction of it. */
function sincTaps(fraction: number, cutoff: number, reach: number): Float32Array {
  const scale = bessel(KAISER_BETA);
  return Float32Array.from({ length: 2 * reach }, (_, tap) => {
    const distance = tap - reach + 1 - fraction;
    const share = distance / reach;
    if (Math.abs(share) >= 1) return 0;
    const x = Math.PI * cutoff * distance;
    const sinc = x === 0 ? 1 : Math.sin(x) / x;
    return (cutoff * sinc * bessel(KAISER_BETA * Math.sqrt(1 - share * share))) / scale;
  });
}

function dot(taps: Float32Array, samples: Float32Array, from: number): number {
  let sum = 0;
  for (let at = 0; at < taps.length; at += 1) sum += taps[at]! * samples[from + at]!;
  return sum;
}

/** The modified Bessel function of the first kind and order 0, by its power series. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; term > 1e-12 * sum; n += 1) {
    term *= (x / (2 * n)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
