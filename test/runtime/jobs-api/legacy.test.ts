import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openInputListing } from '#adapters/local/input-listing';
import type { Job } from '#core/job';
import { MANIFEST } from '#core/manifest';
import type { Uploads } from '#core/ports';
import type { Workload } from '#core/workload';
import { jobsApi } from '#runtime/jobs-api/app';
import { videoLookup } from '#runtime/jobs-api/legacy-lookup';
import { aJob } from '../../conformance/job-store.ts';
import { anApi, type LocalApi, openApiClient } from '../../helpers/jobs-api.ts';
import { aFolder } from '../../helpers/state-folder.ts';
import { toyWorkloads } from '../../helpers/toy/platform.ts';
import { leaveStep, toyManifest } from '../../helpers/toy/result.ts';

/** The toy under the names that existing clients know. */
const named = (name: string) => async () => ({ ...(await toyWorkloads.toy()), name }) as Workload;

let api: LocalApi;
let ask: LocalApi['ask'];
let videos: string;

beforeEach(async () => {
  api = await anApi(aFolder(), { ...toyWorkloads, 'clip-qc': named('clip-qc'), annotate: named('annotate') });
  videos = aFolder();
  writeFileSync(join(videos, 'road-7.txt'), 'one two');
  const uploads = { link: async (key: string) => `http://files/${key}` } as unknown as Uploads;
  const options = { ...api.options, listing: openInputListing(), uploads };
  ask = await openApiClient(
    jobsApi({
      ...options,
      videoUri: videoLookup(join(videos, '{video_id}.txt')),
      videoParams: { color: 'green' },
      clipUri: (key) => join(videos, key),
    }),
  );
});

/** A job of the team that has ended with these files. */
async function finished(changes: Partial<Job>, files: Record<string, unknown>): Promise<string> {
  const job = aJob({ team: 'red', status: 'SUCCEEDED', endedAt: '2026-01-01T00:01:00.000Z', ...changes });
  await api.options.jobs.create(job);
  const texts = Object.entries(files).map(([name, content]) => [name, JSON.stringify(content)]);
  const artifacts = await leaveStep(api.options, job, 'SplitWords', Object.fromEntries(texts));
  await leaveStep(api.options, job, 'WriteReport', { [MANIFEST]: toyManifest(artifacts) });
  return job.id;
}

describe('POST /predict', () => {
  it.each([
    { name: 's3_uri', body: { s3_uri: '/clips/a.txt' }, uri: '/clips/a.txt' },
    { name: 's3_key', body: { s3_key: 'road-7.txt' }, uri: 'road-7.txt' },
  ])('submits what $name names to clip-qc', async ({ body, uri }) => {
    const answer = await ask('POST', '/predict', { body: { ...body, config_overrides: { color: 'green' } } });
    expect(answer).toMatchObject({
      status: 202,
      body: { status: expect.stringMatching(/pending|claimed/), prediction: null, completed_at: null, error: null },
    });
    const job = (await api.options.jobs.get(answer.body.job_id))!;
    expect(job).toMatchObject({ workload: 'clip-qc', team: 'red', params: { color: 'green' } });
    expect(job.input[0]!.uri.endsWith(uri)).toBe(true);
  });

  it('makes one job of one Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': 'monday' };
    const first = await ask('POST', '/predict', { body: { s3_uri: '/a.txt' }, headers });
    const second = await ask('POST', '/predict', { body: { s3_uri: '/a.txt' }, headers });
    expect([first.status, second.body.job_id]).toEqual([202, first.body.job_id]);
    expect((await ask('POST', '/predict', { body: { s3_uri: '/b.txt' }, headers })).status).toBe(422);
  });

  it.each([
    { name: 'no clip', body: {} },
    { name: 'two clips', body: { s3_uri: 's3://a/b', s3_key: 'c' } },
    { name: 'a parameter that there is not', body: { s3_uri: '/a.txt', config_overrides: { color: 'blue' } } },
  ])('refuses $name', async ({ body }) => {
    expect((await ask('POST', '/predict', { body })).status).toBe(400);
  });
});

