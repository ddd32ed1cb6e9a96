import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf } from '#inference/speech/batches';

const RATE_HZ = 10;
const pieceOf = (seconds: number) => ({
  samples: new Float32Array(seconds * RATE_HZ),
  firstFrame: 0,
  fromFrame: 0,
  toFrame: 1,
});
const secondsOf = (batches: ReturnType<typeof batchesOf>) =>
  batches.map((batch) => batch.map(({ samples }) => samples.length / RATE_HZ));
const limits = { batchUtterances: 4, batchSeconds: 12, sampleRateHz: RATE_HZ };

describe('what a model hears at once', () => {
  it.each([
    { name: 'is one recording where nothing can be mixed', canMix: 'nothing' as const, batches: [[5], [3], [3], [1]] },
    { name: 'has one length where there is no mask', canMix: 'equal lengths' as const, batches: [[5], [3, 3], [1]] },
    {
      name: 'is as much as the cap lets in, padding counted',
      canMix: 'any lengths' as const,
      batches: [
        [5, 3],
        [3, 1],
      ],
    },
  ])('$name', ({ canMix, batches }) => {
    expect(secondsOf(batchesOf([1, 3, 5, 3].map(pieceOf), canMix, limits))).toEqual(batches);
  });

  it('never holds more utterances than it may', () => {
    const batches = batchesOf(
      Array.from({ length: 9 }, () => pieceOf(1)),
      'any lengths',
      limits,
    );
    expect(batches.map(({ length }) => length)).toEqual([4, 4, 1]);
  });

  it('a recording beyond the cap is heard alone, so that no other waits in memory with it', () => {
    expect(secondsOf(batchesOf([20, 1].map(pieceOf), 'any lengths', limits))).toEqual([[20], [1]]);
  });

  it('holds every recording once, and never more than the cap, whatever the lengths', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 15 })), (seconds) => {
        const batches = secondsOf(batchesOf(seconds.map(pieceOf), 'any lengths', limits));
        expect(batches.flat().toSorted((a, b) => a - b)).toEqual(seconds.toSorted((a, b) => a - b));
        for (const batch of batches.filter(({ length }) => length > 1)) {
          expect(batch.length * Math.max(...batch)).toBeLessThanOrEqual(limits.batchSeconds);
        }
      }),
    );
  });
});
