/** No step is fanned out further than this: an inline Map runs 40 at a time. */
export const MAX_SHARDS = 40;

export interface Shard {
  first: number;
  count: number;
}

/** Even shards of neighbouring things: min(40, ceil(things / thingsPerShard)) of them. */
export function planShards(things: number, thingsPerShard: number): Shard[] {
  const shards = Math.min(MAX_SHARDS, Math.ceil(things / thingsPerShard));
  return Array.from({ length: shards }, (_, shard) => {
    const first = Math.floor((shard * things) / shards);
    return { first, count: Math.floor(((shard + 1) * things) / shards) - first };
  });
}
