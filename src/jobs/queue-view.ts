import type { Job } from '#core/job';
import { type Leases, type Limits, poolQuota, teamQuota } from '#core/leases';
import type { JobStore } from '#core/ports';
import { type Lane, POOLS, type Pool, PRIORITIES, type Priority } from '#core/queue';

export interface QueuePorts {
  jobs: Pick<JobStore, 'lanes' | 'waiting' | 'depth'>;
  leases: Pick<Leases, 'held' | 'paused' | 'all'>;
  limits: Limits;
  now?: () => Date;
}

export interface QueueView {
  pools: PoolView[];
  lanes: LaneView[];
  teams: { team: string; underWay: number; limit: number }[];
}

export interface PoolView {
  pool: Pool;
  isPaused: boolean;
  underWay: number;
  limit: number;
  waiting: number;
  oldestSeconds?: number;
}

export interface LaneView extends Lane {
  waiting: number;
  oldestSeconds: number;
}

// Beyond it a number says no more than that there are very many, and costs more to count.
const MOST_COUNTED = 100_000;

/** How many jobs wait and are under way, by pool, priority and team; `team` shows the lanes of that one alone. */
export async function queueView(ports: QueuePorts, team?: string): Promise<QueueView> {
  const { jobs, leases, limits } = ports;
  const paused = await leases.paused();
  const known = (await Promise.all(POOLS.map((pool) => jobs.lanes(pool)))).flat();
  const all = (await Promise.all(known.map((lane) => laneView(lane, ports)))).flatMap((lane) => lane ?? []);
  const pools = POOLS.map(async (pool): Promise<PoolView> => {
    const lanes = all.filter((lane) => lane.pool === pool);
    return {
      pool,
      isPaused: paused.includes(pool),
      underWay: (await leases.held(poolQuota(pool))).length,
      limit: limits.pools[pool],
      waiting: lanes.reduce((sum, { waiting }) => sum + waiting, 0),
      ...(lanes.length > 0 ? { oldestSeconds: Math.max(...lanes.map(({ oldestSeconds }) => oldestSeconds)) } : {}),
    };
  });
  const names = team === undefined ? await teamsIn(all, leases) : [team];
  const teams = names.map(async (name) => {
    return { team: name, underWay: (await leases.held(teamQuota(name))).length, limit: await limits.team(name) };
  });
  return {
    pools: await Promise.all(pools),
    lanes: all.filter((lane) => team === undefined || lane.team === team).sort(byTurn),
    teams: await Promise.all(teams),
  };
}

/** Undefined for a lane that is empty by now. */
async function laneView(lane: Lane, { jobs, now = () => new Date() }: QueuePorts): Promise<LaneView | undefined> {
  const [oldest] = await jobs.waiting(lane, 1);
  if (!oldest) return undefined;
  const since = Date.parse(oldest.queuedAt ?? oldest.createdAt);
  const oldestSeconds = Math.max(0, Math.round((now().getTime() - since) / 1000));
  return { ...lane, waiting: Math.max(1, await jobs.depth(lane, MOST_COUNTED)), oldestSeconds };
}

async function teamsIn(lanes: Lane[], leases: Pick<Leases, 'all'>): Promise<string[]> {
  const holding = (await leases.all()).flatMap(({ quota }) => /^team:(.*)$/s.exec(quota)?.[1] ?? []);
  return [...new Set([...holding, ...lanes.map(({ team }) => team)])].sort();
}

function byTurn(a: LaneView, b: LaneView): number {
  const order = (lane: LaneView) => POOLS.indexOf(lane.pool) * PRIORITIES.length + PRIORITIES.indexOf(lane.priority);
  return order(a) - order(b) || b.oldestSeconds - a.oldestSeconds;
}

export interface Waiting {
  reason: string;
  /** UTC ISO-8601. */
  since: string;
  /** In its pool, from 1, by priority and age; jobs of teams that have their fill are counted in. */
  place: number;
}

// Who stands behind so many need not know behind how many.
const MOST_BEFORE = 1_000;

/** Why a QUEUED job waits, and for how many others. */
export async function whyWaiting(job: Job, ports: QueuePorts): Promise<Waiting> {
  const since = job.queuedAt ?? job.createdAt;
  return { reason: await reasonToWait(job, ports), since, place: (await countBefore(job, ports)) + 1 };
}

async function reasonToWait({ pool, team }: Job, { leases, limits }: QueuePorts): Promise<string> {
  if ((await leases.paused()).includes(pool)) return `The pool ${pool} is paused by the operator.`;
  const ours = { taken: (await leases.held(teamQuota(team))).length, limit: await limits.team(team) };
  if (ours.taken >= ours.limit) return `Your team has ${ours.taken} of ${ours.limit} jobs under way.`;
  const all = { taken: (await leases.held(poolQuota(pool))).length, limit: limits.pools[pool] };
  if (all.taken >= all.limit) return `The pool ${pool} has ${all.taken} of ${all.limit} places taken.`;
  return 'It is about to be started.';
}

async function countBefore({ pool, priority, createdAt }: Job, { jobs }: QueuePorts): Promise<number> {
  let before = 0;
  const higher = PRIORITIES.slice(0, PRIORITIES.indexOf(priority)) as readonly Priority[];
  for (const lane of await jobs.lanes(pool)) {
    if (before >= MOST_BEFORE) break;
    if (higher.includes(lane.priority)) before += await jobs.depth(lane, MOST_BEFORE - before);
    if (lane.priority === priority) before += await jobs.depth(lane, MOST_BEFORE - before, createdAt);
  }
  return before;
}
