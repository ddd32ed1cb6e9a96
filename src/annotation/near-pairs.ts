/** A 64-bit perceptual hash as 16 hex digits. */
export type Hash64 = string;

/** How many of the 64 bits differ. */
export function hammingDistance(a: Hash64, b: Hash64): number {
  return distance(parse(a), parse(b));
}

/**
 * The pairs of positions whose hashes differ in at most `limit` bits, each once, the smaller position first.
 *
 * By the pigeonhole principle: cut into limit + 1 bands, two such hashes agree in at least one band, so that only those
 * with an equal band are compared ("multi-index hashing", Norouzi, Punjani and Fleet, 2012).
 */
export function* nearPairs(hashes: readonly Hash64[], limit: number): Generator<[number, number]> {
  const parsed = hashes.map(parse);
  const bands = bandsOf(limit + 1);
  for (const [at, band] of bands.entries()) {
    for (const bucket of bucketsBy(parsed, band)) {
      for (let index = 0; index < bucket.length; index += 1) {
        const a = parsed[bucket[index]!]!;
        for (let other = index + 1; other < bucket.length; other += 1) {
          const b = parsed[bucket[other]!]!;
          if (distance(a, b) > limit) continue;
          // A pair that shared a bucket in an earlier band was given there.
          if (bands.slice(0, at).some((earlier) => bandValue(a, earlier) === bandValue(b, earlier))) continue;
          yield [bucket[index]!, bucket[other]!];
        }
      }
    }
  }
}

type Halves = readonly [high: number, low: number];

function parse(hash: Hash64): Halves {
  return [Number.parseInt(hash.slice(0, 8), 16) | 0, Number.parseInt(hash.slice(8), 16) | 0];
}

function distance([highA, lowA]: Halves, [highB, lowB]: Halves): number {
  return bitCount(highA ^ highB) + bitCount(lowA ^ lowB);
}

/** Set bits of a 32-bit number, all pairs, nibbles and bytes at once (Warren, "Hacker's Delight", 5-1). */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Masks of the high and the low half. */
type Band = Halves;

/** The 64 bits in `count` bands of nearly equal width; beyond 64 nothing rules a pair out, so all share one bucket. */
function bandsOf(count: number): Band[] {
  if (count > 64) return [[0, 0]];
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [Math.floor((index * 64) / count), Math.floor(((index + 1) * 64) / count)];
    return [maskOf(from - 32, to - 32), maskOf(from, to)];
  });
}

/** The bits from `from` up to `to` of a 32-bit number, as far as it has them. */
function maskOf(from: number, to: number): number {
  let mask = 0;
  for (let bit = Math.max(0, from); bit < Math.min(32, to); bit += 1) mask |= 1 << bit;
  return mask;
}

function bandValue([high, low]: Halves, [highMask, lowMask]: Band): number {
  // A band is at most 64 bits wide (limit 0), more than a number is exact for; a sum that mixes the halves only makes
  // a bucket a little fuller, never splits one.
  return (high & highMask) * 31 + (low & lowMask);
}

function bucketsBy(hashes: readonly Halves[], band: Band): Iterable<number[]> {
  const buckets = new Map<number, number[]>();
  for (const [position, hash] of hashes.entries()) {
    const value = bandValue(hash, band);
    const bucket = buckets.get(value);
    if (bucket) bucket.push(position);
    else buckets.set(value, [position]);
  }
  return buckets.values();
}
