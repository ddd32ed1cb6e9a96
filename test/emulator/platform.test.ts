import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import dataset from '#workloads/dataset/workload';
import { testFolder } from '../helpers/folder.ts';
import { isAlive } from '../helpers/process-tree.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { openClient } from './client.ts';
import { dropObject, executionsOf, releaseFault, taskOf, tellAgain } from './faults.ts';
import { deployPlatform, letIn } from './operator.ts';

/** What an operator and an application do with a deployed platform, and what goes wrong for them. */
describe.skipIf(!process.env.AWS_ENDPOINT_URL)('the platform, deployed under AWS_ENDPOINT_URL', () => {
  let platform: Awaited<ReturnType<typeof deployPlatform>>;
  let client: ReturnType<typeof openClient>;
  let example: { clip: Uint8Array; name: string; folder: string };

  beforeAll(async () => {
    platform = await deployPlatform(await testFolder());
    client = openClient(platform);
    const folder = await testFolder();
    const { drawExample } = await dataset.example!();
    const [input] = await drawExample(folder);
    example = { clip: await readFile(input!.uri), name: input!.name, folder };
  });

  it('answers for its health to anybody', async () => {
    expect(await openClient({ api: platform.api }).call('GET', 'health')).toMatchObject({
      status: 200,
      body: { status: 'ok', dependencies: { jobs: 'ok', artifacts: 'ok', queue: 'ok' } },
    });
  });

  it.each([
    { name: 'nobody', apiKey: undefined },
    { name: 'somebody with a key that nobody was given', apiKey: randomUUID() },
  ])('lets $name see no jobs', async ({ apiKey }) => {
    const stranger = openClient({ api: platform.api, ...(apiKey ? { apiKey } : {}) });
    const { status } = await stranger.call('GET', 'dead-letters');
    expect([401, 403]).toContain(status);
  });

  it('makes of the example clip the same bytes as the laptop does', async () => {
    const uri = await client.upload(example.name, example.clip);
    const id = await client.submit({ workload: 'dataset', input: uri });
    expect(await client.ended(id)).toMatchObject({ status: 'SUCCEEDED', team: 'perception', degraded: [] });

    const [there, here] = [join(await testFolder(), 'there'), join(await testFolder(), 'here')];
    await client.fetchResult(id, there);
    expect((await stepreel(['verify', there])).code).toBe(0);
    const run = await stepreel(['run', 'dataset', '--input', join(example.folder, example.name), '--output', here]);
    expect(run.code).toBe(0);
    expect(await resultDigests(there)).toEqual(await resultDigests(here));
  });

  it('makes a job of an object under incoming/, once, with the parameters beside it', async () => {
    const key = `incoming/dataset/${randomUUID()}/${example.name.toUpperCase()}`;
    await dropObject(`${key}.json`, JSON.stringify({ every: 50 }));
    const { id, object } = await dropObject(key, example.clip);
    await tellAgain(object);
    const own = openClient({ api: platform.api, apiKey: await letIn('default') });
    expect(await own.ended(id)).toMatchObject({ status: 'SUCCEEDED', params: { every: 50 } });
    expect(await executionsOf(id)).toBe(1);
    expect(await client.call('GET', `jobs/${id}`)).toMatchObject({ status: 404 });
  });

  it('refuses what is no video, and calls that no failure', async () => {
    const uri = await client.upload('notes.mp4', Buffer.from('These are my notes.\n'.repeat(100)));
    const id = await client.submit({ workload: 'dataset', input: uri });
    expect(await client.ended(id)).toMatchObject({
      status: 'REJECTED',
      error: { code: 'MediaError', retryable: false, actor: 'submitter', step: 'ValidateInput' },
    });
    expect(await lettersOf(id)).toEqual([]);
  });

  it('tells everything that is wrong with a request, and starts nothing', async () => {
    const { status, body } = await client.call('POST', 'jobs', {
      workload: 'dataset',
      input: 's3://elsewhere/clip.mp4',
      params: { confidence: 2, evrey: 3 },
    });
    expect(status).toBe(400);
    expect(body.problems).toHaveLength(2);
  });

  it('gives the same job for the same key, and refuses another request under it', async () => {
    const key = randomUUID();
    const uri = await client.upload(example.name, example.clip);
    const request = { workload: 'dataset', input: uri, params: { every: 60 } };
    const id = await client.submit(request, key);
    expect(await client.submit(request, key)).toBe(id);
    const other = await client.call('POST', 'jobs', { ...request, params: { every: 61 } }, { 'Idempotency-Key': key });
    expect(other).toMatchObject({ status: 422, body: { code: 'KeyReused' } });
    expect(await client.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('makes a job of every item of a batch that can be one, and says which can not', async () => {
    const uri = await client.upload(example.name, example.clip);
    const items = [{ input: uri, params: { every: 40 } }, { input: uri, params: { every: 80 } }, { input: 'nowhere' }];
    const { status, body: batch } = await client.call('POST', 'batches', { workload: 'dataset', items });
    expect(status).toBe(202);
    await expect
      .poll(async () => (await client.call('GET', `batches/${batch.id}`)).body, { timeout: 120_000, interval: 1_000 })
      .toMatchObject({ total: 3, submitted: 2, refused: 1, counts: { SUCCEEDED: 2 } });
    const { body: listed } = await client.call('GET', `jobs?batch=${batch.id}`);
    expect(listed.jobs).toHaveLength(2);
  });

  it('does again only what a clone changes, and tells what was spent', async () => {
    const uri = await client.upload(example.name, example.clip);
    const id = await client.submit({ workload: 'dataset', input: uri, params: { every: 50 } });
    expect(await client.ended(id)).toMatchObject({ status: 'SUCCEEDED', charge: { usd: expect.any(Number) } });
    const { body: clone } = await client.call('POST', `jobs/${id}/clone`, { params: { confidence: 0.6 } });
    expect(await client.ended(clone.id)).toMatchObject({
      status: 'SUCCEEDED',
      clonedFrom: id,
      reused: expect.arrayContaining([{ step: 'ExtractFrames', from: id }]),
    });
    const { body: usage } = await client.call('GET', 'usage?by=workload');
    expect(JSON.stringify(usage)).toContain('dataset');
  });

  it('cancels a job, whose task then ends, and gives its place back', async () => {
    const uri = await client.upload(example.name, example.clip);
    const id = await client.submit({ workload: 'dataset', input: uri, params: { every: 1 } });
    const task = await taskOf(id);
    expect((await client.call('POST', `jobs/${id}/cancel`)).status).toBeLessThan(300);
    expect(await client.ended(id)).toMatchObject({ status: 'CANCELED' });
    await expect.poll(() => isAlive(task), { timeout: 60_000 }).toBe(false);
    const { body: queue } = await client.call('GET', 'queue');
    expect(queue.pools).toContainEqual(expect.objectContaining({ pool: 'cpu', underWay: 0 }));
  });

  it('runs a task again that was killed, to the same end', async () => {
    const uri = await client.upload(example.name, example.clip);
    const id = await client.submit({ workload: 'dataset', input: uri });
    process.kill(await taskOf(id), 'SIGKILL');
    expect(await client.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('keeps a job whose container exits 3 as a dead letter, which can be replayed', async () => {
    const uri = await client.upload(example.name, example.clip);
    const rollBack = await releaseFault('process.exit(3)');
    const id = await client.submit({ workload: 'dataset', input: uri, params: { every: 60 } });
    expect(await client.ended(id).finally(rollBack)).toMatchObject({
      status: 'FAILED',
      error: { code: 'States.TaskFailed', step: 'ExtractFrames' },
    });
    expect(await lettersOf(id)).toMatchObject([{ jobId: id, workload: 'dataset' }]);

    expect(await client.call('POST', `dead-letters/${id}/replay`)).toMatchObject({ status: 202 });
    expect(await client.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await lettersOf(id)).toEqual([]);
  });

  async function lettersOf(id: string) {
    const { body } = await client.call('GET', 'dead-letters');
    return body.letters.filter(({ jobId }: { jobId: string }) => jobId === id);
  }
});
