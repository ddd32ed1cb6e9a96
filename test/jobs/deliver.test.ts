import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Artifact } from '#core/artifact';
import type { Job } from '#core/job';
import { checkResultFolder, deliverResult } from '#jobs/deliver';
import { openRegistry } from '#jobs/registry';
import { verifyResult } from '#jobs/verify';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';
import { leaveStep, toyManifest } from '../helpers/toy/result.ts';
import toy from '../helpers/toy/workload.ts';

const job = aJob({
  status: 'SUCCEEDED',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:02.500Z',
});

let folder: string;
let out: string;
let platform: Awaited<ReturnType<typeof openStateFolder>> & { registry: ReturnType<typeof openRegistry> };

beforeEach(async () => {
  folder = aFolder();
  out = join(folder, 'out');
  platform = { ...(await openStateFolder(join(folder, 'state'))), registry: openRegistry({ toy: async () => toy }) };
});

const leave = (step: string, files: Record<string, string>) => leaveStep(platform, job, step, files);

/** A finished job: two files and a manifest that lists them. */
async function leaveResult({ outcome = 'complete' }: { outcome?: 'complete' | 'partial' } = {}): Promise<void> {
  const artifacts = await leave('SplitWords', { 'words/0.txt': 'one', 'words/1.txt': 'two' });
  await leave('WriteReport', { 'manifest.json': toyManifest(artifacts, outcome) });
}

const deliver = (more: { job?: Job; replace?: boolean } = {}) =>
  deliverResult({ job, folder: out, platform, versions: { node: 'v24.0.0' }, ...more });

describe('a delivered result', () => {
  it('has the files of the manifest, the manifest, a receipt and the marker, and agrees with itself', async () => {
    await leaveResult();
    const { manifest } = await deliver();
    expect(manifest.outcome).toBe('complete');
    expect((await readdir(out, { recursive: true })).sort()).toEqual([
      '_SUCCESS',
      'manifest.json',
      'receipt.json',
      'receipt.md',
      'words',
      'words/0.txt',
      'words/1.txt',
    ]);
    expect(await readFile(join(out, 'words/1.txt'), 'utf8')).toBe('two');
    expect(await verifyResult(out)).toEqual({ outcome: 'complete', files: 2, problems: [] });
    expect(await readdir(folder)).toEqual(['out', 'state']);
  });

  it('of a partial job has the other marker', async () => {
    await leaveResult({ outcome: 'partial' });
    const { manifest } = await deliver({ job: { ...job, status: 'PARTIAL' } });
    expect(manifest.missing).toEqual(['word 2']);
    expect(await readdir(out)).toContain('_PARTIAL');
    expect(await readdir(out)).not.toContain('_SUCCESS');
  });

  it('copies no bytes on the same disk', async () => {
    await leaveResult();
    await deliver();
    expect((await stat(join(out, 'words/0.txt'))).nlink).toBe(2);
  });

  it('has the files of the newest attempt', async () => {
    await leave('SplitWords', { 'words/0.txt': 'old', 'words/9.txt': 'old' });
    await leaveResult();
    await deliver();
    expect(await readFile(join(out, 'words/0.txt'), 'utf8')).toBe('one');
  });

  it('says in its receipt what every step took', async () => {
    await leaveResult();
    await platform.jobs.nextAttempt(job.id, 'CheckWords');
    await deliver();
    const receipt = JSON.parse(await readFile(join(out, 'receipt.json'), 'utf8'));
    expect(receipt).toMatchObject({
      seconds: 2.5,
      job: { id: 'toy-1', status: 'SUCCEEDED' },
      versions: { node: 'v24.0.0' },
    });
    expect(receipt.steps.find((step: { step: string }) => step.step === 'SplitWords')).toEqual({
      step: 'SplitWords',
      parts: 1,
      attempts: 1,
      seconds: 1.5,
      cpuSeconds: 2,
      peakMemoryMiB: 90,
    });
    expect(receipt.attempts[0]).toEqual({ step: 'CheckWords', attempt: 1, ended: 'killed' });
    expect(await readFile(join(out, 'receipt.md'), 'utf8')).toContain('| SplitWords | 1 | 1 | 1.50 | 2.00 | 90 |');
  });
});

