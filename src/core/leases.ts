import type { Pool } from './queue.ts';

/** What has a limit of places: a pool, or what one team may have under way at once. */
export type Quota = `pool:${Pool}` | `team:${string}`;

export const poolQuota = (pool: Pool): Quota => `pool:${pool}`;

export const teamQuota = (team: string): Quota => `team:${team}`;

/** A place that an execution holds. */
export interface Lease {
  /** The execution's name. */
  holder: string;
  jobId: string;
  /** Of whoever took it: somebody else who wants to start the same execution does not share it. */
  token: string;
  /** UTC ISO-8601. Past it the place still counts, until somebody has looked at the execution. */
  until: string;
}

export interface HeldLease extends Lease {
  quota: Quota;
}

/** `held`: somebody else has taken a place for the same execution, and is starting it or has started it. */
export type Taking = 'taken' | 'held' | 'full' | 'paused';

/** Places in pools and of teams. The number of leases never exceeds a limit, whoever takes them at the same moment. */
export interface Leases {
  /** Takes a place. Asked again with the same token it renews the lease. Of a paused pool no place is taken. */
  take(quota: Quota, lease: Lease, limit: number): Promise<Taking>;
  /** Moves the end of a lease; one that is gone stays gone. */
  renew(quota: Quota, holder: string, until: string): Promise<void>;
  /** Gives a place back; with a token only if it was taken with that. Twice is harmless. */
  give(quota: Quota, holder: string, token?: string): Promise<void>;
  /** The leases of one quota. */
  held(quota: Quota): Promise<Lease[]>;
  /** All leases that there are. */
  all(): Promise<HeldLease[]>;
  /** From now on nothing is admitted to the pool; what has a place keeps it. */
  pause(pool: Pool): Promise<void>;
  resume(pool: Pool): Promise<void>;
  paused(): Promise<Pool[]>;
}

/** How many jobs may be under way at once, and how many may wait. */
export interface Limits {
  pools: Record<Pool, number>;
  team: (team: string) => Promise<number>;
  /** Of one team. */
  queued: number;
}

/** The same limit for every pool and every team. */
export function evenLimits(places: number, queued: number): Limits {
  return { pools: { cpu: places, gpu: places }, team: async () => places, queued };
}
