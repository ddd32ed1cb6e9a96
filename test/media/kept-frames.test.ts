import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeptFrames } from '#media/kept-frames';
import { hammingDistance, type PerceptualHash } from '#media/perceptual-hash';

const word = fc.integer({ min: 0, max: 0xffffffff });
const bits = fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 20 });
const hash = fc.record({ high: word, low: word });
// Hashes that are near to one another at every distance, as those of a video are.
const family = fc
  .tuple(hash, fc.array(bits, { minLength: 1, maxLength: 60 }))
  .map(([centre, flips]) => flips.map((positions) => flipped(centre, positions)));

describe('the index of kept frames', () => {
  it('finds the first near one that comparing with all finds, at every distance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 64 }), family, (maxDistance, hashes) => {
        const index = createKeptFrames(maxDistance);
        const kept: PerceptualHash[] = [];
        for (const next of hashes) {
          const expected = kept.findIndex((one) => hammingDistance(one, next) <= maxDistance);
          expect(index.firstNear(next)).toBe(expected);
          if (expected < 0) {
            index.keep(next);
            kept.push(next);
          }
        }
        expect(index.size).toBe(kept.length);
      }),
      { numRuns: 400 },
    );
  });

  it('answers in well under 0.1 ms with 50,000 kept', () => {
    const next = randomHashes();
    const index = createKeptFrames(5);
    for (let number = 0; number < 50_000; number += 1) index.keep(next());
    const started = performance.now();
    for (let number = 0; number < 20_000; number += 1) index.firstNear(next());
    // Comparing with all takes over 0.15 ms each; the index some 0.005 ms. The limit leaves room for a busy machine.
    expect((performance.now() - started) / 20_000).toBeLessThan(0.1);
  });
});

function flipped({ high, low }: PerceptualHash, positions: number[]): PerceptualHash {
  const mask = (from: number) =>
    positions.filter((at) => at >= from && at < from + 32).reduce((all, at) => all ^ (1 << (at - from)), 0);
  return { high: (high ^ mask(0)) >>> 0, low: (low ^ mask(32)) >>> 0 };
}

function randomHashes(): () => PerceptualHash {
  let state = 12345;
  const number = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return () => ({ high: number(), low: number() });
}
