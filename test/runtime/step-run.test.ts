import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { MediaError, TransientError } from '#core/errors';
import { type AnyStep, defineStep } from '#core/step';
import { openStateFolder } from '#runtime/environment';
import { jsonLogger } from '#runtime/json-log';
import { runStep, type StepEnvironment, type StepRequest } from '#runtime/step-run';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';
import { noModels } from '../helpers/toy/platform.ts';

let folder: string;
let environment: StepEnvironment;

beforeEach(async () => {
  folder = aFolder();
  const stores = await openStateFolder(join(folder, 'state'));
  environment = { ...stores, models: noModels, scratchFolder: join(folder, 'scratch') };
  await stores.jobs.create(
    aJob({
      status: 'STARTING',
      execution: 'e-1',
      params: { times: 2 },
      input: [{ name: 'a.txt', uri: join(folder, 'a.txt') }],
    }),
  );
  await writeFile(join(folder, 'a.txt'), 'abc');
});

const output = z.object({ count: z.int() });

function aStep(run: AnyStep['run'], more: Partial<AnyStep> = {}): AnyStep {
  return { name: 'Count', revision: 1, params: z.object({ times: z.int() }), needs: {}, output, run, ...more };
}

function start(step: AnyStep, more: Partial<StepRequest> = {}, signal = new AbortController().signal) {
  const request = { jobId: 'toy-1', execution: 'e-1', ...more };
  return runStep(step, request, environment, { signal, logger: jsonLogger({}, () => {}) });
}

const keys = (step = 'Count') => environment.artifacts.list(`jobs/toy-1/steps/${step}/`);
const readJson = async (key: string) => JSON.parse(Buffer.from(await environment.artifacts.read(key)).toString());

describe('an attempt', () => {
  it('has a scratch folder of its own, also beside the same step of another job in one process', async () => {
    await environment.jobs.create(aJob({ id: 'toy-2', status: 'STARTING', execution: 'e-2', params: { times: 2 } }));
    let arrived = 0;
    const step = aStep(async ({ scratch, job, signal }) => {
      await writeFile(join(scratch, job.id), '');
      arrived += 1;
      while (arrived < 2) await sleep(5, undefined, { signal });
      if (job.id === 'toy-2') await first;
      return { count: (await readdir(scratch)).length };
    });
    const first = start(step);
    const second = start(step, { jobId: 'toy-2', execution: 'e-2' });
    expect(await Promise.all([first, second])).toMatchObject([{ output: { count: 1 } }, { output: { count: 1 } }]);
  });

  it('gives the step its parameters, input and scratch, and ends in a verdict beside its artifacts', async () => {
    const step = aStep(async ({ params, job, artifacts, scratch, device }) => {
      expect(await readdir(scratch)).toEqual([]);
      expect(device).toBe('cpu');
      const path = join(scratch, 'b.txt');
      await writeFile(path, await artifacts.local(job.input[0]!));
      await artifacts.putFile('b.txt', path, { result: 'texts/b.txt' });
      await artifacts.putBytes('a.json', '{}');
      return { count: params.times };
    });
    const verdict = await start(step);
    expect(verdict).toMatchObject({
      contract: 1,
      status: 'succeeded',
      output: { count: 2 },
      artifacts: [
        { name: 'a.json', key: 'jobs/toy-1/steps/Count/attempt-1/a.json', mediaType: 'application/json' },
        { name: 'b.txt', mediaType: 'text/plain', result: 'texts/b.txt' },
      ],
    });
    expect(await keys()).toEqual(
      ['a.json', 'attempt.json', 'b.txt', 'verdict.json'].map((name) => `jobs/toy-1/steps/Count/attempt-1/${name}`),
    );
    expect(await readJson('jobs/toy-1/steps/Count/attempt-1/verdict.json')).toEqual(verdict);
    expect(await readdir(join(folder, 'scratch'))).toEqual([]);
  });

  it('writes down what it took, beside the verdict and not in it', async () => {
    await start(
      aStep(async () => ({ count: 1 })),
      { shard: 3 },
    );
    const record = await readJson('jobs/toy-1/steps/Count/0003/attempt-1/attempt.json');
    expect(record).toMatchObject({ step: 'Count', shard: 3, attempt: 1 });
    expect(record.seconds).toBeGreaterThanOrEqual(0);
    expect(record.peakMemoryMiB).toBeGreaterThan(10);
  });

  it('makes the job RUNNING', async () => {
    await start(aStep(async () => ({ count: 1 })));
    expect(await environment.jobs.get('toy-1')).toMatchObject({ status: 'RUNNING' });
  });

  it('writes a refusal as a rejected verdict', async () => {
    const verdict = await start(
      aStep(async () => {
        throw new MediaError('no video', { details: { streams: 0 } });
      }),
    );
    expect(verdict).toMatchObject({
      status: 'rejected',
      error: { name: 'MediaError', message: 'no video', details: { streams: 0 } },
    });
  });

  it('that fails leaves no verdict, and a record that says why', async () => {
    const step = aStep(async () => {
      throw new TransientError('gone for now');
    });
    await expect(start(step)).rejects.toMatchObject({ name: 'TransientError' });
    expect(await keys()).toEqual(['jobs/toy-1/steps/Count/attempt-1/attempt.json']);
    expect(await readJson('jobs/toy-1/steps/Count/attempt-1/attempt.json')).toMatchObject({
      attempt: 1,
      error: { name: 'TransientError', message: 'gone for now' },
    });
  });

  it('is not begun on a disk that has no room, and says so', async () => {
    environment.freeBytes = async () => 1024 ** 2;
    let ran = false;
    const step = aStep(async () => {
      ran = true;
      return { count: 1 };
    });
    await expect(start(step)).rejects.toMatchObject({ name: 'ResourceError', details: { free: 1024 ** 2 } });
    expect(ran).toBe(false);
  });

  it('of a step that is done already is not made', async () => {
    let ran = 0;
    const step = aStep(async () => {
      ran += 1;
      return { count: ran };
    });
    const first = await start(step);
    expect(await start(step)).toEqual(first);
    expect(ran).toBe(1);
    expect(await environment.jobs.latestAttempt('toy-1', 'Count')).toBe(1);
  });
});

