import { describe, expect, it } from 'vitest';
import { planShards } from '#core/shards';

describe('planning shards', () => {
  it.each([
    { name: 'one thing is one shard', things: 1, thingsPerShard: 500, sizes: [1] },
    { name: '500 things are one shard', things: 500, thingsPerShard: 500, sizes: [500] },
    { name: '501 things are two even shards', things: 501, thingsPerShard: 500, sizes: [250, 251] },
    { name: 'shards of one thing each', things: 3, thingsPerShard: 1, sizes: [1, 1, 1] },
  ])('$name', ({ things, thingsPerShard, sizes }) => {
    expect(planShards(things, thingsPerShard).map(({ count }) => count)).toEqual(sizes);
  });

  it('makes at most 40 shards, however many things there are', () => {
    expect(planShards(1_000_000, 500)).toHaveLength(40);
  });

  it('covers everything once, in order', () => {
    const shards = planShards(12_345, 500);
    const ends = shards.map(({ first, count }) => first + count);
    expect(shards.map(({ first }) => first)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(12_345);
  });
});
