import { randomUUID } from 'node:crypto';
import type { Job } from '#core/job';
import { type Lease, type Leases, type Limits, poolQuota, teamQuota } from '#core/leases';
import { type Lane, POOLS, type Pool, PRIORITIES } from '#core/queue';
import { oldestFirst } from './queue-order.ts';
import { type Start, type StartPorts, startJob } from './start.ts';

export interface AdmitPorts extends StartPorts {
  leases: Leases;
  limits: Limits;
}

export interface AdmitOptions {
  /** Of this pool alone. */
  pool?: Pool;
  /** A job that has just been put into the queue. */
  newcomer?: Job;
  /** Tries no more than these many. */
  most?: number;
}

/** What became of the jobs whose turn it was. */
export interface Admitted {
  started: string[];
  /** Their start failed in a way that passes, or nobody knows yet whether it did: they wait on. */
  waiting: string[];
  /** Could not be started, for the operator; those that are QUEUED still are tried again. */
  failed: { jobId: string; name: string; message: string }[];
}

/** What a request can wait for. Whatever ends a job admits the next, and the sweep admits what is left. */
export const A_FEW = 10;

// Longer than anybody who admits a job may take until it is started: no function of ours runs for so long. Whoever held the
// place is dead after that, and a look at the execution tells whether it was started.
const ADMISSION_MS = 5 * 60_000;
// What a start may take to arrive: for as long the place has to be good.
const START_MS = 2 * 60_000;
// What keeps three jobs from being started keeps the others, too.
const MOST_STUCK = 3;

/**
 * Starts jobs for which there is a place: those of high priority first, within a priority the oldest. A team that has its
 * fill is passed over. Nothing else starts an execution. Many may do this at the same moment: places are exact, and two
 * that want the same job have one place between them.
 */
export async function admitJobs(ports: AdmitPorts, options: AdmitOptions = {}): Promise<Admitted> {
  const admitted: Admitted = { started: [], waiting: [], failed: [] };
  for (const pool of options.pool ? [options.pool] : POOLS) await admitFrom(pool, ports, options, admitted);
  return admitted;
}

async function admitFrom(
  pool: Pool,
  ports: AdmitPorts,
  { newcomer, most = Number.POSITIVE_INFINITY }: AdmitOptions,
  admitted: Admitted,
): Promise<void> {
  const { jobs, leases, limits } = ports;
  if ((await leases.paused()).includes(pool)) return;
  if ((await leases.held(poolQuota(pool))).length >= limits.pools[pool]) return;
  const lanes = await jobs.lanes(pool);
  const fullTeams = new Set<string>();
  let tried = 0;
  let stuck = 0;
  for (const priority of PRIORITIES) {
    const isNext = (lane: Lane) => lane.pool === pool && lane.priority === priority && !fullTeams.has(lane.team);
    const queue = oldestFirst(lanes.filter(isNext), jobs, newcomer && isNext(newcomer) ? newcomer : undefined);
    for (let job = await queue.next(); job; job = await queue.next()) {
      const turn = await admitOne(job, ports, admitted);
      if (turn === 'no place in the pool') return;
      if (turn === 'no place for the team') {
        fullTeams.add(job.team);
        queue.passOver(job.team);
      }
      if (turn === 'tried' || turn === 'stuck') tried += 1;
      if (turn === 'stuck') stuck += 1;
      if (tried >= most || stuck >= MOST_STUCK) return;
    }
  }
}

type Turn = 'no place in the pool' | 'no place for the team' | 'not ours' | 'tried' | 'stuck';

async function admitOne(job: Job, ports: AdmitPorts, admitted: Admitted): Promise<Turn> {
  const { leases, limits, now = () => new Date() } = ports;
  const { id, team, pool, execution = id } = job;
  const until = new Date(now().getTime() + ADMISSION_MS);
  const lease: Lease = { holder: execution, jobId: id, token: randomUUID(), until: until.toISOString() };
  // Held: somebody else admits this job just now, or died on it and the reconciler will see to that.
  const place = await leases.take(teamQuota(team), lease, await limits.team(team));
  if (place !== 'taken') return place === 'held' ? 'not ours' : 'no place for the team';
  const room = await leases.take(poolQuota(pool), lease, limits.pools[pool]);
  if (room !== 'taken') {
    await leases.give(teamQuota(team), execution, lease.token);
    return room === 'held' ? 'not ours' : 'no place in the pool';
  }
  const start = await startFresh(job, new Date(until.getTime() - START_MS), ports);
  // Without an execution there is nothing to keep the places for.
  if (start?.outcome !== 'started' && start?.outcome !== 'unknown') {
    await leases.give(poolQuota(pool), execution, lease.token);
    await leases.give(teamQuota(team), execution, lease.token);
  }
  return start ? turnOf(id, start, admitted) : 'not ours';
}

/** Between the look at the queue and the places, somebody may have admitted the job and seen it end, or cancelled it. */
async function startFresh(job: Job, startBy: Date, ports: AdmitPorts): Promise<Start | undefined> {
  const fresh = await ports.jobs.get(job.id);
  if (fresh?.status !== 'QUEUED' || fresh.execution !== job.execution) return undefined;
  return await startJob(fresh, startBy, ports);
}

function turnOf(jobId: string, start: Start, admitted: Admitted): Turn {
  switch (start.outcome) {
    case 'started':
      admitted.started.push(jobId);
      return 'tried';
    case 'failed':
      admitted.failed.push({ jobId, ...start.error });
      return 'tried';
    case 'stuck':
      admitted.failed.push({ jobId, ...start.error });
      return 'stuck';
    default:
      admitted.waiting.push(jobId);
      return 'stuck';
  }
}

/** Gives back what an execution that has ended held. Twice is harmless. */
export async function releasePlaces({ pool, team }: Job, execution: string, leases: Pick<Leases, 'give'>) {
  await leases.give(poolQuota(pool), execution);
  await leases.give(teamQuota(team), execution);
}
