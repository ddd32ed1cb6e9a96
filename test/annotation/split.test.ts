import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hammingDistance } from '#annotation/near-pairs';
import { type SplittablePicture, splitPictures } from '#annotation/split';

const RULE = { shares: { train: 0.7, val: 0.2, test: 0.1 }, seed: 1, distance: 10 };

/** Pictures whose hashes have nothing to do with each other (about 32 bits apart). */
function strangers(count: number): SplittablePicture[] {
  return Array.from({ length: count }, (_, at) => ({ id: `frame-${at}.jpg`, hash: hashOf(`${at}`) }));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** A hash that differs from another in the given number of bits. */
function away(hash: string, bits: number): string {
  return (BigInt(`0x${hash}`) ^ ((1n << BigInt(bits)) - 1n)).toString(16).padStart(16, '0');
}

function counts(splits: string[]) {
  return Object.fromEntries(
    ['train', 'val', 'test'].map((name) => [name, splits.filter((split) => split === name).length]),
  );
}

describe('splitPictures', () => {
  it('meets the shares when no picture is near another', () => {
    expect(counts(splitPictures(strangers(100), RULE))).toEqual({ train: 70, val: 20, test: 10 });
  });

  it('keeps near-duplicates together, also those that only a chain connects', () => {
    const pictures = strangers(20).flatMap(({ id, hash }) => [
      { id: `${id} a`, hash },
      { id: `${id} b`, hash: away(hash!, 8) },
      { id: `${id} c`, hash: away(hash!, 16) },
    ]);
    expect(hammingDistance(pictures[0]!.hash!, pictures[2]!.hash!)).toBe(16);
    const splits = splitPictures(pictures, RULE);
    for (let at = 0; at < pictures.length; at += 3) expect(new Set(splits.slice(at, at + 3)).size).toBe(1);
    expect(counts(splits)).toEqual({ train: 42, val: 12, test: 6 });
  });

  it('does not depend on the order of the pictures', () => {
    const pictures = [...strangers(50), { id: 'twin.jpg', hash: away(hashOf('0'), 3) }];
    const splits = splitPictures(pictures, RULE);
    const reversed = splitPictures(pictures.toReversed(), RULE);
    expect(reversed.toReversed()).toEqual(splits);
  });

  it('deals out otherwise with another seed', () => {
    const pictures = strangers(50);
    expect(splitPictures(pictures, { ...RULE, seed: 2 })).not.toEqual(splitPictures(pictures, RULE));
  });

  it('gives nothing to a split without a share', () => {
    const shares = { train: 0.5, val: 0.5, test: 0 };
    expect(counts(splitPictures(strangers(11), { ...RULE, shares })).test).toBe(0);
  });

  it('keeps one long static scene in one split', () => {
    const pictures = Array.from({ length: 40 }, (_, at) => ({ id: `${at}`, hash: away('0000000000000000', at) }));
    expect(counts(splitPictures(pictures, RULE))).toEqual({ train: 40, val: 0, test: 0 });
  });

  it('takes pictures without a hash one by one, and equal hashes together', () => {
    const pictures = [
      ...Array.from({ length: 8 }, (_, at) => ({ id: `${at}`, hash: null })),
      { id: 'a', hash: '00ff00ff00ff00ff' },
      { id: 'b', hash: '00ff00ff00ff00ff' },
    ];
    const splits = splitPictures(pictures, { ...RULE, shares: { train: 0.5, val: 0.5, test: 0 } });
    expect(splits[8]).toBe(splits[9]);
    expect(counts(splits)).toEqual({ train: 5, val: 5, test: 0 });
  });

  it('has nothing to do without pictures', () => {
    expect(splitPictures([], RULE)).toEqual([]);
  });
});
