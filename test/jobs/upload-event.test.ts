import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExecutionRequest, JobStore } from '#core/ports';
import { acceptUpload, type UploadEventPorts, uploadEventSchema } from '#jobs/upload-event';
import { aLife } from '../helpers/life.ts';
import { aFolder } from '../helpers/state-folder.ts';

let bucket: string;
let jobs: JobStore;
let ports: UploadEventPorts;
let started: ExecutionRequest[];

// The bucket is a folder: the local store reads files, and the event's addresses are those of S3.
beforeEach(async () => {
  bucket = aFolder();
  const life = await aLife();
  ({ jobs } = life);
  ({ started } = life.executions);
  ports = {
    ...life,
    artifacts: {
      openInput: ({ name, uri }) => life.artifacts.openInput({ name, uri: uri.replace('s3://uploads', bucket) }),
    },
  };
});

async function put(key: string, text: string): Promise<void> {
  const file = join(bucket, key);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function created(key: string, version: string | undefined = 'v1', etag = 'e1') {
  return uploadEventSchema.parse({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'uploads' }, object: { key, size: 3, etag, 'version-id': version }, reason: 'PutObject' },
  });
}

const KEY = 'incoming/toy/2026/words.txt';

describe('an object under incoming/<workload>/', () => {
  it('becomes a job that reads this version of it', async () => {
    const job = await acceptUpload(created(KEY), ports);
    expect(job).toMatchObject({
      workload: 'toy',
      team: 'default',
      status: 'STARTING',
      input: [{ name: 'words.txt', uri: `s3://uploads/${KEY}?versionId=v1` }],
      params: { color: 'red' },
    });
    expect(started).toHaveLength(1);
  });

  it('becomes one job, however often its event comes (pitfall 26)', async () => {
    const first = await acceptUpload(created(KEY), ports);
    const again = await acceptUpload(created(KEY), ports);
    expect(again!.id).toBe(first!.id);
    const all = await Promise.all(Array.from({ length: 10 }, () => acceptUpload(created(KEY), ports)));
    expect(new Set(all.map((job) => job!.id))).toEqual(new Set([first!.id]));
    expect(started).toHaveLength(1);
  });

  it.each([
    { name: 'versions', events: [created(KEY, 'v2'), created(KEY, 'v1'), created(KEY, 'v2')] },
    { name: 'contents, in a bucket without versions', events: ['b', 'a', 'b'].map((etag) => bare(etag)) },
  ])('becomes a job for each of its $name, in whatever order they come', async ({ events }) => {
    for (const event of events) await acceptUpload(event, ports);
    expect(started).toHaveLength(2);
  });

  it.each(['incoming/toy/A.TXT', 'incoming/toy/a.Txt'])('may end in upper case: %s (pitfall 29)', async (key) => {
    expect((await acceptUpload(created(key), ports))!.status).toBe('STARTING');
  });

  it('may have any name', async () => {
    const key = 'incoming/toy/größe & 50% + 1?.txt';
    expect((await acceptUpload(created(key), ports))!.input).toEqual([
      { name: 'größe & 50% + 1?.txt', uri: `s3://uploads/${key}?versionId=v1` },
    ]);
  });
});

function bare(etag: string) {
  const event = created(KEY, undefined, etag);
  delete event.detail.object['version-id'];
  return event;
}

describe('parameters beside an object', () => {
  it('are used when they were there first', async () => {
    await put(`${KEY}.json`, '{"color": "green"}');
    expect((await acceptUpload(created(KEY), ports))!.params).toEqual({ color: 'green' });
  });

  it.each([`${KEY}.json`, `${KEY}.JSON`])('are no object to work on: %s', async (key) => {
    expect(await acceptUpload(created(key), ports)).toBeUndefined();
    expect(started).toEqual([]);
  });

  it('that change later change nothing', async () => {
    const job = await acceptUpload(created(KEY), ports);
    await put(`${KEY}.json`, '{"color": "green"}');
    expect(await acceptUpload(created(KEY), ports)).toEqual(job);
  });

  it.each([
    { name: 'are no JSON', text: 'color: green', says: /not a JSON object/ },
    { name: 'are a list', text: '[]', says: /not a JSON object/ },
    { name: 'are wrong', text: '{"color": "blue"}', says: /color: / },
    { name: 'are larger than parameters are', text: ' '.repeat(65 * 1024), says: /at most 65536/ },
  ])('that $name leave a REJECTED record', async ({ text, says }) => {
    await put(`${KEY}.json`, text);
    const job = await acceptUpload(created(KEY), ports);
    expect(job).toMatchObject({ status: 'REJECTED', workload: 'toy', error: { name: 'InputError' } });
    expect(job!.error!.message).toMatch(says);
    expect(started).toEqual([]);
  });
});

describe('an object that can not be worked on leaves a REJECTED record that says why (pitfall 29)', () => {
  it.each([
    { key: 'incoming/toys/words.txt', workload: 'unmatched', says: /belongs to no workload.*incoming\/toy\// },
    { key: 'incoming/words.txt', workload: 'unmatched', says: /belongs to no workload/ },
    { key: 'words.txt', workload: 'unmatched', says: /belongs to no workload/ },
    { key: 'incoming/toy/words.pdf', workload: 'toy', says: /ends with none of \.txt/ },
    { key: 'incoming/toy/notes.json', workload: 'toy', says: /ends with none of \.txt/ },
  ])('$key', async ({ key, workload, says }) => {
    const job = (await acceptUpload(created(key), ports))!;
    expect(job).toMatchObject({ workload, status: 'REJECTED', error: { name: 'InputError' } });
    expect(job.error!.message).toMatch(says);
    expect(await jobs.get(job.id)).toEqual(job);
    expect(await acceptUpload(created(key), ports)).toEqual(job);
    expect(started).toEqual([]);
  });

  it("but a folder's own mark is nothing", async () => {
    expect(await acceptUpload(created('incoming/toy/2026/'), ports)).toBeUndefined();
  });
});
