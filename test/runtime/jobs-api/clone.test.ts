import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '#core/job';
import { attemptPrefix } from '#core/names';
import { tellFinished } from '#jobs/finished-work';
import { openPlanner } from '#jobs/plan';
import { aJob } from '../../conformance/job-store.ts';
import { anApi, type LocalApi } from '../../helpers/jobs-api.ts';
import { aFolder } from '../../helpers/state-folder.ts';

let api: LocalApi;
let folder: string;

beforeEach(async () => {
  api = await anApi();
  folder = aFolder();
  await writeFile(join(folder, 'words.txt'), 'one two');
});

const endedAt = '2026-01-01T00:01:00.000Z';

/** A job of the team red whose first two steps are done, for others to find. */
async function aJobThat(changes: Partial<Job> = {}): Promise<Job> {
  const { jobs } = api.options;
  const input = [{ name: 'words.txt', uri: join(folder, 'words.txt') }];
  const params = { color: 'red', routeBytes: 1 };
  const job = aJob({ team: 'red', execution: 'toy-1', input, params });
  await jobs.create(job);
  await openPlanner(api.options)(job);
  for (const step of ['CheckWords', 'SplitWords']) await left(step);
  await jobs.transition('toy-1', 'RUNNING');
  const error = { name: 'States.TaskFailed', message: 'killed', step: 'PlanCounts' };
  return (await jobs.transition('toy-1', 'FAILED', { error, endedAt, ...changes }))!;
}

async function left(step: string, verdict: object = { status: 'succeeded', output: {} }): Promise<void> {
  const { jobs, artifacts } = api.options;
  const attempt = await jobs.nextAttempt('toy-1', step);
  const prefix = attemptPrefix({ jobId: 'toy-1', step, attempt });
  const stored = await artifacts.putBytes(`${prefix}words.txt`, 'words');
  const listed = [{ name: 'words.txt', ...stored, mediaType: 'text/plain' }];
  await artifacts.putBytes(`${prefix}verdict.json`, JSON.stringify({ contract: 1, artifacts: listed, ...verdict }));
  const part = { step, attempt, revision: 1, counted: new Map() };
  if ('output' in verdict) await tellFinished((await jobs.get('toy-1'))!, part, artifacts);
}

const jobIds = async () => (await api.options.jobs.list({ team: 'red', limit: 10 })).jobs.map(({ id }) => id);
const stepsOf = (body: { steps: { step: string; runs: string; from: string[] }[] }) =>
  Object.fromEntries(body.steps.map(({ step, runs, from }) => [step, [runs, ...from].join(' ')]));

const BEGUN = {
  CheckWords: 'none toy-1',
  SplitWords: 'none toy-1',
  PlanCounts: 'all',
  CountLetters: 'all',
  WriteReport: 'all',
};

describe('POST /jobs/{id}/clone', () => {
  it('makes a new job of the old request, with changed parameters, and says what will be taken over', async () => {
    await aJobThat();
    const body = { params: { color: 'green', routeBytes: null }, priority: 'high' };
    const answer = await api.ask('POST', '/jobs/toy-1/clone', { body });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      did: 'clone',
      clonedFrom: 'toy-1',
      priority: 'high',
      params: { color: 'green' },
      input: [{ uri: join(folder, 'words.txt') }],
      quote: { usd: { likely: expect.any(Number) } },
    });
    expect(answer.body.params).not.toHaveProperty('routeBytes');
    expect(stepsOf(answer.body)).toEqual(BEGUN);
    expect(await jobIds()).toContain(answer.body.id);
  });

  it('with explain only tells', async () => {
    await aJobThat();
    const answer = await api.ask('POST', '/jobs/toy-1/clone?explain=true', { body: {} });
    expect(answer).toMatchObject({ status: 200, body: { way: 'clone' } });
    expect(stepsOf(answer.body)).toEqual(BEGUN);
    expect(await jobIds()).toEqual(['toy-1']);
    expect(api.started).toEqual([]);
  });

  it('takes nothing over when the submitter does not want it', async () => {
    await aJobThat();
    const answer = await api.ask('POST', '/jobs/toy-1/clone', { body: { reuse: false } });
    expect(answer.body).toMatchObject({ reuse: false });
    expect(new Set(Object.values(stepsOf(answer.body)))).toEqual(new Set(['all']));
  });

  it('makes one job of one key, and refuses the key for other changes', async () => {
    await aJobThat();
    const headers = { 'Idempotency-Key': 'again-1' };
    const first = await api.ask('POST', '/jobs/toy-1/clone', { body: {}, headers });
    const second = await api.ask('POST', '/jobs/toy-1/clone', { body: {}, headers });
    const other = await api.ask('POST', '/jobs/toy-1/clone', { body: { params: { color: 'green' } }, headers });
    expect([first.status, second.status, other.status]).toEqual([202, 200, 422]);
    expect(second.body.id).toBe(first.body.id);
  });

  it.each([
    { name: 'a parameter that there is none of', body: { params: { colour: 'red' } }, status: 400 },
    { name: 'a value that the workload refuses', body: { params: { color: 'blue' } }, status: 400 },
    { name: 'another input, which would be another job', body: { input: 'x' }, status: 400 },
    { name: 'a job of another team', body: {}, team: 'blue', status: 404 },
  ])('is refused for $name', async ({ body, team = 'red', status }) => {
    await aJobThat();
    expect((await api.ask('POST', '/jobs/toy-1/clone', { body, team })).status).toBe(status);
    expect(await jobIds()).toEqual(['toy-1']);
  });
});