describe('the output folder', () => {
  it('may be empty', async () => {
    await leaveResult();
    await mkdir(out);
    await deliver();
    expect(await readdir(out)).toContain('_SUCCESS');
  });

  it('is left alone when something lies there', async () => {
    await leaveResult();
    await mkdir(out);
    await writeFile(join(out, 'thesis.txt'), 'mine');
    await expect(deliver()).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('thesis.txt'),
    });
    await expect(checkResultFolder(out)).rejects.toMatchObject({ name: 'InputError' });
    expect(await readdir(out)).toEqual(['thesis.txt']);
  });

  it('is replaced as a whole when it holds an earlier result and that is asked for', async () => {
    await leaveResult();
    await deliver();
    await writeFile(join(out, 'old.txt'), 'old');
    await deliver({ replace: true });
    expect(await readdir(out)).not.toContain('old.txt');
    expect(await readdir(folder)).toEqual(['out', 'state']);
  });

  it('is not replaced when it holds anything else', async () => {
    await leaveResult();
    await mkdir(out);
    await writeFile(join(out, 'thesis.txt'), 'mine');
    await expect(deliver({ replace: true })).rejects.toMatchObject({ name: 'InputError' });
    expect(await readdir(out)).toEqual(['thesis.txt']);
  });

  it('must not be a file', async () => {
    await writeFile(out, 'x');
    await expect(checkResultFolder(out)).rejects.toThrow(/can't take a result/);
  });
});

describe('nothing is delivered', () => {
  const nothingVisible = async () => expect(await readdir(folder)).toEqual(['state']);

  it('of a job that has no result', async () => {
    await expect(deliver({ job: { ...job, status: 'FAILED' } })).rejects.toThrow(/is FAILED/);
    await nothingVisible();
  });

  it('without a manifest', async () => {
    await leave('SplitWords', { 'words/0.txt': 'one' });
    await expect(deliver()).rejects.toMatchObject({ name: 'ContractError' });
    await nothingVisible();
  });

  it.each([
    {
      name: 'a file that the manifest does not list',
      listed: (files: Artifact[]) => files.slice(1),
      says: /is not in the manifest/,
    },
    {
      name: 'a listed file that nobody left',
      listed: (files: Artifact[]) => [...files, { ...files[0]!, name: 'words/7.txt' }],
      says: /left by no step/,
    },
    {
      name: 'a file of another digest than listed',
      listed: ([one, two]: Artifact[]) => [one!, { ...two!, sha256: one!.sha256 }],
      says: /another digest/,
    },
  ])('with $name', async ({ listed, says }) => {
    const artifacts = await leave('SplitWords', { 'words/0.txt': 'one', 'words/1.txt': 'two' });
    await leave('WriteReport', { 'manifest.json': toyManifest(listed(artifacts)) });
    await expect(deliver()).rejects.toThrow(says);
    await nothingVisible();
  });

  it('when an artifact has changed since', async () => {
    await leaveResult();
    await platform.artifacts.putBytes('jobs/toy-1/steps/SplitWords/attempt-1/words/0.txt', 'One');
    await expect(deliver()).rejects.toThrow(/has changed since it was written/);
    await nothingVisible();
  });

  it('into a path outside the folder', async () => {
    const artifacts = await leave('SplitWords', { 'words/0.txt': 'one' });
    const escaped = [{ ...artifacts[0]!, name: '../../x', result: '../../x' }];
    const verdict = { contract: 1, status: 'succeeded', output: {}, artifacts: escaped };
    await platform.artifacts.putBytes('jobs/toy-1/steps/SplitWords/attempt-1/verdict.json', JSON.stringify(verdict));
    await leave('WriteReport', { 'manifest.json': toyManifest(escaped) });
    await expect(deliver()).rejects.toThrow(/is not an artifact key/);
    await nothingVisible();
  });

  it('when the disk is full', async () => {
    await leaveResult();
    const full = {
      ...platform.artifacts,
      local: async () => Promise.reject(Object.assign(new Error(), { code: 'ENOSPC' })),
    };
    const delivered = deliverResult({ job, folder: out, platform: { ...platform, artifacts: full }, versions: {} });
    await expect(delivered).rejects.toMatchObject({ name: 'ResourceError' });
    await nothingVisible();
  });
});
