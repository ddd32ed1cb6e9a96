import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ChildEnd, runChild } from '#adapters/local/children';
import { watchForFailure } from '#runtime/child-failure';
import { testFolder } from '../helpers/folder.ts';

/** How a child that runs this ends, and what is said of it. */
async function endOf(source: string, options = ''): Promise<{ end: ChildEnd; reason: string | undefined }> {
  const folder = await testFolder();
  const [program, log] = [join(folder, 'child.mjs'), join(folder, 'child.log')];
  await writeFile(program, source);
  const file = await open(log, 'a');
  const failure = watchForFailure(log);
  const environment = { ...process.env, NODE_OPTIONS: options };
  const end = await runChild({
    program,
    environment,
    log: file.fd,
    signal: new AbortController().signal,
    graceMs: 1000,
  });
  await file.close();
  return { end, reason: await failure(end) };
}

describe('what is said of a child', () => {
  it('whose heap was full is in its log', async () => {
    const fill = 'const all = []; for (;;) all.push(new Array(10_000).fill({ some: "thing" }));';
    const { end, reason } = await endOf(fill, '--max-old-space-size=20');
    expect(end.exitCode ?? end.killedBy).not.toBe(0);
    expect(reason).toMatch(/its log ends with "JavaScript heap out of memory"/);
  });

  it('that was killed is by what, and nothing of memory where none was short', async () => {
    expect((await endOf('process.kill(process.pid, "SIGKILL")')).reason).toBe('killed by SIGKILL');
  });

  it('that ended by itself is nothing', async () => {
    expect((await endOf('process.exit(0)')).reason).toBeUndefined();
    expect((await endOf('process.exit(3)')).reason).toBeUndefined();
  });
});
