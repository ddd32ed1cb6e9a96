import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import annotate from '#workloads/annotate/workload';
import { type DevServer, startDevServer } from '../helpers/dev-server.ts';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { frameTimes } from '../helpers/media-streams.ts';
import { descendantWith } from '../helpers/process-tree.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came.
  body: any;
}

async function ask({ url }: DevServer, method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

/** Asks again and again, as the old back end does. */
async function until(
  server: DevServer,
  path: string,
  isSo: (body: Answer['body']) => boolean,
): Promise<Answer['body']> {
  for (;;) {
    const { body } = await ask(server, 'GET', path);
    if (isSo(body)) return body;
    await sleep(200);
  }
}

const oldJob = (server: DevServer, id: string, isSo: (job: Answer['body']) => boolean) =>
  until(server, `/jobs/${id}?legacy=1`, ({ job }) => isSo(job)).then(({ job }) => job);
const hasEnded = ({ completed_at }: { completed_at: string | null }) => completed_at !== null;

let example: string;
beforeAll(async () => {
  const { drawExample } = await annotate.example!();
  example = (await drawExample(await testFolder()))[0]!.uri;
});

it('the example clip, through the API: the bytes of a run without one', async () => {
  const folder = await testFolder();
  const server = await startDevServer(folder, ['--input-root', dirname(example)]);
  const params = ['--param', 'preset=ultrafast', '--param', 'every=30'];
  const env = { STEPREEL_API: server.url };
  const submitted = await stepreel(['submit', 'annotate', '--input', example, ...params, '--json'], { env });
  const id = String(submitted.documents[0]!.id);
  const watched = await stepreel(['watch', id, '--json'], { env });
  expect(watched.documents.at(-1)).toMatchObject({ id, status: 'SUCCEEDED' });
  const [there, here] = [join(folder, 'there'), join(folder, 'here')];
  expect((await stepreel(['results', id, '--download', there], { env })).code).toBe(0);
  expect((await stepreel(['verify', there])).code).toBe(0);
  expect((await stepreel(['run', 'annotate', '--input', example, '--output', here, ...params])).code).toBe(0);
  expect(await resultDigests(there)).toEqual(await resultDigests(here));
  await server.stop();
});

describe('the old routes', () => {
  /** A server as an operator of the service before this one starts it: by its variables. */
  async function oldServer(videos: Record<string, (path: string) => Promise<unknown>>) {
    const folder = await testFolder();
    const uploads = join(folder, 'uploads');
    await mkdir(uploads);
    for (const [id, put] of Object.entries(videos)) await put(join(uploads, `${id}.mp4`));
    return await startDevServer(folder, [], {
      UPLOAD_DIR: uploads,
      FRAME_INTERVAL: '30',
      CONFIDENCE_THRESHOLD: '0.3',
    });
  }
  const clipOf = (seconds: number) => (path: string) => drawClip(dirname(path), { name: 'road-8.mp4', seconds });

  it('take the example clip from the request to the address of the annotated video', async () => {
    const server = await oldServer({ 'road-7': (path) => copyFile(example, path) });
    expect((await ask(server, 'POST', '/worker/stop')).body).toMatchObject({ worker_running: false });
    expect((await ask(server, 'GET', '/health')).body).toMatchObject({ status: 'ok', worker_running: false });
    const { status, body } = await ask(server, 'POST', '/jobs', { video_id: 'road-7' });
    expect([status, body.job.video_id, body.job.status, body.job.progress]).toEqual([201, 'road-7', 'pending', 0]);
    const { id } = body.job;
    expect((await ask(server, 'GET', '/jobs?legacy=1&status=pending')).body).toMatchObject({
      count: 1,
      jobs: [{ id }],
    });

    for (const _ of ['once', 'start called twice']) {
      const started = await ask(server, 'POST', '/worker/start');
      expect(started).toMatchObject({ status: 200, body: { worker_running: true } });
    }
    const job = await oldJob(server, id, hasEnded);
    expect(job).toMatchObject({ status: 'completed', progress: 100, error: null, video_id: 'road-7' });
    expect(job.created_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(job.result.stats).toMatchObject({ total_frames: 300, processed_frames: 10, video_duration: 12 });
    expect(Object.keys(job.result.stats.detection_stats)).toContain('vehicle');

    const video = join(await testFolder(), 'annotated.mp4');
    const response = await fetch(job.result.annotated_video_url);
    await writeFile(video, Buffer.from(await response.arrayBuffer()));
    expect(await frameTimes(video)).toEqual(await frameTimes(example));
    await server.stop();
  });

  it('stop during a job: it goes on to its end, and the next one waits', async () => {
    const server = await oldServer({ 'road-7': (path) => copyFile(example, path), 'road-8': clipOf(0.5) });
    const first = (await ask(server, 'POST', '/jobs', { video_id: 'road-7' })).body.job.id;
    await oldJob(server, first, ({ status }) => status === 'processing');
    await ask(server, 'POST', '/worker/stop');
    const second = (await ask(server, 'POST', '/jobs', { video_id: 'road-8' })).body.job.id;
    expect(await oldJob(server, first, hasEnded)).toMatchObject({ status: 'completed' });
    expect((await ask(server, 'GET', `/jobs/${second}?legacy=1`)).body.job).toMatchObject({ status: 'pending' });
    await ask(server, 'POST', '/worker/start');
    expect(await oldJob(server, second, hasEnded)).toMatchObject({ status: 'completed' });
    await server.stop();
  });

  it('file unreadable: the job has failed, and says why', async () => {
    const server = await oldServer({ notes: (path) => writeFile(path, 'These are my notes.\n'.repeat(100)) });
    const { job } = (await ask(server, 'POST', '/jobs', { video_id: 'notes' })).body;
    const ended = await oldJob(server, job.id, hasEnded);
    expect(ended).toMatchObject({ status: 'failed', result: null, error: expect.stringMatching(/^MediaError: /) });
    await server.stop();
  });

  it('video without file: 404, and no job', async () => {
    const server = await oldServer({});
    expect(await ask(server, 'POST', '/jobs', { video_id: 'road-9' })).toMatchObject({ status: 404 });
    expect((await ask(server, 'GET', '/jobs?legacy=1')).body).toEqual({ jobs: [], count: 0 });
    await server.stop();
  });
});

it('worker killed mid-job: the step is tried again, to the same bytes', async () => {
  const folder = await testFolder();
  const [clip, model] = [
    await drawClip(folder, { seconds: 20, size: '640x360', rate: 25 }),
    await tinyDetector(folder),
  ];
  const server = await startDevServer(folder);
  const params = { model, preset: 'ultrafast', every: 100 };
  const { body } = await ask(server, 'POST', '/jobs', { workload: 'annotate', input: clip, params });
  await until(server, `/jobs/${body.id}`, ({ progress }) => progress?.step === 'RenderVideo');
  const { parent: task } = await descendantWith(server.process.pid!, 'libx264');
  process.kill(task, 'SIGKILL');
  const job = await until(server, `/jobs/${body.id}`, ({ endedAt }) => endedAt !== undefined);
  expect(job).toMatchObject({ status: 'SUCCEEDED' });
  const { body: results } = await ask(server, 'GET', `/jobs/${body.id}/results`);
  const receipt = results.documents.find(({ path }: { path: string }) => path === 'receipt.json');
  const { steps } = JSON.parse(await (await fetch(new URL(receipt.href, `${server.url}/`))).text());
  expect(steps.find(({ step }: { step: string }) => step === 'RenderVideo').attempts).toBe(2);

  const plain = join(folder, 'plain');
  const args = Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
  await stepreel(['run', 'annotate', '--input', clip, '--output', plain, ...args]);
  const video = results.files.find(({ path }: { path: string }) => path === 'annotated.mp4');
  const bytes = Buffer.from(await (await fetch(new URL(video.href, `${server.url}/`))).arrayBuffer());
  expect(bytes.equals(await readFile(join(plain, 'annotated.mp4')))).toBe(true);
  await server.stop();
});

it('two instances racing for one job: one state folder has one server', async () => {
  const folder = await testFolder();
  const clip = await drawClip(folder, { seconds: 0.5 });
  const first = await startDevServer(folder);
  const second = await stepreel(['dev', '--port', '0'], { cwd: folder });
  expect(second).toMatchObject({ code: 64, stderr: expect.stringContaining('--state') });
  const headers = { 'content-type': 'application/json', 'Idempotency-Key': 'monday' };
  const params = { model: await tinyDetector(folder), preset: 'ultrafast' };
  const request = { method: 'POST', headers, body: JSON.stringify({ workload: 'annotate', input: clip, params }) };
  // Many clients at the same moment, one key: one job.
  const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${first.url}/jobs`, request)));
  // Who comes while the first one is being answered is told to come again.
  expect(answers.every(({ status }) => [200, 202, 409].includes(status))).toBe(true);
  const { body } = await ask(first, 'GET', '/jobs');
  expect(body.jobs).toHaveLength(1);
  const [{ id }] = body.jobs;
  await until(first, `/jobs/${id}`, ({ endedAt }) => endedAt !== undefined);
  const { body: events } = await ask(first, 'GET', `/jobs/${id}/events`);
  const starts = events.events.filter(({ type }: { type: string }) => type === 'ExecutionStarted');
  expect(starts).toHaveLength(1);
  await first.stop();
});
