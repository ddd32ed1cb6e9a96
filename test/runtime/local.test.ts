import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '#asl/clock';
import type { Job, Progress } from '#core/job';
import type { HistoryEvent } from '#core/ports';
import { deliverResult } from '#jobs/deliver';
import type { LocalPlatformOptions } from '#runtime/local';
import { aFolder } from '../helpers/state-folder.ts';
import { isAlive, until } from '../helpers/state-processes.ts';
import { faultMark } from '../helpers/toy/faults.ts';
import { impatientClock, openToyPlatform, type ToyPlatform } from '../helpers/toy/platform.ts';

const open: ToyPlatform[] = [];

async function aPlatform(options: Partial<LocalPlatformOptions> = {}): Promise<ToyPlatform> {
  const platform = await openToyPlatform(aFolder(), options);
  open.push(platform);
  return platform;
}

afterEach(() => {
  for (const platform of open.splice(0)) platform.close();
});

/** The files of a delivered result and their texts, without the receipt. */
async function resultOf(platform: ToyPlatform, job: Job): Promise<Record<string, string>> {
  const folder = join(platform.folder, `out-${job.id}`);
  await deliverResult({ job, folder, platform, versions: {} });
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = names.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !path.includes('receipt'));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [path.slice(folder.length), await readFile(path, 'utf8')])),
  );
}

const WORDS = 'one two three';

describe('a job on this machine', () => {
  it('goes through its state machine to a result', async () => {
    const progress: Progress[] = [];
    const platform = await aPlatform({ onProgress: (report) => progress.push(report) });
    const job = await platform.runJob(await platform.request(WORDS));
    expect(job).toMatchObject({ status: 'SUCCEEDED', degraded: [], params: { color: 'red' } });
    expect(job.endedAt! >= job.startedAt!).toBe(true);
    const result = await resultOf(platform, job);
    expect(JSON.parse(result['/counts.json']!)).toEqual([
      { word: 'one', letters: 3 },
      { word: 'two', letters: 3 },
      { word: 'three', letters: 5 },
    ]);
    expect(progress.filter(({ step }) => step === 'CountLetters').at(-1)).toEqual({
      step: 'CountLetters',
      percent: 100,
      done: 3,
      total: 3,
    });
  });

  it('leaves no scratch files and a log of each step', async () => {
    const platform = await aPlatform();
    const job = await platform.runJob(await platform.request(WORDS));
    expect(await readdir(join(platform.stateFolder, 'scratch'))).toEqual([]);
    const logs = join(platform.stateFolder, 'logs', job.id);
    expect((await readdir(logs)).sort()).toEqual(
      [
        'CheckWords.jsonl',
        'CountLetters-0.jsonl',
        'CountLetters-1.jsonl',
        'CountLetters-2.jsonl',
        'PlanCounts.jsonl',
        'SplitWords.jsonl',
        'WriteReport.jsonl',
      ].filter((name) => !/CheckWords|PlanCounts|WriteReport/.test(name)),
    );
    const [line] = (await readFile(join(logs, 'SplitWords.jsonl'), 'utf8')).split('\n');
    expect(JSON.parse(line!)).toMatchObject({
      level: 'INFO',
      message: 'split',
      phase: 'SplitWords',
      jobId: job.id,
      words: 3,
    });
  });

  it('is PARTIAL when WriteReport says that something is missing', async () => {
    const platform = await aPlatform();
    const job = await platform.runJob(await platform.request(WORDS, { partial: true }));
    expect(job.status).toBe('PARTIAL');
  });

  it.each([
    { name: 'a Lambda step', words: ' ', step: 'CheckWords', message: 'words.txt has no words.' },
    {
      name: 'a container step, raised by the next Lambda',
      words: 'a forbidden word',
      step: 'PlanCounts',
      message: 'A word is forbidden.',
    },
  ])('is REJECTED by a refusal of $name, under its own name', async ({ words, step, message }) => {
    const platform = await aPlatform();
    const job = await platform.runJob(await platform.request(words));
    expect(job).toMatchObject({ status: 'REJECTED', error: { name: 'MediaError', message, step } });
  });

  it('fails under the name of the error that its last attempt gave', async () => {
    const platform = await aPlatform();
    const job = await platform.runJob(await platform.request(WORDS, { fault: 'CountLetters-1:crash-always' }));
    expect(job).toMatchObject({
      status: 'FAILED',
      error: { name: 'Error', message: 'the toy crashed, as it was told to', step: 'CountLetters' },
    });
    expect(await platform.jobs.latestAttempt(job.id, 'CountLetters', 1)).toBe(4);
  });

  it('fails when a route is larger than 1 KB', async () => {
    const platform = await aPlatform();
    const job = await platform.runJob(await platform.request(WORDS, { routeBytes: 2000 }));
    expect(job).toMatchObject({ status: 'FAILED', error: { name: 'ContractError', step: 'PlanCounts' } });
  });
});

describe('a step that is killed with SIGKILL', () => {
  it.each([
    { moment: 'before it has read anything', fault: 'SplitWords-before:kill' },
    { moment: 'between two of its files', fault: 'SplitWords-between:kill' },
    { moment: 'before its verdict', fault: 'SplitWords-after:kill' },
    { moment: 'after its verdict', fault: 'SplitWords-after:kill-at-exit' },
    { moment: 'in one of several shards', fault: 'CountLetters-1:kill' },
  ])('$moment is tried again and ends in the same bytes', async ({ fault }) => {
    const events: HistoryEvent[] = [];
    const platform = await aPlatform({ onEvent: (event) => events.push(event) });
    const job = await platform.runJob(await platform.request(WORDS, { fault }));
    expect(job.status).toBe('SUCCEEDED');
    const retried = events.filter(({ type }) => type === 'TaskRetried');
    expect(retried.map(({ state, attempt, error }) => ({ state, attempt, error }))).toEqual([
      { state: fault.startsWith('Split') ? 'SplitWords' : 'CountLetters', attempt: 2, error: 'States.TaskFailed' },
    ]);
    const calm = await platform.runJob({ ...(await platform.request(WORDS)), reuse: false });
    expect(await resultOf(platform, job)).toEqual(await resultOf(platform, calm));
  });
});

