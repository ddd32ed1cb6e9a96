import { type Leases, type Limits, poolQuota, teamQuota } from '#core/leases';
import type { JobStore } from '#core/ports';
import { type Lane, PRIORITIES } from '#core/queue';

export interface WaitPorts {
  jobs: Pick<JobStore, 'lanes' | 'depth'>;
  leases: Pick<Leases, 'held' | 'paused'>;
  limits: Pick<Limits, 'pools' | 'team'>;
}

/** How long a job would wait for its turn. */
export interface ExpectedWait {
  /** Missing where nobody can tell. */
  seconds?: number;
  reason: string;
}

// A longer queue is only called long.
const MOST_COUNTED = 10_000;

/**
 * The wait for a place, from the jobs ahead in the queue: those of the same pool that are of the same priority or a higher
 * one. They are taken to last as long as this one; places free up evenly meanwhile. The start of a machine is not in it.
 */
export async function expectedWait(lane: Lane, likelySeconds: number, ports: WaitPorts): Promise<ExpectedWait> {
  const { jobs, leases, limits } = ports;
  const { pool, team } = lane;
  if ((await leases.paused()).includes(pool)) {
    return { reason: `The ${pool} pool is paused; nothing is started in it until an operator resumes it.` };
  }
  const ahead = await jobsAhead(lane, jobs);
  const inPool = { taken: (await leases.held(poolQuota(pool))).length, all: limits.pools[pool] };
  const ofTeam = { taken: (await leases.held(teamQuota(team))).length, all: await limits.team(team) };
  const rounds = Math.max(roundsUntil(ahead, inPool), roundsUntil(0, ofTeam));
  if (rounds === 0) return { seconds: 0, reason: 'There is a place for it now.' };
  const queue = `${ahead}${ahead >= MOST_COUNTED ? ' or more' : ''} jobs are ahead of it`;
  const places = `${inPool.taken} of ${inPool.all} places in the ${pool} pool and ${ofTeam.taken} of the ${ofTeam.all} of the team are taken`;
  return { seconds: Math.round(rounds * likelySeconds), reason: `${queue}, and ${places}.` };
}

/** How many lengths of a job pass until there is a place, if one place after the other becomes free: 0 where one is now. */
function roundsUntil(ahead: number, { taken, all }: { taken: number; all: number }): number {
  const missing = ahead + 1 - Math.max(0, all - taken);
  return missing > 0 ? missing / all : 0;
}

async function jobsAhead({ pool, priority }: Lane, jobs: WaitPorts['jobs']): Promise<number> {
  const before = PRIORITIES.slice(0, PRIORITIES.indexOf(priority) + 1);
  const lanes = (await jobs.lanes(pool)).filter((lane) => before.includes(lane.priority));
  const depths = await Promise.all(lanes.map((lane) => jobs.depth(lane, MOST_COUNTED)));
  return depths.reduce((sum, depth) => sum + depth, 0);
}
