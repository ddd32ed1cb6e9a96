import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { artifactSchema, mediaTypeOf } from '#core/artifact';
import { requireKey } from '#core/artifact-key';
import { digestFile } from '#core/file-digest';
import { sha256Hex } from '#core/names';
import { attemptSchema, verdictSchema } from '#core/verdict';
import { aFolder } from '../helpers/state-folder.ts';

it.each([
  { name: 'images/frame.JPG', type: 'image/jpeg' },
  { name: 'frames.jsonl', type: 'application/jsonl' },
  { name: 'report.html', type: 'text/html' },
  { name: 'weights.bin', type: 'application/octet-stream' },
  { name: 'README', type: 'application/octet-stream' },
])('$name is $type', ({ name, type }) => expect(mediaTypeOf(name)).toBe(type));

it('a key may be any path below a folder', () => {
  expect(requireKey('jobs/a/Grüße ….jpg')).toBe('jobs/a/Grüße ….jpg');
});

it.each(['/a', 'a/', 'a//b', '..', 'a/../b', '.', 'a\\b', ''])('%j is no key', (key) => {
  expect(() => requireKey(key)).toThrow(/is not an artifact key/);
});

it.each([{ bytes: 0 }, { bytes: 10 }, { bytes: 3 * 1024 ** 2 + 1 }])(
  'a file of $bytes bytes has its digest',
  async ({ bytes }) => {
    const path = join(aFolder(), 'file');
    const data = Buffer.alloc(bytes, 5);
    await writeFile(path, data);
    expect(await digestFile(path)).toEqual({ sha256: sha256Hex(data), bytes });
  },
);

const artifact = { name: 'a.txt', key: 'jobs/a.txt', sha256: sha256Hex('a'), bytes: 1, mediaType: 'text/plain' };

it('an artifact without a whole digest is none', () => {
  expect(artifactSchema.safeParse(artifact).success).toBe(true);
  expect(artifactSchema.safeParse({ ...artifact, sha256: 'abc' }).success).toBe(false);
});

it.each([
  { name: 'that succeeded', verdict: { status: 'succeeded', output: { count: 1 } }, valid: true },
  {
    name: 'that was rejected',
    verdict: { status: 'rejected', error: { name: 'MediaError', message: 'no' } },
    valid: true,
  },
  { name: 'that was rejected without saying why', verdict: { status: 'rejected' }, valid: false },
  {
    name: 'that failed, which is no verdict',
    verdict: { status: 'failed', error: { name: 'Error', message: 'no' } },
    valid: false,
  },
])('a verdict of an attempt $name is valid: $valid', ({ verdict, valid }) => {
  expect(verdictSchema.safeParse({ contract: 1, artifacts: [artifact], ...verdict }).success).toBe(valid);
});

it("an attempt's record has its facts", () => {
  const record = {
    step: 'Cut',
    attempt: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    seconds: 1,
    cpuSeconds: 1,
    peakMemoryMiB: 5,
  };
  expect(attemptSchema.parse(record)).toEqual(record);
  expect(attemptSchema.safeParse({ ...record, attempt: 0 }).success).toBe(false);
});