describe('stopping', () => {
  it('ends a job as CANCELED with all its processes', async () => {
    const platform = await aPlatform();
    const request = await platform.request(WORDS, { fault: 'SplitWords-before:leave-grandchild-always' });
    const stop = new AbortController();
    const running = platform.runJob(request, stop.signal);
    const pid = async (name: string) => Number(await readFile(faultMark(request.input, name), 'utf8').catch(() => 0));
    await until(async () => (await pid('grandchild')) > 0, 'the task had a child');
    const pids = [await pid('SplitWords-before'), await pid('grandchild')];
    stop.abort();
    expect((await running).status).toBe('CANCELED');
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(await platform.jobs.latestAttempt((await running).id, 'SplitWords')).toBe(1);
  });

  it('ends a task that ignores its signal', async () => {
    const platform = await aPlatform({ graceMs: 50 });
    const request = await platform.request(WORDS, { fault: 'SplitWords-before:ignore-signals-always' });
    const stop = new AbortController();
    const running = platform.runJob(request, stop.signal);
    await until(async () => (await readdir(platform.folder)).includes('.SplitWords-before'), 'the task ran');
    stop.abort();
    expect((await running).status).toBe('CANCELED');
  });
});

describe('a time limit', () => {
  it('ends the task and its children before the job is settled, and leaves no verdict', async () => {
    let expire = () => {};
    const clock: Clock = {
      ...impatientClock,
      after(ms, callback) {
        if (ms === 660_000) expire = callback;
        return () => {};
      },
    };
    const platform = await aPlatform({ clock });
    const request = await platform.request(WORDS, { fault: 'SplitWords-before:leave-grandchild-always' });
    const running = platform.runJob(request);
    const pid = async (name: string) => Number(await readFile(faultMark(request.input, name), 'utf8').catch(() => 0));
    await until(async () => (await pid('grandchild')) > 0, 'the task had a child');
    const pids = [await pid('SplitWords-before'), await pid('grandchild')];
    expire();
    const job = await running;
    expect(job).toMatchObject({ status: 'FAILED', error: { name: 'States.Timeout', step: 'SplitWords' } });
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(
      (await platform.artifacts.list(`jobs/${job.id}/steps/SplitWords/`)).filter((key) => key.endsWith('verdict.json')),
    ).toEqual([]);
  });
});

describe('a redrive', () => {
  it('takes a failed job up at the state that failed, without doing finished work again', async () => {
    const events: HistoryEvent[] = [];
    const platform = await aPlatform({ onEvent: (event) => events.push(event) });
    const request = await platform.request(WORDS, { fault: 'CountLetters-1:crash-always' });
    const failed = await platform.runJob(request);
    expect(failed.status).toBe('FAILED');
    // Whoever could fix it did.
    await platform.jobs.transition(failed.id, 'QUEUED', { params: {}, execution: failed.execution! });
    await platform.jobs.transition(failed.id, 'FAILED');
    events.length = 0;
    const started = await platform.redrive(failed.id);
    expect(started).toMatchObject({ status: 'STARTING', execution: `${failed.id}-redrive-1` });
    const job = await platform.settled(failed.id);
    expect(job.status).toBe('SUCCEEDED');
    expect(events.filter(({ type }) => type.endsWith('StateEntered')).map(({ state }) => state)).toEqual([
      'CountShards',
      'CountLetters',
      'CountLetters',
      'CountLetters',
      'WriteReport',
      'JobSucceeded',
    ]);
    expect(await platform.jobs.latestAttempt(job.id, 'SplitWords')).toBe(1);
    expect(await platform.jobs.latestAttempt(job.id, 'CountLetters', 0)).toBe(1);
    expect(await platform.jobs.latestAttempt(job.id, 'CountLetters', 1)).toBe(5);
    expect(JSON.parse((await resultOf(platform, job))['/counts.json']!)).toHaveLength(3);
  });

  it('is refused for a job that did not fail', async () => {
    const platform = await aPlatform();
    const job = await platform.runJob(await platform.request(WORDS));
    await expect(platform.redrive(job.id)).rejects.toMatchObject({ code: 'NotReplayable' });
    await expect(platform.redrive('toy-none')).rejects.toThrow(/no job toy-none/);
  });
});

it('a request that is wrong starts nothing', async () => {
  const platform = await aPlatform();
  const request = await platform.request(WORDS, { colour: 'red' });
  await expect(platform.runJob(request)).rejects.toMatchObject({ name: 'InputError' });
  expect(await readdir(join(platform.stateFolder, 'executions'))).toEqual([]);
});

it('an output folder may be anywhere', async () => {
  const platform = await aPlatform();
  const job = await platform.runJob(await platform.request(WORDS));
  await mkdir(join(platform.folder, 'deep'));
  const folder = join(platform.folder, 'deep', 'out');
  const { manifest } = await deliverResult({ job, folder, platform, versions: {} });
  expect(Object.keys(manifest.files)).toContain('counts.json');
});
