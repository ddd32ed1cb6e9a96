import { existsSync } from 'node:fs';
import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '#core/job';
import { stepPrefix } from '#core/names';
import type { HistoryEvent } from '#core/ports';
import { defineWorkload } from '#core/workload';
import { resultOf } from '#jobs/result';
import { newestVerdict } from '#jobs/verdicts';
import type { LocalPlatformOptions } from '#runtime/local';
import { aFolder } from '../helpers/state-folder.ts';
import { until } from '../helpers/state-processes.ts';
import { faultMark } from '../helpers/toy/faults.ts';
import { openToyPlatform, type ToyPlatform } from '../helpers/toy/platform.ts';
import toy from '../helpers/toy/workload.ts';

const WORDS = 'one two';
let folder: string;
let platform: ToyPlatform;
let states: string[];

async function open(options: Partial<LocalPlatformOptions> = {}): Promise<void> {
  const onEvent = ({ type, state }: HistoryEvent) => {
    if (type === 'TaskStateEntered' || type === 'TaskStarted') states.push(state!);
  };
  platform = await openToyPlatform(folder, { onEvent, ...options });
}

async function openAnew(): Promise<void> {
  folder = aFolder();
  states = [];
  await open();
}

/** Opens the same state folder anew, as `stepreel dev` does after a change of the program. */
async function reopen(options: Partial<LocalPlatformOptions>): Promise<void> {
  platform.close();
  await open(options);
}

async function run(params: Record<string, unknown> = {}, more: Partial<Parameters<ToyPlatform['runJob']>[0]> = {}) {
  return await platform.runJob({ ...(await platform.request(WORDS, params)), ...more });
}

/** The steps, or shards of steps, that a job ran itself. */
async function ranIn(job: Job): Promise<string[]> {
  const keys = await platform.artifacts.list(`jobs/${job.id}/steps/`);
  const ran: string[] = [];
  for (const key of keys.filter((one) => one.endsWith('/attempt.json'))) {
    const record = JSON.parse(Buffer.from(await platform.artifacts.read(key)).toString());
    if (record.reusedFrom === undefined) ran.push(key.split('/').slice(3, -2).join(' '));
  }
  return ran.sort();
}

const EVERYTHING = ['CheckWords', 'CountLetters 0000', 'CountLetters 0001', 'PlanCounts', 'SplitWords', 'WriteReport'];
const COUNTS = EVERYTHING.filter((name) => name.startsWith('CountLetters'));

async function manifestOf(job: Job) {
  return (await resultOf(job, toy, platform)).manifest;
}

describe('the same content again', () => {
  beforeEach(openAnew);
  afterEach(() => platform.close());

  it('runs nothing but WriteReport, and says so in the job, the manifest and the attempts', async () => {
    const first = await run();
    const second = await run();
    expect(await ranIn(first)).toEqual(EVERYTHING);
    expect(await ranIn(second)).toEqual(['WriteReport']);
    expect(second.status).toBe('SUCCEEDED');
    expect(first.reused).toBeUndefined();
    expect(second.reused).toEqual(
      ['CheckWords', 'SplitWords', 'PlanCounts', 'CountLetters'].map((step) => ({ step, from: first.id })),
    );
    const [fresh, again] = [await manifestOf(first), await manifestOf(second)];
    expect(fresh).not.toHaveProperty('reused');
    expect(again.reused).toEqual(['CheckWords', 'SplitWords', 'PlanCounts', 'CountLetters']);
    expect(again.files).toEqual(fresh.files);
  });

  it('starts no container', async () => {
    await run();
    states.length = 0;
    await run();
    expect(states.filter((state) => /SplitWords|CountLetters/.test(state))).toEqual([]);
  });

  it('is told from the job that did the work, however often it was taken over', async () => {
    const first = await run();
    await run();
    const third = await run();
    expect(new Set(third.reused!.map(({ from }) => from))).toEqual(new Set([first.id]));
  });

  it('is done anew when the submitter wants that', async () => {
    await run();
    const second = await run({}, { reuse: false });
    expect(await ranIn(second)).toEqual(EVERYTHING);
    expect((await run()).reused![0]!.from).toBe(second.id);
  });

  it('of several jobs side by side ends each of them right', async () => {
    await run();
    const request = await platform.request(WORDS);
    const jobs = await Promise.all(Array.from({ length: 5 }, () => platform.runJob(request)));
    expect(jobs.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'SUCCEEDED'));
    for (const job of jobs) expect(await ranIn(job)).toEqual(['WriteReport']);
  });
});

describe('what is not the same', () => {
  // Each changes something else, so that one first job serves for all.
  beforeAll(async () => {
    await openAnew();
    await run();
  });
  afterAll(() => platform.close());

  it.each([
    {
      name: 'a parameter of the last container step: the steps before it are taken over',
      change: () => run({ color: 'green' }),
      ran: [...COUNTS, 'WriteReport'],
    },
    {
      name: 'a parameter of the step before: it is done anew, and all behind it',
      change: () => run({ routeBytes: 3 }),
      ran: [...COUNTS, 'PlanCounts', 'WriteReport'],
    },
    {
      name: 'a parameter that only WriteReport reads: all else is taken over',
      change: () => run({ partial: true }),
      ran: ['WriteReport'],
    },
    { name: 'another team', change: () => run({}, { team: 'blue' }), ran: EVERYTHING },
    {
      name: 'another name of the input, which steps may write down',
      change: () => run({}, { input: [{ name: 'other.txt', uri: join(folder, 'words.txt') }] }),
      ran: EVERYTHING,
    },
    {
      name: 'another input under the same name',
      change: async () => platform.runJob(await platform.request('four five')),
      ran: EVERYTHING,
    },
  ])('$name', async ({ change, ran }) => {
    expect(await ranIn(await change())).toEqual(ran);
  });
});

