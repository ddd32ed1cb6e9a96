import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import type { Kind } from '#workloads/clip-qc/example/kinds';
import { predictionSchema } from '#workloads/clip-qc/prediction';
import { type DevServer, startDevServer } from '../helpers/dev-server.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';

// An application that was written for the system before this one, against `stepreel dev` and the real workload.

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
let folder: string;
let server: DevServer;
let mutating: string;

beforeAll(async () => {
  folder = await testFolder();
  mutating = await aClip('text-mutation');
  await aClip('clean-text');
  server = await startDevServer(folder);
});
afterAll(async () => void (await server.stop()));

async function aClip(kind: Kind): Promise<string> {
  const film = inventFilm(kind, 7, { width: 640, height: 360, seconds: 3, framesPerSecond: 5, backdrops: ['clouds'] });
  return encodeFilm(film, folder, `${kind}.mp4`);
}

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came.
  return { status: response.status, body: (await response.json()) as any };
}

/** Asks again and again until a job is over, as the old client did. */
async function completed(id: string) {
  for (let tries = 0; tries < 200; tries += 1) {
    const { status, body } = await ask('GET', `predict/${id}`);
    expect(status).toBe(200);
    if (body.status === 'completed' || body.status === 'failed') return body;
    expect(body).toMatchObject({ status: expect.stringMatching(/^(pending|claimed|processing)$/), prediction: null });
    await sleep(300);
  }
  throw new Error(`${id} was not over within a minute.`);
}

describe('the old client', () => {
  it('sends a clip with POST /predict {s3_uri} and asks GET /predict/{id} until it is completed', async () => {
    const { status, body } = await ask('POST', 'predict', { s3_uri: mutating, config_overrides: { threshold: 0.6 } });
    expect(status).toBe(202);
    expect(Object.keys(body)).toEqual(['job_id', 'status', 'prediction', 'created_at', 'completed_at', 'error']);
    const record = await completed(body.job_id);
    expect(record).toEqual({
      job_id: body.job_id,
      status: 'completed',
      prediction: expect.objectContaining({ clip_id: 'text-mutation', artifact_category: 'TEXT_INCONSISTENCY' }),
      created_at: expect.stringMatching(TIME),
      completed_at: expect.stringMatching(TIME),
      error: null,
    });
    const { evidence } = predictionSchema.parse(record.prediction);
    expect(evidence!.bounding_boxes.length).toBeGreaterThan(0);
    expect(evidence!.frames).toHaveLength(evidence!.timestamps.length);

    const plain = join(await testFolder(), 'plain');
    await stepreel(['run', 'clip-qc', '--input', mutating, '--param', 'threshold=0.6', '--output', plain]);
    expect(record.prediction).toEqual(JSON.parse(await readFile(join(plain, 'prediction.json'), 'utf8')));
  });

  it('uploads a clip as multipart/form-data, and names it by its upload_id', async () => {
    const bytes = await readFile(mutating);
    const { body: way } = await ask('POST', 'uploads', {
      name: 'sent.mp4',
      mediaType: 'video/mp4',
      bytes: bytes.length,
    });
    const form = new FormData();
    for (const [field, value] of Object.entries(way.fields as Record<string, string>)) form.set(field, value);
    form.set('file', new Blob([bytes], { type: 'video/mp4' }), 'sent.mp4');
    expect((await fetch(way.url, { method: 'POST', body: form })).ok).toBe(true);
    expect((await ask('POST', `uploads/${way.id}/complete`, {})).status).toBeLessThan(300);

    const { status, body } = await ask('POST', 'predict', { upload_id: way.id });
    expect([status, body.error]).toEqual([202, null]);
    expect(await completed(body.job_id)).toMatchObject({
      status: 'completed',
      prediction: { clip_id: 'sent', artifact: true, artifact_category: 'TEXT_INCONSISTENCY' },
    });
  });

  it('sends many clips with POST /batch, each of which becomes a job', async () => {
    const clean = join(folder, 'clean-text.mp4');
    const { status, body } = await ask('POST', 'batch', { s3_uris: [mutating, clean] });
    expect([status, body.count]).toEqual([202, 2]);
    await expect
      .poll(async () => (await ask('GET', body.links.self)).body, { timeout: 60_000, interval: 500 })
      .toMatchObject({ total: 2, counts: { SUCCEEDED: 2 } });
    const { body: listed } = await ask('GET', `jobs?batch=${body.batch_id}`);
    const records = await Promise.all(listed.jobs.map(({ id }: { id: string }) => completed(id)));
    expect(records.map(({ prediction }) => [prediction.clip_id, prediction.artifact]).sort()).toEqual([
      ['clean-text', false],
      ['text-mutation', true],
    ]);
  });

  it('learns why a clip could not be judged', async () => {
    const broken = join(folder, 'broken.mp4');
    await writeFile(broken, 'no video');
    const { body } = await ask('POST', 'predict', { s3_uri: broken });
    expect(await completed(body.job_id)).toMatchObject({
      ...{ status: 'failed', prediction: null, completed_at: expect.stringMatching(TIME) },
      error: expect.stringMatching(/^MediaError: .*broken\.mp4/),
    });
    expect((await ask('POST', 'predict', { s3_uri: join(folder, 'nothing.mp4') })).status).toBe(400);
    expect((await ask('GET', 'predict/clip-qc-0')).status).toBe(404);
  });
});
