import { mkdtempSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'stepreel-test-'));
// For the whole file and not for one test: vitest can't tell concurrent tests apart from here.
afterAll(() => rm(root, { recursive: true, force: true }));

/** An empty folder for one test, removed when all tests of its file are done. */
export function testFolder(): Promise<string> {
  return mkdtemp(join(root, 'test-'));
}