describe('what else counts', () => {
  beforeEach(openAnew);
  afterEach(() => platform.close());

  it('the same input that was written again is the same', async () => {
    await run();
    await utimes(join(folder, 'words.txt'), 1, 1);
    expect(await ranIn(await run())).toEqual(['WriteReport']);
  });

  it('a step of another revision, and all behind it', async () => {
    await run();
    const revisions = { ...toy.revisions!, PlanCounts: { revision: 2, sources: '' } };
    await reopen({ workloads: { toy: async () => defineWorkload({ ...toy, revisions }) } });
    expect(await ranIn(await run())).toEqual([...COUNTS, 'PlanCounts', 'WriteReport']);
  });

  it('a model of another digest, and all behind the step that opens it', async () => {
    const steps = { ...toy.steps, SplitWords: { ...toy.steps.SplitWords!, models: () => ['letters@1.0.0'] } };
    const workloads = { toy: async () => defineWorkload({ ...toy, steps }) };
    const withDigest = (digest: string) => reopen({ workloads, modelDigests: { digest: async () => digest } });
    await withDigest('aa');
    await run();
    expect(await ranIn(await run())).toEqual(['WriteReport']);
    await withDigest('bb');
    expect(await ranIn(await run())).toEqual(EVERYTHING.filter((name) => name !== 'CheckWords'));
  });

  it('a workload that records no revisions', async () => {
    const { revisions: _revisions, ...unrecorded } = toy;
    await reopen({ workloads: { toy: async () => defineWorkload(unrecorded) } });
    await run();
    expect(await ranIn(await run())).toEqual(EVERYTHING);
  });

  it('work that is older than the rule allows', async () => {
    const first = await run();
    const pointers = await platform.artifacts.list('cache/');
    expect(pointers).toHaveLength(6);
    for (const key of pointers.filter((one) => !one.endsWith('/shards'))) {
      const pointer = JSON.parse(Buffer.from(await platform.artifacts.read(key)).toString());
      const at = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000).toISOString();
      await platform.artifacts.putBytes(key, JSON.stringify({ ...pointer, at }));
    }
    expect(first.status).toBe('SUCCEEDED');
    expect(await ranIn(await run())).toEqual(EVERYTHING);
  });
});

describe('work that is not whole', () => {
  beforeEach(openAnew);
  afterEach(() => platform.close());

  it('is not taken over when one of its artifacts is gone', async () => {
    const first = await run();
    const split = join(platform.stateFolder, 'artifacts', stepPrefix({ jobId: first.id, step: 'SplitWords' }));
    await rm(join(split, 'attempt-1', 'words', '1.txt'));
    const second = await run();
    expect(second.status).toBe('SUCCEEDED');
    expect(await ranIn(second)).toEqual(EVERYTHING.filter((name) => name !== 'CheckWords'));
  });

  it('of a job that was cancelled is taken over as far as it went, shard by shard', async () => {
    const params = { fault: 'CountLetters-1:hang' };
    const request = await platform.request(WORDS, params);
    const stop = new AbortController();
    let id = '';
    const cancelled = platform.runJob(request, stop.signal, (jobId) => {
      id = jobId;
    });
    const hangs = () => existsSync(faultMark(request.input, 'CountLetters-1'));
    const isDone = () => newestVerdict({ jobId: id, step: 'CountLetters', shard: 0 }, platform);
    await until(async () => hangs() && (await isDone()) !== undefined, 'one shard is done and the other hangs');
    stop.abort();
    expect((await cancelled).status).toBe('CANCELED');
    const job = await platform.runJob(request);
    expect(job.status).toBe('SUCCEEDED');
    expect(await ranIn(job)).toEqual(['CountLetters 0001', 'WriteReport']);
    expect(job.reused!.map(({ step }) => step)).toEqual(['CheckWords', 'SplitWords', 'PlanCounts', 'CountLetters']);
    const [third, ranBy] = [await platform.runJob(request), [(await cancelled).id, job.id].sort()];
    expect(await ranIn(third)).toEqual(['WriteReport']);
    expect(third.reused!.filter(({ step }) => step === 'CountLetters').map(({ from }) => from)).toEqual(ranBy);
  });

  it('a refusal is never taken over', async () => {
    const refused = () => platform.request('a forbidden word').then((request) => platform.runJob(request));
    expect((await refused()).status).toBe('REJECTED');
    const again = await refused();
    expect(again).toMatchObject({ status: 'REJECTED', reused: [{ step: 'CheckWords' }] });
    expect(await ranIn(again)).toEqual(['PlanCounts', 'SplitWords']);
  });
});
