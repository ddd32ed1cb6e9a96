import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runChild } from '#adapters/local/children';
import { aFolder } from '../../helpers/state-folder.ts';
import { isAlive, until } from '../../helpers/state-processes.ts';

/** A program in a folder of its own, and what is needed to run it. */
function program(text: string) {
  const folder = aFolder();
  const file = join(folder, 'program.mjs');
  writeFileSync(file, text);
  const messages: unknown[] = [];
  const stop = new AbortController();
  const start = (graceMs = 5000) =>
    runChild({
      program: file,
      environment: { ...process.env, FOLDER: folder },
      log: openSync(join(folder, 'log'), 'a'),
      signal: stop.signal,
      graceMs,
      onMessage: (message) => messages.push(message),
    });
  return { start, stop, messages, read: (name: string) => readFileSync(join(folder, name), 'utf8'), folder };
}

const GRANDCHILD = `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  writeFileSync(process.env.FOLDER + '/grandchild', String(child.pid));
`;

const pidIn = (read: (name: string) => string, name: string) => {
  try {
    return Number(read(name));
  } catch {
    return 0;
  }
};

describe('a child', () => {
  it('tells its exit code, its messages and its log', async () => {
    const { start, messages, read } = program(`
      process.send({ type: 'progress' }, () => { console.error('a line'); process.exit(3); });
    `);
    expect(await start()).toEqual({ exitCode: 3 });
    expect(messages).toEqual([{ type: 'progress' }]);
    expect(read('log')).toBe('a line\n');
  });

  it('that is killed has no exit code', async () => {
    const { start } = program(`process.kill(process.pid, 'SIGKILL')`);
    expect(await start()).toEqual({ killedBy: 'SIGKILL' });
  });

  it('is asked to stop by SIGTERM', async () => {
    const { start, stop, messages } = program(`
      process.on('SIGTERM', () => process.exit(7));
      process.send('ready');
      setInterval(() => {}, 1000);
    `);
    const ended = start();
    await until(() => messages.length > 0, 'the child was ready');
    stop.abort();
    expect(await ended).toEqual({ exitCode: 7 });
  });

  it('that does not stop within the grace period is killed, and its children with it', async () => {
    const { start, stop, messages, read } = program(`${GRANDCHILD}
      process.on('SIGTERM', () => {});
      process.send('ready');
      setInterval(() => {}, 1000);
    `);
    const ended = start(50);
    await until(() => messages.length > 0, 'the child was ready');
    stop.abort();
    expect(await ended).toEqual({ killedBy: 'SIGKILL' });
    expect(isAlive(pidIn(read, 'grandchild'))).toBe(false);
  });

  it('that ends leaves none of its own children behind', async () => {
    const { start, read } = program(`${GRANDCHILD} process.exit(0);`);
    expect(await start()).toEqual({ exitCode: 0 });
    expect(isAlive(pidIn(read, 'grandchild'))).toBe(false);
  });

  it('is not started at all after an abort', async () => {
    const { start, stop, folder } = program(
      `import { writeFileSync } from 'node:fs'; writeFileSync(process.env.FOLDER + '/ran', '')`,
    );
    stop.abort(new Error('stopped'));
    await expect(start()).rejects.toThrow('stopped');
    expect(() => readFileSync(join(folder, 'ran'))).toThrow();
  });
});

it('the task program ends its process group when its parent is gone', async () => {
  const folder = aFolder();
  const parent = spawn(process.execPath, [join(import.meta.dirname, '../../helpers/toy/hanging-parent.ts'), folder], {
    stdio: 'inherit',
  });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  await until(() => pidIn(read, '.grandchild') > 0, 'the task had a child');
  const [task, grandchild] = [pidIn(read, '.SplitWords-before'), pidIn(read, '.grandchild')];
  expect([isAlive(task), isAlive(grandchild)]).toEqual([true, true]);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await until(() => !isAlive(task) && !isAlive(grandchild), 'the task and its child were dead');
});
