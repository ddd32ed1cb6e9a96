import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openUploads } from '#adapters/aws/uploads';
import { TransientError } from '#core/errors';
import { jobsApi } from '#runtime/jobs-api/app';
import { aJob } from '../../conformance/job-store.ts';
import { clientsAt } from '../../helpers/aws-in-process.ts';
import { anApi, type LocalApi, openApiClient } from '../../helpers/jobs-api.ts';

let api: LocalApi;
let ask: LocalApi['ask'];

beforeEach(async () => {
  api = await anApi();
  ask = api.ask;
});

const submission = { workload: 'toy', input: '/words.txt', params: { color: 'green' } };

describe('a team', () => {
  it('comes from the credential, and a request that names another one answers 403', async () => {
    const { status } = await ask('POST', '/jobs', { body: { ...submission, team: 'blue' } });
    expect(status).toBe(403);
    expect((await ask('POST', '/jobs', { body: { ...submission, team: 'red' } })).status).toBe(202);
  });

  it.each([
    ['GET', '/jobs/toy-1'],
    ['GET', '/jobs/toy-1/results'],
    ['POST', '/dead-letters/toy-1/replay'],
    ['DELETE', '/dead-letters/toy-1'],
  ])("finds nothing at %s %s of another team's job", async (method, path) => {
    await api.options.jobs.create(aJob({ status: 'FAILED', team: 'blue' }));
    expect((await ask(method, path)).status).toBe(404);
    expect((await ask(method, path.replace('toy-1', 'toy-none'))).status).toBe(404);
  });

  it.each(['/jobs/toy-1', '/workloads', '/dead-letters'])('is needed for %s', async (path) => {
    const { status, body } = await ask('GET', path, { team: undefined });
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'Unauthorized' });
  });

  it.each(['/health', '/openapi.json'])('is not needed for %s', async (path) => {
    expect((await ask('GET', path, { team: undefined })).status).toBe(200);
  });
});

describe('GET /jobs/{id}', () => {
  const job = aJob({ team: 'red', execution: 'e-1' });

  it('tells how far a job is, and why it waits', async () => {
    const waiting = { reason: 'Waiting for a machine', since: '2026-01-01T00:00:30.000Z' };
    const progress = { step: 'Cut', percent: 0, done: 0, total: 0 };
    await api.options.jobs.create({ ...job, status: 'RUNNING', progress: { ...progress, waiting } });
    expect((await ask('GET', '/jobs/toy-1')).body).toMatchObject({ progress, waiting });
  });

  it.each([
    {
      error: { name: 'ModelError', message: 'another digest', step: 'Detect' },
      retryable: false,
      actor: 'model owner',
    },
    { error: { name: 'TransientError', message: 'lost' }, retryable: true, actor: 'nobody, it passes' },
    { error: { name: 'States.Timeout', message: 'too long' }, retryable: false, actor: 'operator' },
  ])('tells who can do something about $error.name (pitfall 50)', async ({ error, retryable, actor }) => {
    await api.options.jobs.create({ ...job, status: 'FAILED', error, endedAt: job.createdAt });
    const { name: code, ...rest } = error;
    const { explanation, ...told } = (await ask('GET', '/jobs/toy-1')).body.error;
    expect(told).toEqual({ code, ...rest, retryable, actor });
    expect(explanation.evidence).not.toEqual([]);
  });

  it.each(['QUEUED', 'RUNNING', 'FAILED', 'REJECTED'] as const)('has no result while it is %s', async (status) => {
    await api.options.jobs.create({ ...job, status });
    expect((await ask('GET', '/jobs/toy-1')).body.links.results).toBeUndefined();
    expect(await ask('GET', '/jobs/toy-1/results')).toMatchObject({ status: 409, body: { code: 'NoResult' } });
  });
});

describe('dead letters', () => {
  const endedAt = '2026-01-01T00:01:00.000Z';
  const error = { name: 'ModelError', message: 'another digest', step: 'Detect', details: { path: '/secret' } };

  beforeEach(async () => {
    for (const team of ['red', 'blue']) {
      const id = `toy-${team}`;
      await api.options.jobs.create(aJob({ id, team, status: 'FAILED', execution: id, error, endedAt }));
      await api.options.deadLetters.put({ jobId: id, workload: 'toy', team, execution: id, error, endedAt });
    }
  });

  it("are listed, a team's own", async () => {
    const { letters } = (await ask('GET', '/dead-letters')).body;
    expect(letters).toEqual([
      {
        jobId: 'toy-red',
        workload: 'toy',
        team: 'red',
        execution: 'toy-red',
        error: { name: 'ModelError', message: 'another digest', step: 'Detect' },
        endedAt,
      },
    ]);
  });

  it('are replayed once', async () => {
    const { status, body } = await ask('POST', '/dead-letters/toy-red/replay');
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'STARTING', execution: 'toy-red-redrive-1' });
    expect((await ask('GET', '/dead-letters')).body.letters).toEqual([]);
    expect(api.started).toHaveLength(1);
    await api.options.jobs.transition('toy-red', 'RUNNING');
    expect((await ask('POST', '/dead-letters/toy-red/replay')).body.code).toBe('NotReplayable');
  });

  it('are dropped once', async () => {
    expect((await ask('DELETE', '/dead-letters/toy-red')).status).toBe(204);
    expect((await ask('DELETE', '/dead-letters/toy-red')).status).toBe(404);
    expect((await api.options.jobs.get('toy-red'))!.status).toBe('FAILED');
  });
});

