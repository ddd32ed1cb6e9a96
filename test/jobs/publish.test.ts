import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { publishResult } from '#jobs/publish';
import { verifyResult } from '#jobs/verify';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { testFolder } from '../helpers/folder.ts';
import { leaveStep, toyManifest } from '../helpers/toy/result.ts';
import workload from '../helpers/toy/workload.ts';

it('closes a result at the head of its job, as verify wants it, and again to the same end', async () => {
  const job = aJob({ status: 'SUCCEEDED', startedAt: '2026-01-01T00:00:00.000Z' });
  const platform = await openStateFolder(await testFolder());
  const { artifacts } = platform;
  const words = await leaveStep(platform, job, 'SplitWords', { 'words/0.txt': 'one', 'words/1.txt': 'two' });
  await leaveStep(platform, job, 'WriteReport', { 'manifest.json': toyManifest(words) });

  await publishResult({ job, workload, versions: { node: '24' } }, platform);
  await publishResult({ job, workload, versions: { node: '24' } }, platform);

  const head = `jobs/${job.id}/`;
  const documents = (await artifacts.list(head)).filter((key) => !key.startsWith(`${head}steps/`));
  expect(documents.map((key) => key.slice(head.length)).sort()).toEqual([
    '_SUCCESS',
    'manifest.json',
    'receipt.json',
    'receipt.md',
  ]);
  const receipt = JSON.parse(Buffer.from(await artifacts.read(`${head}receipt.json`)).toString());
  expect(receipt).toMatchObject({ job: { id: job.id, status: 'SUCCEEDED' }, versions: { node: '24' } });

  const folder = await testFolder();
  for (const key of documents) await put(folder, key.slice(head.length), await artifacts.read(key));
  const manifest = JSON.parse(Buffer.from(await artifacts.read(`${head}manifest.json`)).toString());
  const { problems } = await verifyResult(folder);
  expect(problems).toEqual(Object.keys(manifest.files).map((path) => `${path} is missing`));
});

async function put(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), bytes);
}
