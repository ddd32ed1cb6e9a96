import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ExecutionEnd, isSettled } from '#core/job';
import { POOLS, PRIORITIES } from '#core/queue';
import { A_FEW, admitJobs } from '#jobs/admit';
import { cancelJob } from '#jobs/cancel';
import { executionStatusEvent } from '#jobs/execution-event';
import { replayJob } from '#jobs/redrive';
import { settleJob } from '#jobs/settle';
import { submitJob } from '#jobs/submit';
import { sweepJobs } from '#jobs/sweep';
import { type Draw, LIMITS, openWorld, type World } from '../helpers/admission-world.ts';

const SCHEDULES = 1000;
const TEAMS = ['red', 'blue', 'green'];
const ENDS: ExecutionEnd[] = [
  { status: 'SUCCEEDED', output: {} },
  { status: 'FAILED', error: 'X' },
  { status: 'TIMED_OUT' },
];

const ACTIONS = {
  submit(world: World, draw: Draw) {
    const request = {
      workload: 'toy',
      input: [{ name: 'words.txt', uri: '/words.txt' }],
      team: TEAMS[draw(TEAMS.length)]!,
      priority: PRIORITIES[draw(PRIORITIES.length)]!,
      // Some come twice.
      key: `key-${draw(40)}`,
    };
    const device = draw(4) === 0 ? 'gpu' : 'cpu';
    begin(world, draw, (ports) =>
      submitJob({ ...request, key: `${device}-${request.priority}-${request.key}` }, { ...ports, device }),
    );
  },
  cancel(world: World, draw: Draw) {
    const job = anyOf([...world.known.values()], draw);
    if (job) begin(world, draw, (ports) => cancelJob(job, ports));
  },
  redrive(world: World, draw: Draw) {
    const job = anyOf([...world.known.values()], draw);
    if (job) begin(world, draw, async (ports) => replayJob((await ports.jobs.get(job.id))!, ports));
  },
  end(world: World, draw: Draw) {
    const execution = anyOf(world.running(), draw);
    if (execution) world.end(execution.request.name, ENDS[draw(ENDS.length)]!);
  },
  sweep(world: World, draw: Draw) {
    begin(world, draw, (ports) => sweepJobs(ports, { all: draw(2) === 0 }));
  },
  pause(world: World, draw: Draw) {
    begin(world, draw, (ports) => ports.leases.pause(POOLS[draw(POOLS.length)]!));
  },
  resume(world: World, draw: Draw) {
    begin(world, draw, (ports) => ports.leases.resume(POOLS[draw(POOLS.length)]!));
  },
  time(world: World, draw: Draw) {
    world.pass(draw(12) * 60_000);
  },
};

type Action = keyof typeof ACTIONS;

/** Somebody does something, and one in four dies of it, between any two calls. */
function begin(world: World, draw: Draw, work: Parameters<World['begin']>[1]): void {
  world.begin(draw(4) === 0 ? { diesAt: draw(25), after: draw(2) === 0 } : {}, work);
}

function tellEnds(world: World, draw: Draw): void {
  for (const { request, end, time } of world.takeEvents()) {
    begin(world, draw, async (ports) => {
      await settleJob(executionStatusEvent(request, end, time), ports);
      await admitJobs(ports, { most: A_FEW });
    });
  }
}

function anyOf<T>(items: T[], draw: Draw): T | undefined {
  return items[draw(Math.max(1, items.length))];
}

/** The same numbers for the same seed. */
function drawing(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function play(world: World, actions: Action[], draw: Draw): Promise<void> {
  for (const action of actions) {
    ACTIONS[action](world, draw);
    tellEnds(world, draw);
    for (let steps = draw(30); steps > 0; steps -= 1) await world.step();
  }
}

/** From here on nobody dies, and somebody sweeps. */
async function recover(world: World, draw: Draw): Promise<void> {
  await world.finish();
  for (const pool of POOLS) await world.leases.resume(pool);
  for (let round = 0; round < 60; round += 1) {
    await world.finish();
    for (const { request } of world.running()) world.end(request.name, ENDS[draw(ENDS.length)]!);
    for (const { request, end, time } of world.takeEvents()) {
      world.begin({}, (ports) => settleJob(executionStatusEvent(request, end, time), ports));
    }
    world.pass(11 * 60_000);
    world.begin({}, (ports) => sweepJobs(ports));
    await world.finish();
    const states = await Promise.all([...world.known.keys()].map(async (id) => (await world.jobs.get(id))!.status));
    if (states.every(isSettled) && (await world.leases.all()).length === 0) return;
  }
}

it(`in ${SCHEDULES} schedules of submits, cancels, redrives, pauses, deaths and lost or doubled events no limit is exceeded and no job lost (pitfalls 20, 22, 23, 24)`, async () => {
  const names = Object.keys(ACTIONS) as Action[];
  // Most of what happens is that jobs come and end.
  const action = fc.constantFrom<Action[]>('submit', 'submit', 'submit', 'end', 'end', 'sweep', ...names);
  const schedule = fc.record({ seed: fc.integer(), actions: fc.array(action, { minLength: 5, maxLength: 25 }) });
  const seen = { jobs: 0, redriven: 0, canceled: 0 };

  await fc.assert(
    fc.asyncProperty(schedule, async ({ seed, actions }) => {
      const draw = drawing(seed);
      const world = openWorld(draw);
      try {
        await play(world, actions, draw);
        await recover(world, draw);
        expect(world.faults).toEqual([]);
        const jobs = await Promise.all([...world.known.keys()].map(async (id) => (await world.jobs.get(id))!));
        expect(jobs.filter(({ status }) => !isSettled(status))).toEqual([]);
        expect(await world.leases.all()).toEqual([]);
        expect(world.running()).toEqual([]);
        // Each start of a job came to one end.
        expect([...world.finals].filter(([, times]) => times !== 1)).toEqual([]);
        expect(jobs.filter(({ execution }) => !world.finals.has(execution!))).toEqual([]);
        const lost = jobs.filter(
          ({ id, status }) => ['FAILED', 'TIMED_OUT'].includes(status) && !world.letters.has(id),
        );
        // A redrive that dies while it puts a newer letter back is the one way to lose one.
        expect(lost.filter(({ execution, id }) => execution === id)).toEqual([]);
        seen.jobs += jobs.length;
        seen.redriven += jobs.filter(({ execution, id }) => execution !== id).length;
        seen.canceled += jobs.filter(({ status }) => status === 'CANCELED').length;
      } finally {
        world.close();
      }
    }),
    { numRuns: SCHEDULES },
  );
  // The schedules are about something.
  expect(seen.jobs).toBeGreaterThan(SCHEDULES);
  expect(seen.redriven).toBeGreaterThan(SCHEDULES / 20);
  expect(seen.canceled).toBeGreaterThan(SCHEDULES / 20);
  expect(LIMITS.pools.cpu).toBeLessThan(TEAMS.length * 2);
}, 120_000);
