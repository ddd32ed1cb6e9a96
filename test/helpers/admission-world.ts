import { setImmediate as drained } from 'node:timers/promises';
import { openJobStore } from '#adapters/local/job-store';
import { openLeases } from '#adapters/local/leases';
import { TransientError } from '#core/errors';
import { type ExecutionEnd, isSettled, type Job } from '#core/job';
import { type HeldLease, type Limits, poolQuota, type Quota, teamQuota } from '#core/leases';
import type { DeadLetter, ExecutionRequest, ExecutionStatus } from '#core/ports';
import type { Workload } from '#core/workload';
import type { ReplayPorts } from '#jobs/redrive';
import { openRegistry } from '#jobs/registry';
import type { SubmitPorts } from '#jobs/submit';
import type { SweepPorts } from '#jobs/sweep';
import toy from './toy/workload.ts';

export type WorldPorts = SubmitPorts & SweepPorts & ReplayPorts;

/** Draws a whole number from 0 up to below `below`. */
export type Draw = (below: number) => number;

interface Turn {
  call: string;
  since: number;
  take(): void;
}

interface Fate {
  /** It dies at this call of a port, counted from 0: before it takes effect, or after. */
  diesAt?: number;
  after?: boolean;
}

const START_MS = 2 * 60_000;
export const LIMITS: Limits = {
  pools: { cpu: 3, gpu: 1 },
  team: async (team) => (team === 'red' ? 2 : 3),
  queued: 1000,
};

// A step of it can use a GPU, so that jobs of both pools can be made.
const { CountLetters, ...steps } = (toy as unknown as Workload).steps;
const workload = {
  ...(toy as unknown as Workload),
  steps: { ...steps, CountLetters: { ...CountLetters!, devices: ['gpu', 'cpu'] } },
};

/**
 * Local stores, an engine that does nothing, a clock, and processes that take turns: each call of a port waits for its turn,
 * which a test draws, so that any interleaving can come about, and a process can die between any two calls.
 */
