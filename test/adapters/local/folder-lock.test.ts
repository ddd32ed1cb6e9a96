import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockFolder } from '#adapters/local/folder-lock';
import { aFolder } from '../../helpers/state-folder.ts';

const MODULE = join(import.meta.dirname, '../../../src/adapters/local/folder-lock.ts');

it('a folder that is locked can be locked by nobody else, until it is given back', () => {
  const folder = aFolder();
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(/Another process works in the state folder .* --state/);
  lockFolder(aFolder())[Symbol.dispose]();
  lock[Symbol.dispose]();
  lockFolder(folder)[Symbol.dispose]();
});

it('the lock of a process that was killed holds nobody up (pitfall 22)', async () => {
  const folder = aFolder();
  const program = `import { lockFolder } from ${JSON.stringify(MODULE)};
    globalThis.lock = lockFolder(${JSON.stringify(folder)}); console.log('locked'); setInterval(() => {}, 1000);`;
  const child = execFile(process.execPath, ['--input-type=module-typescript', '--eval', program]);
  await once(child.stdout!, 'data');
  expect(() => lockFolder(folder)).toThrow(/Another process/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  lockFolder(folder)[Symbol.dispose]();
});