describe('GET /predict/{job_id}', () => {
  it('gives the prediction of a job that has completed', async () => {
    const prediction = { artifact: true, confidence: 0.93, artifact_category: 'TEMPORAL_FLICKER' };
    await finished({ id: 'clip-qc-1', workload: 'clip-qc' }, { 'prediction.json': prediction });
    expect((await ask('GET', '/predict/clip-qc-1')).body).toEqual({
      job_id: 'clip-qc-1',
      status: 'completed',
      prediction,
      created_at: '2026-01-01T00:00:00.000Z',
      completed_at: '2026-01-01T00:01:00.000Z',
      error: null,
    });
  });

  it('says why there is none', async () => {
    const error = { name: 'MediaError', message: 'no picture' };
    await api.options.jobs.create(
      aJob({ id: 'clip-qc-2', workload: 'clip-qc', team: 'red', status: 'REJECTED', error }),
    );
    expect((await ask('GET', '/predict/clip-qc-2')).body).toMatchObject({
      status: 'failed',
      prediction: null,
      error: 'MediaError: no picture',
    });
  });

  it("finds no stranger's job", async () => {
    await api.options.jobs.create(aJob({ id: 'clip-qc-3', workload: 'clip-qc', team: 'blue' }));
    expect((await ask('GET', '/predict/clip-qc-3')).body.code).toBe('NoSuchJob');
    expect((await ask('GET', '/predict/..%2Fhealth')).body.code).toBe('NoSuchJob');
  });
});

describe('POST /batch', () => {
  const items = ['road-7.txt', 'road-8.txt'];

  it.each([
    { name: 'a list of addresses', body: items },
    { name: 'a list and parameters', body: { s3_uris: items, config_overrides: { color: 'green' } } },
  ])('makes a batch of $name', async ({ body }) => {
    const woken: string[] = [];
    const wakeBatch = async (id: string) => void woken.push(id);
    const withBatches = await openApiClient(jobsApi({ ...api.options, listing: openInputListing(), wakeBatch }));
    const answer = await withBatches('POST', '/batch', { body });
    expect(answer).toMatchObject({ status: 202, body: { count: 2 } });
    expect(woken).toEqual([answer.body.batch_id]);
    const batch = (await withBatches('GET', `/${answer.body.links.self}`)).body;
    expect(batch).toMatchObject({ workload: 'clip-qc', total: 2, team: 'red' });
  });

  it('refuses an empty list', async () => {
    expect((await ask('POST', '/batch', { body: [] })).status).toBe(400);
  });
});

describe('POST /jobs {video_id}', () => {
  it('submits the video of that id to annotate, and answers in the old shape', async () => {
    const { status, body, headers } = await ask('POST', '/jobs', { body: { video_id: 'road-7' } });
    expect(status).toBe(201);
    expect(body.job).toMatchObject({ video_id: 'road-7', progress: 0, completed_at: null, result: null, error: null });
    expect(headers.get('location')).toBe(`jobs/${body.job.id}`);
    const job = (await api.options.jobs.get(body.job.id))!;
    expect(job).toMatchObject({
      workload: 'annotate',
      input: [{ uri: join(videos, 'road-7.txt') }],
      params: { color: 'green' },
    });
  });

  it.each([
    { name: 'unknown video: an id that no video has', body: { video_id: 'road-8' }, status: 404, code: 'NoSuchVideo' },
    {
      name: 'malformed id: one that leads elsewhere',
      body: { video_id: '../road-7' },
      status: 400,
      code: 'InputError',
    },
    { name: 'malformed id: one that is no text', body: { video_id: 7 }, status: 400, code: 'InputError' },
    { name: 'missing id: an empty request', body: {}, status: 400, code: 'InputError' },
  ])('refuses $name with $status', async ({ body, status, code }) => {
    expect(await ask('POST', '/jobs', { body })).toMatchObject({ status, body: { code } });
  });

  it('is refused where nobody has said where videos lie', async () => {
    const without = await openApiClient(jobsApi(api.options));
    expect((await without('POST', '/jobs', { body: { video_id: 'road-7' } })).body).toMatchObject({
      status: 400,
      code: 'NoVideoIds',
      hint: expect.stringContaining('STEPREEL_VIDEOS'),
    });
  });
});

