import { bitCount, type PerceptualHash } from './perceptual-hash.ts';

// The hash is cut into four bands of 16 bits. Two hashes at distance d agree in one band up to floor(d / 4) bits.
const BANDS = 4;
const BAND_VALUES = 65_536;
// From here on a lookup would probe so many band values that comparing with all is faster. So few frames are then kept
// (hashes of different pictures are about 32 bits apart) that it does not matter.
const SCANS_FROM_DISTANCE = 16;

/** The hashes of the frames kept so far, answering which of them came first among those near to a new one. */
export interface KeptFrames {
  readonly size: number;
  /** Position of the first kept hash within `maxDistance` of this one, or -1: what comparing with all in order gives. */
  firstNear(hash: PerceptualHash): number;
  /** Keeps a hash; its position is the number of those kept before. */
  keep(hash: PerceptualHash): void;
}

/**
 * An index after Norouzi, Punjani and Fleet, "Fast Search in Hamming Space with Multi-Index Hashing" (2012): a near hash
 * is near in at least one band, so only hashes that share a band value, or a band value a few bits away, are compared.
 */
export function createKeptFrames(maxDistance: number): KeptFrames {
  const highs = growing();
  const lows = growing();
  const scans = maxDistance >= SCANS_FROM_DISTANCE;
  const bands = scans ? [] : Array.from({ length: BANDS }, createBand);
  const masks = scans ? [] : masksUpTo(Math.floor(maxDistance / BANDS));

  const isNear = (position: number, { high, low }: PerceptualHash): boolean =>
    bitCount(highs.at(position) ^ high) + bitCount(lows.at(position) ^ low) <= maxDistance;

  return {
    get size() {
      return highs.length;
    },
    firstNear(hash) {
      if (scans) return scan(highs.length, (position) => isNear(position, hash));
      let first = highs.length;
      for (let number = 0; number < BANDS; number += 1) {
        const band = bands[number]!;
        const value = bandValue(hash, number);
        for (const mask of masks) {
          // Positions of one band value rise, so the search of a list ends at the best one known.
          for (let at = band.heads[value ^ mask]!; at >= 0 && at < first; at = band.nexts.at(at)) {
            if (isNear(at, hash)) first = at;
          }
        }
      }
      return first === highs.length ? -1 : first;
    },
    keep(hash) {
      const position = highs.length;
      highs.push(hash.high);
      lows.push(hash.low);
      for (const [number, band] of bands.entries()) append(band, bandValue(hash, number), position);
    },
  };
}

/** Positions by band value: linked lists in the order they were kept. */
interface Band {
  heads: Int32Array;
  tails: Int32Array;
  nexts: GrowingInts;
}

function createBand(): Band {
  return {
    heads: new Int32Array(BAND_VALUES).fill(-1),
    tails: new Int32Array(BAND_VALUES).fill(-1),
    nexts: growing(),
  };
}

function append({ heads, tails, nexts }: Band, value: number, position: number): void {
  const tail = tails[value]!;
  if (tail < 0) heads[value] = position;
  else nexts.set(tail, position);
  tails[value] = position;
  nexts.push(-1);
}

function bandValue({ high, low }: PerceptualHash, number: number): number {
  const word = number < 2 ? high : low;
  return number % 2 === 0 ? word >>> 16 : word & 0xffff;
}

/** All 16-bit masks with at most `bits` bits set. */
function masksUpTo(bits: number): number[] {
  return Array.from({ length: BAND_VALUES }, (_, mask) => mask).filter((mask) => bitCount(mask) <= bits);
}

function scan(length: number, matches: (position: number) => boolean): number {
  for (let position = 0; position < length; position += 1) if (matches(position)) return position;
  return -1;
}

interface GrowingInts {
  readonly length: number;
  at(position: number): number;
  set(position: number, value: number): void;
  push(value: number): void;
}

/** A list of 32-bit integers that takes 4 bytes for each. */
function growing(): GrowingInts {
  let values = new Int32Array(1_024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    at: (position) => values[position]!,
    set: (position, value) => {
      values[position] = value;
    },
    push: (value) => {
      if (length === values.length) {
        const larger = new Int32Array(length * 2);
        larger.set(values);
        values = larger;
      }
      values[length] = value;
      length += 1;
    },
  };
}