describe('POST /jobs/{id}/redrive', () => {
  it('starts a failed job again, and says so', async () => {
    await aJobThat();
    const answer = await api.ask('POST', '/jobs/toy-1/redrive');
    expect(answer).toMatchObject({ status: 202, body: { id: 'toy-1', did: 'redrive', status: 'STARTING' } });
    expect(stepsOf(answer.body)).toEqual(BEGUN);
    expect(api.started).toMatchObject([{ name: 'toy-1-redrive-1', input: { plan: { SplitWords: 'reuse' } } }]);
  });

  it('with explain only tells', async () => {
    await aJobThat();
    const answer = await api.ask('POST', '/jobs/toy-1/redrive?explain=true');
    expect(answer).toMatchObject({ status: 200, body: { way: 'redrive' } });
    expect(answer.body).not.toHaveProperty('because');
    expect((await api.options.jobs.get('toy-1'))!.status).toBe('FAILED');
  });

  it.each([
    {
      name: 'has another version by now',
      because: /version 0.9.0 of toy, and 1.0.0/,
      make: () => aJobThat({ workloadVersion: '0.9.0' }),
    },
    {
      name: 'ended with a verdict that stands',
      because: /PlanCounts ended with a verdict that stands: ModelError/,
      make: async () => {
        await aJobThat();
        await left('PlanCounts', { status: 'rejected', error: { name: 'ModelError', message: 'another digest' } });
      },
    },
    {
      name: 'has lost an artifact',
      because: /What SplitWords left is not there any more/,
      make: async () => {
        await aJobThat();
        await rm(join(api.stateFolder, 'artifacts/jobs/toy-1/steps/SplitWords/attempt-1/words.txt'));
      },
    },
    {
      name: 'was cancelled',
      because: /cancelled/,
      make: async () => {
        await aJobThat();
        const { jobs } = api.options;
        await jobs.transition('toy-1', 'QUEUED');
        await jobs.transition('toy-1', 'CANCELED');
      },
    },
  ])('clones a job that $name, and says why, once', async ({ because, make }) => {
    await make();
    const told = await api.ask('POST', '/jobs/toy-1/redrive?explain=true');
    expect(told.body).toMatchObject({ way: 'clone', because: expect.stringMatching(because) });
    expect(await jobIds()).toEqual(['toy-1']);
    const first = await api.ask('POST', '/jobs/toy-1/redrive');
    expect(first).toMatchObject({ status: 202, body: { did: 'clone', clonedFrom: 'toy-1' } });
    expect(first.body.because).toMatch(because);
    const second = await api.ask('POST', '/jobs/toy-1/redrive');
    expect(second.body.id).toBe(first.body.id);
    expect(await jobIds()).toHaveLength(2);
  });

  it.each(['SUCCEEDED', 'REJECTED', 'RUNNING'] as const)('is refused for a job that is %s', async (status) => {
    await api.options.jobs.create(aJob({ team: 'red', status }));
    const answer = await api.ask('POST', '/jobs/toy-1/redrive');
    expect(answer).toMatchObject({ status: 409, body: { code: 'NotReplayable' } });
  });
});
