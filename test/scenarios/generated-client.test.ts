import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startDevServer } from '../helpers/dev-server.ts';
import { drawClip } from '../helpers/draw-clip.ts';
import { testFolder } from '../helpers/folder.ts';
import { generatedClient } from '../helpers/generated-client.ts';
import { tinyDetector } from '../helpers/tiny-detector.ts';

/** What somebody would write who knows the generated client only: no casts, no `any`. */
const PROGRAM = `
import { setTimeout as sleep } from 'node:timers/promises';
import { cancelJob, defaults, type Job, listJobs, type Problem, readJob, readResults, readWorkload, submitJob } from './client.js';

const [url, clip, longClip, model] = process.argv.slice(2) as [string, string, string, string];
defaults.baseUrl = url;

async function submit(input: string): Promise<Job> {
  const { status, data } = await submitJob({ workload: 'dataset', input, params: { model }, tags: { from: 'client' } });
  if (status === 202) return data;
  throw new Error(JSON.stringify(data));
}

async function read(id: string): Promise<Job> {
  const { status, data } = await readJob(id);
  if (status === 200) return data;
  throw new Error(data.detail);
}

async function ended(id: string): Promise<Job> {
  for (;;) {
    const job = await read(id);
    if (job.endedAt !== undefined) return job;
    await sleep(100);
  }
}

async function listed(): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listJobs({ limit: 1, ...(cursor === undefined ? {} : { cursor }) });
    if (page.status !== 200) throw new Error(page.data.detail);
    ids.push(...page.data.jobs.map(({ id }) => id));
    cursor = page.data.next;
  } while (cursor !== undefined);
  return ids;
}

async function problemOf(id: string): Promise<Problem> {
  const { status, data } = await readJob(id);
  if (status === 404) return data;
  throw new Error('found');
}

const long = await submit(longClip);
const job = await submit(clip);
const canceled = await cancelJob(long.id);
const done = await ended(job.id);
const results = await readResults(job.id, { limit: 1000 });
if (results.status !== 200) throw new Error(results.data.detail);
const file = results.data.files.find(({ path }) => path === 'annotations.coco.json');
const bytes = await (await fetch(file!.href!)).arrayBuffer();
const workload = await readWorkload('dataset');

console.log(JSON.stringify({
  submitted: job.status,
  done: { status: done.status, tags: done.tags },
  canceled: [canceled.status, (await ended(long.id)).status],
  listed: (await listed()).toSorted().join() === [job.id, long.id].toSorted().join(),
  file: { bytes: file!.bytes, got: bytes.byteLength },
  problem: (await problemOf('dataset-none')).code,
  workload: workload.status === 200 ? workload.data.name : workload.data.code,
}));
`;

it('a client that a public generator makes of the OpenAPI document compiles, and works with stepreel dev', async () => {
  const folder = await testFolder();
  const [footage, client] = [join(folder, 'footage'), join(folder, 'client')];
  await mkdir(footage);
  await mkdir(client);
  const clip = await drawClip(footage, { seconds: 1 });
  const longClip = await drawClip(footage, { name: 'long.mp4', seconds: 60, size: '640x360', rate: 25 });
  const model = await tinyDetector(folder);
  const server = await startDevServer(footage);

  const run = await generatedClient(`${server.url}/openapi.json`, client, PROGRAM);
  const told = (await run(server.url, clip, longClip, model)) as { file: { bytes: number } };
  expect(told).toEqual({
    submitted: expect.stringMatching(/^(QUEUED|STARTING|RUNNING)$/),
    done: { status: 'SUCCEEDED', tags: { from: 'client' } },
    canceled: [expect.toBeOneOf([200, 202]), 'CANCELED'],
    listed: true,
    file: { bytes: expect.any(Number), got: told.file.bytes },
    problem: 'NoSuchJob',
    workload: 'dataset',
  });

  const wrong = PROGRAM.replace('limit: 1,', "limit: 'one',");
  const other = join(folder, 'other');
  await mkdir(other);
  await expect(generatedClient(`${server.url}/openapi.json`, other, wrong)).rejects.toThrow(
    /not assignable to type 'number'/,
  );
  await server.stop();
});
