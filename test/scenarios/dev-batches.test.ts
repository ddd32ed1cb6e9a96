import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startDevServer } from '../helpers/dev-server.ts';
import { testFolder } from '../helpers/folder.ts';
import { stepreel } from '../helpers/stepreel.ts';

/** A server over a folder of files that are videos by their names alone: their jobs end soon, as REJECTED. */
async function aServer(count: number) {
  const folder = await testFolder();
  const files: string[] = [];
  await mkdir(join(folder, 'clips'));
  for (let number = 0; number < count; number += 1) {
    files.push(join(folder, 'clips', `${number}.mp4`));
    await writeFile(files.at(-1)!, `no video ${number}`);
  }
  const server = await startDevServer(folder);
  const ask = (url: string, ...words: string[]) =>
    stepreel([...words, '--json'], { cwd: folder, env: { STEPREEL_API: url } });
  return { folder, files, server, ask: (...words: string[]) => ask(server.url, ...words), askAt: ask };
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 120; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(500);
  }
  throw new Error('It did not come about within a minute.');
}

it.concurrent('a folder becomes a batch, which ends as its worst member does', { timeout: 120_000 }, async () => {
  const { folder, server, ask } = await aServer(3);
  await writeFile(join(folder, 'clips', 'notes.txt'), 'none of it');
  const ended = await ask(
    'batch',
    'submit',
    'dataset',
    '--prefix',
    'clips',
    '--name',
    'monday',
    '--key',
    'm',
    '--wait',
  );
  expect(ended.code).toBe(64);
  const batches = ended.documents.filter(({ event }) => event === 'batch');
  expect(batches.at(-1)).toMatchObject({
    status: 'REJECTED',
    total: 3,
    submitted: 3,
    skipped: 1,
    counts: { REJECTED: 3 },
  });
  const id = String(batches[0]!.id);
  expect(
    (await ask('batch', 'submit', 'dataset', '--prefix', 'clips', '--name', 'monday', '--key', 'm')).documents,
  ).toMatchObject([{ id }]);
  expect((await ask('batch', 'list')).documents).toMatchObject([{ id, name: 'monday' }]);
  expect(await ask('batch', 'cancel', id)).toMatchObject({
    code: 75,
    documents: [{ error: { name: 'NotCancellable' } }],
  });
  expect((await ask('batch', 'submit', 'dataset')).code).toBe(64);
  expect((await ask('batch', 'submit', 'dataset', '--prefix', '/etc/')).documents).toMatchObject([
    { error: { message: expect.stringMatching(/lies below no input root/) } },
  ]);
  expect((await server.stop()).code).toBe(0);
});

it.concurrent('a manifest is sent along, and goes on after kill -9', { timeout: 180_000 }, async () => {
  const { folder, files, server, ask, askAt } = await aServer(30);
  const lines = [
    'input,key',
    ...files.map((file, number) => `${file},clip-${number}`),
    `${files[0]},clip-0`,
    '/etc/hosts,',
  ];
  await writeFile(join(folder, 'all.csv'), lines.join('\r\n'));
  const submitted = await ask('batch', 'submit', 'dataset', '--manifest', 'all.csv');
  expect(submitted.code).toBe(0);
  const { id } = submitted.documents[0] as { id: string };
  // It ends by the signal, and that is no exit code.
  await server.stop('SIGKILL').catch(() => undefined);

  const second = await startDevServer(folder);
  const ended = await askAt(second.url, 'batch', 'status', id, '--wait');
  expect(ended.documents.filter(({ event }) => event === 'batch').at(-1)).toMatchObject({
    status: 'REJECTED',
    submitted: 30,
    refused: 2,
    counts: { REJECTED: 30 },
  });
  expect(ended.documents.filter(({ event }) => event === 'refusal')).toMatchObject([
    { item: 30, key: 'clip-0' },
    { item: 31 },
  ]);
  const { documents: jobs } = await askAt(second.url, 'list', '--limit', '100');
  expect(new Set(jobs.map(({ input }) => (input as { uri: string }[])[0]!.uri)).size).toBe(30);
  expect(jobs).toHaveLength(30);
  await second.stop();
});

it.concurrent('files come by upload and by the watched folder', { timeout: 120_000 }, async () => {
  const { folder, files, server, ask } = await aServer(2);
  const uploaded = await ask('upload', files[0]!, '--submit', 'dataset', '--project', 'bridges');
  expect(uploaded).toMatchObject({
    code: 0,
    documents: [{ event: 'upload', status: 'COMPLETE', job: { project: 'bridges' } }],
  });
  const plain = await ask('upload', files[1]!);
  const again = await ask('submit', 'dataset', '--input', `upload:${plain.documents[0]!.id}`);
  expect(again.documents).toMatchObject([{ input: [{ name: '1.mp4' }] }]);

  const incoming = join(folder, '.stepreel', 'incoming', 'dataset');
  await mkdir(incoming, { recursive: true });
  await rename(files[1]!, join(incoming, 'dropped.mp4'));
  const dropped = await until(async () =>
    (await ask('list')).documents.find(({ input }) => (input as { name: string }[])[0]!.name === 'dropped.mp4'),
  );
  expect(dropped).toMatchObject({ workload: 'dataset', team: 'local' });
  expect((await ask('upload', 'nothing.mp4')).code).toBe(66);
  expect((await server.stop()).code).toBe(0);
});