describe('workloads', () => {
  it('are listed', async () => {
    expect((await ask('GET', '/workloads')).body.workloads).toEqual([
      {
        name: 'toy',
        version: '1.0.0',
        title: 'Letters of words',
        description: 'Counts the letters of every word.',
        links: { self: 'workloads/toy' },
      },
    ]);
  });

  it('tell what they take, with defaults', async () => {
    const { body } = await ask('GET', '/workloads/toy');
    expect(body.input).toEqual({ min: 1, max: 1, endings: ['.txt'] });
    expect(body.params.properties.color).toEqual({ default: 'red', type: 'string', enum: ['red', 'green'] });
    expect(body.steps[1]).toMatchObject({ name: 'SplitWords', runs: 'container' });
    expect((await ask('GET', '/workloads/toys')).status).toBe(404);
  });
});

describe('uploads', () => {
  const body = { name: 'words.txt', mediaType: 'text/plain', maxBytes: 1000 };

  it('are signed for the team, one name, type and size (pitfall 33)', async () => {
    const s3 = await clientsAt('http://127.0.0.1:9').s3();
    const buckets = { uploadsBucket: 'uploads', workBucket: 'work', resultsBucket: 'results' };
    const signing = await openApiClient(jobsApi({ ...api.options, uploads: openUploads({ s3, ...buckets }) }));
    const answer = await signing('POST', '/uploads', { body });
    expect(answer.status).toBe(201);
    expect(answer.body.uri).toMatch(/^s3:\/\/uploads\/uploads\/red\/[\w-]+\/words\.txt$/);
    const policy = Buffer.from(answer.body.fields.Policy, 'base64').toString();
    expect(policy).toContain('["content-length-range",1,1000]');
  });

  it('that no S3 would take answer 400', async () => {
    expect((await ask('POST', '/uploads', { body: { ...body, maxBytes: 6 * 1024 ** 3 } })).status).toBe(400);
    expect((await ask('POST', '/uploads', { body: { ...body, mediaType: 'anything' } })).status).toBe(400);
  });

  it('are not offered where nothing is signed', async () => {
    expect((await ask('POST', '/uploads', { body })).status).toBe(501);
  });
});

describe('whatever else is asked', () => {
  it.each([
    { method: 'GET', path: '/nothing', status: 404, code: 'NoSuchRoute' },
    { method: 'GET', path: '/jobs/a/b', status: 404, code: 'NoSuchRoute' },
    { method: 'PUT', path: '/jobs', status: 405, code: 'MethodNotAllowed' },
    { method: 'DELETE', path: '/jobs/toy-1', status: 405, code: 'MethodNotAllowed' },
  ])('$method $path answers $status', async ({ method, path, status, code }) => {
    const answer = await ask(method, path);
    expect(answer).toMatchObject({ status, body: { type: `urn:stepreel:problem:${code}`, status, code } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    if (status === 405) expect(answer.headers.get('allow')).not.toBe('');
  });

  it('a fault of ours answers 500 without a word of it, and is told to the operator', async () => {
    const fault = new Error('secret path /var/x');
    const jobs = { ...api.options.jobs, create: async () => Promise.reject(fault) };
    const failing = await openApiClient(jobsApi({ ...api.options, jobs }));
    const { status, body } = await failing('POST', '/jobs', { body: submission });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(api.faults).toEqual([fault]);
  });

  it('a service that is down answers 503, and /health says which', async () => {
    const down = async () => Promise.reject(new TransientError('no answer'));
    const jobs = { ...api.options.jobs, get: down };
    const failing = await openApiClient(jobsApi({ ...api.options, jobs }));
    expect((await failing('GET', '/jobs/toy-1')).status).toBe(503);
    expect(await failing('GET', '/health')).toMatchObject({
      status: 503,
      body: { status: 'failing', dependencies: { jobs: 'failing', artifacts: 'ok' } },
    });
  });

  it('a path that climbs out of a store is only a job that is not there', async () => {
    expect((await ask('GET', `/jobs/${encodeURIComponent(join('..', 'x'))}`)).status).toBe(404);
  });
});