describe('what goes in and out is checked', () => {
  it.each([
    {
      name: 'an output that does not fit its schema',
      step: aStep(async () => ({ count: 'many' })),
      error: 'ContractError',
    },
    {
      name: 'parameters that do not fit',
      step: aStep(async () => ({ count: 1 }), { params: z.object({ times: z.string() }) }),
      error: 'InputError',
    },
  ])('$name', async ({ step, error }) => {
    const ended = start(step).then(
      (verdict) => (verdict.status === 'rejected' ? verdict.error.name : 'none'),
      (thrown) => thrown.name,
    );
    expect(await ended).toBe(error);
    expect(JSON.stringify(await keys()).includes('verdict.json')).toBe(error === 'InputError');
  });

  it('a job that is not there', async () => {
    await expect(
      start(
        aStep(async () => ({ count: 1 })),
        { jobId: 'toy-9' },
      ),
    ).rejects.toMatchObject({ name: 'ContractError' });
  });
});

describe('an earlier output', () => {
  const reader = defineStep({
    name: 'Read',
    revision: 1,
    params: z.object({}),
    needs: { Count: output },
    output,
    run: async ({ outputOf }) => (await outputOf('Count')).output,
  });

  it('is that of the newest attempt with a verdict', async () => {
    await start(aStep(async () => ({ count: 7 })));
    await environment.jobs.nextAttempt('toy-1', 'Count');
    expect(await start(reader)).toMatchObject({ output: { count: 7 } });
  });

  it('of shards comes in their order', async () => {
    for (const shard of [1, 0])
      await start(
        aStep(async () => ({ count: shard })),
        { shard },
      );
    const sum = { ...reader, output: z.object({ counts: z.array(z.int()) }) } as AnyStep;
    const verdict = await start({
      ...sum,
      run: async ({ outputsOf }) => ({
        counts: (await outputsOf('Count', 2)).map((end) => (end.output as { count: number }).count),
      }),
    });
    expect(verdict).toMatchObject({ output: { counts: [0, 1] } });
  });

  it('that does not fit the schema of who reads it is a ContractError', async () => {
    await start(aStep(async () => ({ count: 7 })));
    const strict = { ...reader, needs: { Count: z.object({ count: z.string() }) } } as AnyStep;
    await expect(start(strict)).rejects.toThrow(/Read can't use what Count left/);
  });

  it('that is not there is a ContractError', async () => {
    await expect(start(reader)).rejects.toThrow(/Read needs Count, which left no verdict/);
  });

  it('that the step did not declare is a ContractError', async () => {
    await expect(start({ ...reader, needs: {} } as AnyStep)).rejects.toThrow(/does not declare/);
  });

  it('that was refused is raised again under its own name', async () => {
    await start(
      aStep(async () => {
        throw new MediaError('no video');
      }),
    );
    expect(await start(reader)).toMatchObject({
      status: 'rejected',
      error: { name: 'MediaError', message: 'no video' },
    });
  });
});

describe('an attempt may not publish', () => {
  it('when a newer one was started', async () => {
    const step = aStep(async () => {
      await environment.jobs.nextAttempt('toy-1', 'Count');
      return { count: 1 };
    });
    await expect(start(step)).rejects.toThrow(/Attempt 1 of Count may not publish: attempt 2/);
    expect(JSON.stringify(await keys())).not.toContain('verdict.json');
  });

  it('after it was told to stop', async () => {
    const stop = new AbortController();
    const step = aStep(async () => {
      stop.abort(new TransientError('told to stop'));
      return { count: 1 };
    });
    await expect(start(step, {}, stop.signal)).rejects.toThrow('told to stop');
    expect(JSON.stringify(await keys())).not.toContain('verdict.json');
  });

  it('or begin, when it was told before', async () => {
    await expect(
      start(
        aStep(async () => ({ count: 1 })),
        {},
        AbortSignal.abort(new Error('early')),
      ),
    ).rejects.toThrow('early');
    expect(await environment.jobs.latestAttempt('toy-1', 'Count')).toBe(0);
    expect(existsSync(join(folder, 'scratch'))).toBe(false);
  });
});
