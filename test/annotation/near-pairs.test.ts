import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hammingDistance, nearPairs } from '#annotation/near-pairs';

describe('hammingDistance', () => {
  it.each([
    { a: '0000000000000000', b: '0000000000000000', bits: 0 },
    { a: 'ffffffffffffffff', b: '0000000000000000', bits: 64 },
    { a: '8000000000000000', b: '0000000000000001', bits: 2 },
    { a: '00000000f0000000', b: '0000000000000000', bits: 4 },
  ])('is $bits for $a and $b', ({ a, b, bits }) => expect(hammingDistance(a, b)).toBe(bits));
});

describe('nearPairs', () => {
  // Few centres and few changed bits, so that near pairs are common.
  const hash = fc
    .tuple(
      fc.constantFrom(0n, 0xffffn, 0x8123456789abcdefn),
      fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 8 }),
    )
    .map(([centre, bits]) => bits.reduce((value: bigint, bit) => value ^ (1n << BigInt(bit)), centre))
    .map((value) => value.toString(16).padStart(16, '0'));

  it.each([0, 1, 5, 10, 31, 63, 64])('finds within %i bits what comparing every pair finds, each once', (limit) => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 30 }), (hashes) => {
        const expected = hashes.flatMap((a, first) =>
          hashes.flatMap((b, second) =>
            second > first && hammingDistance(a, b) <= limit ? [`${first} ${second}`] : [],
          ),
        );
        const found = [...nearPairs(hashes, limit)].map(([first, second]) => `${first} ${second}`);
        expect(found.sort()).toEqual(expected.sort());
      }),
    );
  });
});
