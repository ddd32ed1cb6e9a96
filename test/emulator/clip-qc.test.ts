import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeFilm } from '#workloads/clip-qc/example/encode-film';
import { inventFilm } from '#workloads/clip-qc/example/film';
import type { Kind } from '#workloads/clip-qc/example/kinds';
import { predictionSchema } from '#workloads/clip-qc/prediction';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { openClient } from './client.ts';
import { deployPlatform } from './operator.ts';

/** What an application that was written for the system before this one does with a deployed platform. */
describe.skipIf(!process.env.AWS_ENDPOINT_URL)('clip-qc, deployed under AWS_ENDPOINT_URL', () => {
  let client: ReturnType<typeof openClient>;
  let folder: string;

  beforeAll(async () => {
    folder = await testFolder();
    client = openClient(await deployPlatform(folder));
  });

  async function aClip(kind: Kind) {
    const size = { width: 640, height: 360, seconds: 3, framesPerSecond: 5 };
    const path = await encodeFilm(inventFilm(kind, 7, { ...size, backdrops: ['clouds'] }), folder, `${kind}.mp4`);
    return { path, uri: await client.upload(`${kind}.mp4`, await readFile(path)) };
  }

  /** Asks again and again until a job is over, as the old client did. */
  async function completed(id: string) {
    const ask = async () => (await client.call('GET', `predict/${id}`)).body;
    await expect
      .poll(async () => (await ask()).status, { timeout: 240_000, interval: 1_000 })
      .toMatch(/^(completed|failed)$/);
    return ask();
  }

  it('answers POST /predict and GET /predict/{id} in the old shape, with the bytes of a laptop', async () => {
    const { path, uri } = await aClip('text-mutation');
    const { status, body } = await client.call('POST', 'predict', { s3_uri: uri });
    expect([status, Object.keys(body)]).toEqual([
      202,
      ['job_id', 'status', 'prediction', 'created_at', 'completed_at', 'error'],
    ]);
    const record = await completed(body.job_id);
    expect(record).toMatchObject({ job_id: body.job_id, status: 'completed', error: null });
    expect(Date.parse(record.completed_at)).toBeGreaterThan(Date.parse(record.created_at));
    expect(predictionSchema.parse(record.prediction)).toMatchObject({
      artifact: true,
      artifact_category: 'TEXT_INCONSISTENCY',
    });

    const here = join(await testFolder(), 'here');
    expect((await stepreel(['run', 'clip-qc', '--input', path, '--output', here])).code).toBe(0);
    expect(record.prediction).toEqual(JSON.parse(await readFile(join(here, 'prediction.json'), 'utf8')));
  });

  it('makes a job of every clip of POST /batch', async () => {
    const uris = [(await aClip('clean-text')).uri, (await aClip('text-mutation')).uri];
    const { status, body } = await client.call('POST', 'batch', { s3_uris: uris });
    expect([status, body.count]).toEqual([202, 2]);
    await expect
      .poll(async () => (await client.call('GET', body.links.self)).body, { timeout: 240_000, interval: 1_000 })
      .toMatchObject({ total: 2, counts: { SUCCEEDED: 2 } });
    const { body: listed } = await client.call('GET', `jobs?batch=${body.batch_id}`);
    const records = await Promise.all(listed.jobs.map(({ id }: { id: string }) => completed(id)));
    expect(records.map(({ prediction }) => prediction.artifact).sort()).toEqual([false, true]);
  });

  it('says in the old words why a clip could not be judged', async () => {
    const uri = await client.upload('notes.mp4', Buffer.from('These are my notes.\n'.repeat(100)));
    const { body } = await client.call('POST', 'predict', { s3_uri: uri });
    expect(await completed(body.job_id)).toMatchObject({
      ...{ status: 'failed', prediction: null },
      error: expect.stringMatching(/^MediaError: /),
    });
  });
});
