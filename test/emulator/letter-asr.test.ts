import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawExample } from '#workloads/letter-asr/example';
import { testFolder } from '../helpers/folder.ts';
import { resultDigests } from '../helpers/result-digests.ts';
import { stepreel } from '../helpers/stepreel.ts';
import { openClient } from './client.ts';
import { deployPlatform } from './operator.ts';

describe.skipIf(!process.env.AWS_ENDPOINT_URL)('letter-asr, deployed under AWS_ENDPOINT_URL', () => {
  let client: ReturnType<typeof openClient>;
  let files: { name: string; path: string; uri: string }[];

  beforeAll(async () => {
    const folder = await testFolder();
    client = openClient(await deployPlatform(folder));
    files = [];
    for (const { name, uri: path } of await drawExample(folder)) {
      const mediaType = name.endsWith('.wav') ? 'audio/wav' : 'application/json';
      files.push({ name, path, uri: await client.upload(name, await readFile(path), mediaType) });
    }
  });

  it('makes of the example the same bytes as the laptop does', async () => {
    const id = await client.submit({ workload: 'letter-asr', input: files.map(({ uri }) => uri) });
    expect(await client.ended(id)).toMatchObject({ status: 'SUCCEEDED', degraded: [] });
    const [there, here] = [join(await testFolder(), 'there'), join(await testFolder(), 'here')];
    await client.fetchResult(id, there);
    expect((await stepreel(['verify', there])).code).toBe(0);
    const inputs = files.flatMap(({ path }) => ['--input', path]);
    expect((await stepreel(['run', 'letter-asr', ...inputs, '--output', here])).code).toBe(0);
    expect(await resultDigests(there)).toEqual(await resultDigests(here));
  });

  it('makes a job of each activity of a batch', async () => {
    const items = [3, 1].map((phrasesPerShard) => ({
      input: files.map(({ uri }) => uri),
      params: { phrasesPerShard },
    }));
    const { status, body: batch } = await client.call('POST', 'batches', { workload: 'letter-asr', items });
    expect(status).toBe(202);
    await expect
      .poll(async () => (await client.call('GET', `batches/${batch.id}`)).body, { timeout: 240_000, interval: 1_000 })
      .toMatchObject({ total: 2, counts: { SUCCEEDED: 2 } });
  });

  it('is partial when a phrase has no sound', async () => {
    const without = files.filter(({ name }) => !name.includes('_001_'));
    const id = await client.submit({ workload: 'letter-asr', input: without.map(({ uri }) => uri) });
    expect(await client.ended(id)).toMatchObject({ status: 'PARTIAL' });
  });
});
