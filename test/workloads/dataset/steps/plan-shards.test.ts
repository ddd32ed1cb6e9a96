import { describe, expect, it } from 'vitest';
import { planShards } from '#workloads/dataset/steps/plan-shards';

describe('planning shards', () => {
  it.each([
    { name: 'one frame is one shard', frames: 1, framesPerShard: 500, sizes: [1] },
    { name: '500 frames are one shard', frames: 500, framesPerShard: 500, sizes: [500] },
    { name: '501 frames are two even shards', frames: 501, framesPerShard: 500, sizes: [250, 251] },
    { name: 'shards of one frame each', frames: 3, framesPerShard: 1, sizes: [1, 1, 1] },
  ])('$name', ({ frames, framesPerShard, sizes }) => {
    expect(planShards(frames, framesPerShard).map(({ count }) => count)).toEqual(sizes);
  });

  it('makes at most 40 shards, however many frames there are', () => {
    expect(planShards(1_000_000, 500)).toHaveLength(40);
  });

  it('covers every frame once, in order', () => {
    const shards = planShards(12_345, 500);
    const ends = shards.map(({ first, count }) => first + count);
    expect(shards.map(({ first }) => first)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(12_345);
  });
});
