import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';
import { until } from '../helpers/state-processes.ts';

const program = join(import.meta.dirname, '../helpers/toy/toy-task.ts');
let folder: string;
let stores: Awaited<ReturnType<typeof openStateFolder>>;

beforeEach(async () => {
  folder = aFolder();
  stores = await openStateFolder(folder);
});

async function aToyJob(words: string, params: Record<string, unknown> = {}): Promise<void> {
  const uri = join(folder, 'words.txt');
  writeFileSync(uri, words);
  await stores.jobs.create(aJob({ status: 'STARTING', execution: 'e-1', params, input: [{ name: 'words.txt', uri }] }));
}

/** The task program as somebody other than our runner would start it: by its environment alone. */
function task(more: Record<string, string> = {}) {
  const { STEPREEL_STATE: _none, ...environment } = process.env;
  const child = spawn(process.execPath, [program], {
    env: {
      ...environment,
      STEPREEL_STATE: folder,
      STEPREEL_JOB_ID: 'toy-1',
      STEPREEL_STEP: 'SplitWords',
      STEPREEL_EXECUTION: 'e-1',
      _X_AMZN_TRACE_ID: 'Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1',
      ...more,
    },
  });
  const [log, metrics] = [linesOf(child.stderr), linesOf(child.stdout)];
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    lines: log(),
    metrics: metrics(),
  }));
  return { child, ended };
}

/** The JSON lines that a stream has brought so far. */
function linesOf(stream: Readable): () => Record<string, unknown>[] {
  let text = '';
  stream.on('data', (data) => {
    text += data;
  });
  return () =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const verdicts = async () => (await stores.artifacts.list('jobs/')).filter((key) => key.endsWith('verdict.json'));

describe('the task program', () => {
  it('ends with 0 when a verdict is there, and logs JSON lines', async () => {
    await aToyJob('one two');
    const { code, lines } = await task().ended;
    expect(code).toBe(0);
    expect(await verdicts()).toEqual(['jobs/toy-1/steps/SplitWords/attempt-1/verdict.json']);
    expect(lines.at(-1)).toMatchObject({
      level: 'INFO',
      message: 'verdict',
      status: 'succeeded',
      latencyMs: expect.any(Number),
      service: 'stepreel',
      env: 'local',
      correlationId: 'toy-1',
      jobId: 'toy-1',
      phase: 'SplitWords',
      traceId: '1-67891233-abcdef012345678912345678',
    });
  });

  it.each([
    { words: 'one two', device: 'gpu', counts: { StepSucceeded: 1, StepRejected: 0, StepFailed: 0 } },
    {
      words: 'a forbidden word',
      counts: { StepSucceeded: 0, StepRejected: 1, StepFailed: 0, errorCode: 'MediaError' },
    },
    {
      words: 'one two',
      fault: 'SplitWords-after:crash-always',
      counts: { StepSucceeded: 0, StepRejected: 0, StepFailed: 1, errorCode: 'Error' },
    },
  ])('writes what it took as EMF: $counts', async ({ words, device = 'cpu', fault, counts }) => {
    await aToyJob(words, fault ? { fault } : {});
    const { metrics } = await task({ STEPREEL_STAGE: 'dev', STEPREEL_DEVICE: device }).ended;
    expect(metrics).toMatchObject([
      {
        Service: 'stepreel',
        Stage: 'dev',
        Workload: 'toy',
        Step: 'SplitWords',
        Device: device,
        Model: 'none',
        jobId: 'toy-1',
        team: 'default',
        StepDuration: expect.any(Number),
        ...counts,
      },
    ]);
  });

  it('says that its scratch folder can not be written to before it does anything', async () => {
    await aToyJob('one two');
    writeFileSync(join(folder, 'file'), '');
    const { code, lines } = await task({ STEPREEL_SCRATCH: join(folder, 'file') }).ended;
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ error: 'ResourceError', message: expect.stringMatching(/Mount a volume/) });
    expect(await stores.jobs.latestAttempt('toy-1', 'SplitWords')).toBe(0);
  });

  it('ends with 0 after a refusal, which is a verdict', async () => {
    await aToyJob('a forbidden word');
    expect((await task().ended).code).toBe(0);
    expect(await verdicts()).toHaveLength(1);
  });

  it('ends with another code, without a verdict, when the step fails', async () => {
    await aToyJob('one two', { fault: 'SplitWords-after:crash-always' });
    const { code, lines } = await task().ended;
    expect(code).toBe(1);
    expect(await verdicts()).toEqual([]);
    expect(lines.at(-1)).toMatchObject({
      level: 'ERROR',
      message: 'the toy crashed, as it was told to',
      error: 'Error',
    });
  });

  it('stops without a verdict when its job runs no more, though nobody tells it to (pitfall 20)', async () => {
    await aToyJob('one two three four five six seven eight', { fault: 'SplitWords-between:slow-always' });
    const { ended } = task();
    await until(() => readdirSync(folder).includes('.SplitWords-between'), 'the step ran');
    await stores.jobs.transition('toy-1', 'CANCELING');
    expect((await ended).code).toBe(1);
    expect(await verdicts()).toEqual([]);
    const written = (await stores.artifacts.list('jobs/')).filter((key) => key.endsWith('.txt'));
    expect(written.length).toBeLessThan(8);
  });

  it('stops on SIGTERM without a verdict', async () => {
    await aToyJob('one two', { fault: 'SplitWords-before:hang' });
    const { child, ended } = task();
    await until(() => readdirSync(folder).includes('.SplitWords-before'), 'the step ran');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(1);
    expect(await verdicts()).toEqual([]);
  });

  it.each([
    { name: 'no state folder', environment: { STEPREEL_STATE: '' }, says: /expected STEPREEL_STATE/ },
    { name: 'no job', environment: { STEPREEL_JOB_ID: '' }, says: /does not say what to run/ },
    {
      name: 'a job that is not there',
      environment: { STEPREEL_JOB_ID: 'toy-9' },
      says: /toy-9 is not in the job store/,
    },
    { name: 'a shard that is no number', environment: { STEPREEL_SHARD: 'one' }, says: /STEPREEL_SHARD/ },
    {
      name: 'a step that is no container',
      environment: { STEPREEL_STEP: 'CheckWords' },
      says: /has no container step CheckWords. It has: SplitWords, CountLetters/,
    },
  ])('says what is wrong with $name', async ({ environment, says }) => {
    await aToyJob('one two');
    const { code, lines } = await task(environment).ended;
    expect(code).toBe(1);
    expect(lines.at(-1)!.message).toMatch(says);
  });
});