describe('?legacy=1', () => {
  const job = { workload: 'annotate', team: 'red', tags: { video_id: 'road-7' } };

  it.each([
    { state: 'QUEUED', status: 'pending' },
    { state: 'STARTING', status: 'claimed' },
    { state: 'RUNNING', status: 'processing' },
    { state: 'CANCELING', status: 'processing' },
    { state: 'FAILED', status: 'failed' },
    { state: 'REJECTED', status: 'failed' },
    { state: 'TIMED_OUT', status: 'failed' },
    { state: 'CANCELED', status: 'failed' },
  ] as const)('calls a job that is $state $status', async ({ state, status }) => {
    await api.options.jobs.create(aJob({ ...job, id: 'annotate-1', status: state }));
    expect((await ask('GET', '/jobs/annotate-1?legacy=1')).body.job).toMatchObject({ status, video_id: 'road-7' });
  });

  it('tells how far a job is', async () => {
    const progress = { step: 'DrawBoxes', percent: 75, done: 752, total: 1000 };
    await api.options.jobs.create(aJob({ ...job, id: 'annotate-1', status: 'RUNNING', progress }));
    expect((await ask('GET', '/jobs/annotate-1?legacy=1')).body.job).toMatchObject({
      progress: 75,
      status_message: 'DrawBoxes: 752 of 1000',
    });
  });

  it('gives the address of the annotated video, and the statistics', async () => {
    const id = await finished(
      { ...job, id: 'annotate-2' },
      { 'annotated.mp4': 'x', 'stats.json': { total_frames: 3 } },
    );
    const { body } = await ask('GET', `/jobs/${id}?legacy=1`);
    expect(body.job).toMatchObject({ status: 'completed', progress: 100, completed_at: '2026-01-01T00:01:00.000Z' });
    expect(body.job.result).toEqual({
      annotated_video_url: expect.stringMatching(/^http:\/\/files\/.*annotated\.mp4$/),
      stats: { total_frames: 3 },
    });
  });

  it('lists the jobs of annotate with their count, by the old names of states too', async () => {
    await api.options.jobs.create(aJob({ ...job, id: 'annotate-1', status: 'QUEUED' }));
    await api.options.jobs.create(aJob({ ...job, id: 'annotate-2', status: 'FAILED' }));
    await api.options.jobs.create(aJob({ id: 'toy-1', team: 'red' }));
    expect((await ask('GET', '/jobs?legacy=1')).body).toMatchObject({ count: 2 });
    expect((await ask('GET', '/jobs?legacy=1&status=pending')).body).toMatchObject({
      jobs: [{ id: 'annotate-1', status: 'pending' }],
      count: 1,
    });
  });

  it('list with unknown status: 400, and the ones that there are', async () => {
    expect(await ask('GET', '/jobs?legacy=1&status=waiting')).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/status: .*pending, claimed/) },
    });
  });

  it('malformed id of a job: 404', async () => {
    for (const id of ['%00', '..%2f', 'nobody', '64af9']) {
      expect((await ask('GET', `/jobs/${id}?legacy=1`)).status, id).toBe(404);
    }
  });

  it('is not needed to get what everybody gets', async () => {
    await api.options.jobs.create(aJob({ ...job, id: 'annotate-1' }));
    expect((await ask('GET', '/jobs')).body.jobs).toMatchObject([{ id: 'annotate-1', status: 'QUEUED' }]);
    expect((await ask('GET', '/jobs/annotate-1')).body).toMatchObject({ id: 'annotate-1', workload: 'annotate' });
  });
});

describe('GET /health', () => {
  it('has the old fields, and says when nothing is admitted', async () => {
    expect((await ask('GET', '/health')).body).toMatchObject({
      status: 'ok',
      service: 'stepreel',
      worker_running: true,
    });
    await ask('POST', '/worker/stop', { operator: true });
    expect((await ask('GET', '/health')).body.worker_running).toBe(false);
    await ask('POST', '/worker/start', { operator: true });
    expect((await ask('GET', '/health')).body.worker_running).toBe(true);
  });
});

it('start called twice leaves the worker running, and stop called twice leaves it stopped', async () => {
  for (const [path, worker_running] of [
    ['/worker/start', true],
    ['/worker/start', true],
    ['/worker/stop', false],
    ['/worker/stop', false],
  ] as const) {
    expect(await ask('POST', path, { operator: true })).toMatchObject({ status: 200, body: { worker_running } });
  }
});

it('stopping and starting the worker is for operators', async () => {
  for (const path of ['/worker/stop', '/worker/start']) {
    expect((await ask('POST', path)).status).toBe(403);
    expect((await ask('POST', path, { operator: true })).status).toBe(200);
  }
});

it.each([
  { method: 'POST', path: '/predict', body: { s3_uri: '/a.txt' } },
  { method: 'POST', path: '/batch', body: ['/a.txt'] },
  { method: 'POST', path: '/jobs', body: { video_id: 'road-7' } },
])('$method $path is not there where its workload is not', async ({ method, path, body }) => {
  const { options } = await anApi();
  const without = await openApiClient(jobsApi({ ...options, videoUri: videoLookup('/videos/{video_id}.mp4') }));
  expect(await without(method, path, { body })).toMatchObject({ status: 404, body: { code: 'NoSuchWorkload' } });
});

it.each(['s3://bucket/videos', 's3://bucket/{video_id}/{video_id}.mp4', ''])(
  '%j is no pattern for videos',
  (pattern) => {
    expect(() => videoLookup(pattern)).toThrow(/STEPREEL_VIDEOS.*\{video_id\}/);
  },
);
