import { describe, expect, it } from 'vitest';
import { planShards } from '#workloads/letter-asr/steps/plan-shards';

describe('planning shards', () => {
  it.each([
    { name: 'one phrase is one shard', phrases: 1, phrasesPerShard: 500, sizes: [1] },
    { name: '501 phrases are two even shards', phrases: 501, phrasesPerShard: 500, sizes: [250, 251] },
    { name: 'shards of one phrase each', phrases: 3, phrasesPerShard: 1, sizes: [1, 1, 1] },
  ])('$name', ({ phrases, phrasesPerShard, sizes }) => {
    expect(planShards(phrases, phrasesPerShard).map(({ count }) => count)).toEqual(sizes);
  });

  it('makes at most 40 shards, and covers every phrase once', () => {
    const shards = planShards(100_003, 500);
    expect(shards).toHaveLength(40);
    const ends = shards.map(({ first, count }) => first + count);
    expect(shards.map(({ first }) => first)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(100_003);
  });
});