export function openWorld(draw: Draw) {
  const jobs = openJobStore(':memory:');
  const leases = openLeases(':memory:');
  const letters = new Map<string, DeadLetter>();
  const executions = new Map<string, { request: ExecutionRequest; status: ExecutionStatus }>();
  const known = new Map<string, Job>();
  /** How often an execution's job came into a final state. */
  const finals = new Map<string, number>();
  const faults: unknown[] = [];
  let turns: Turn[] = [];
  let clock = Date.UTC(2026, 0, 1);
  let events: { request: ExecutionRequest; end: ExecutionEnd; time: Date }[] = [];
  const now = () => new Date(clock);

  const running = () => [...executions.values()].filter(({ status }) => status.status === 'RUNNING');

  const requireWithin = async (what: string, count: number, quota: Quota) => {
    const [kind, name] = quota.split(':') as ['pool' | 'team', string];
    const limit = kind === 'pool' ? LIMITS.pools[name as 'cpu'] : await LIMITS.team(name);
    if (count > limit) faults.push(new Error(`${count} ${what} of ${quota}, which has ${limit} places`));
  };

  const requireLimits = async () => {
    const quotas = running().flatMap(({ request: { jobId } }) => {
      const { pool, team } = known.get(jobId)!;
      return [poolQuota(pool), teamQuota(team)];
    });
    for (const quota of new Set(quotas)) {
      await requireWithin('executions', quotas.filter((one) => one === quota).length, quota);
    }
  };

  const engine: WorldPorts['executions'] = {
    async start(request) {
      if (!executions.has(request.name)) executions.set(request.name, { request, status: { status: 'RUNNING' } });
      await requireLimits();
      return { execution: request.name };
    },
    async stop(name) {
      if (executions.get(name)?.status.status === 'RUNNING') end(name, { status: 'ABORTED' });
      return executions.has(name);
    },
    status: async (name) => executions.get(name)?.status,
    history: async () => [],
  };

  const end = (name: string, ended: ExecutionEnd) => {
    const { request } = executions.get(name)!;
    executions.set(name, { request, status: { ...ended, endedAt: now().toISOString() } });
    // Those who tell of an end go by a clock of their own. One end in four is told to nobody, one in four twice.
    const told = [0, 1, 1, 2][draw(4)]!;
    for (let time = 0; time < told; time += 1) events.push({ request, end: ended, time: new Date(clock + 1000) });
  };

  const watched = {
    ...jobs,
    async create(job: Job) {
      const isNew = await jobs.create(job);
      if (isNew) known.set(job.id, job);
      return isNew;
    },
    async transition(...asked: Parameters<typeof jobs.transition>) {
      const moved = await jobs.transition(...asked);
      if (moved && isSettled(moved.status)) finals.set(moved.execution!, (finals.get(moved.execution!) ?? 0) + 1);
      return moved;
    },
  };

  const exact = {
    ...leases,
    async take(...asked: Parameters<typeof leases.take>) {
      const taking = await leases.take(...asked);
      await requireWithin('leases', (await leases.held(asked[0])).length, asked[0]);
      return taking;
    },
  };

  const deadLetters = {
    put: async (letter: DeadLetter) => void letters.set(letter.jobId, letter),
    list: async () => [...letters.values()],
    async remove(jobId: string) {
      const letter = letters.get(jobId);
      letters.delete(jobId);
      return letter;
    },
  };

  /** The ports as one process sees them. */
  const portsOf = ({ diesAt = Number.POSITIVE_INFINITY, after = false }: Fate): WorldPorts => {
    let calls = 0;
    const process = <Port extends object>(name: string, port: Port): Port => {
      const wrapped = Object.entries(port).map(([method, call]) => [
        method,
        async (...args: unknown[]) => {
          const number = calls;
          calls += 1;
          await new Promise<void>((take) => {
            if (number < diesAt || (number === diesAt && after))
              turns.push({ call: `${name}.${method}`, since: clock, take });
          });
          const answer: unknown = await (call as (...args: unknown[]) => unknown)(...args);
          // It is dead: what it would do next is not done.
          if (number >= diesAt) await new Promise(() => {});
          if (method === 'start' && draw(10) === 0) throw new TransientError('the answer got lost');
          return answer;
        },
      ]);
      return Object.fromEntries(wrapped) as Port;
    };
    return {
      jobs: process('jobs', watched),
      leases: process('leases', exact),
      executions: process('executions', engine),
      deadLetters: process('deadLetters', deadLetters),
      artifacts: {} as SweepPorts['artifacts'],
      registry: openRegistry({ toy: async () => workload as Workload }),
      limits: LIMITS,
      plan: async () => ({}),
      now,
    };
  };

  return {
    jobs,
    leases,
    letters,
    known,
    finals,
    faults,
    now,
    running,
    end,
    /** Ends that somebody is told of now. */
    takeEvents: () => events.splice(0),
    begin(fate: Fate, work: (ports: WorldPorts) => Promise<unknown>): void {
      work(portsOf(fate)).catch((thrown) => {
        if (!['RequestRefused', 'TransientError'].includes((thrown as Error).name)) faults.push(thrown);
      });
    },
    /** Lets one of the waiting calls take effect. @returns false when none waits. */
    async step(): Promise<boolean> {
      await drained();
      const [turn] = turns.splice(draw(Math.max(1, turns.length)), 1);
      turn?.take();
      return turn !== undefined;
    },
    async finish(): Promise<void> {
      while (await this.step());
    },
    /** Lets time pass, but no start takes longer than it may. */
    pass(ms: number): void {
      const starts = turns.filter(({ call }) => call === 'executions.start').map(({ since }) => since + START_MS);
      clock = Math.max(clock, Math.min(clock + ms, ...starts));
    },
    heldNow: (): Promise<HeldLease[]> => leases.all(),
    close() {
      turns = [];
      events = [];
      jobs[Symbol.dispose]();
      leases[Symbol.dispose]();
    },
  };
}

export type World = ReturnType<typeof openWorld>;
