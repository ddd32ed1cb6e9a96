import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InputError } from '#core/errors';

// SQLite's own word for "somebody else has it".
const SQLITE_BUSY = 5;

/**
 * Takes a folder for one process at a time. The system itself gives it back when the process ends, however it ends, so
 * nobody has to remove a lock by hand. Dispose of it to give the folder back earlier.
 * @throws InputError when another process has the folder.
 */
export function lockFolder(folder: string): Disposable {
  mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(join(folder, 'lock.sqlite'));
  try {
    // An open transaction on a file that nobody else opens holds the system's lock on it, and writes nothing.
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    if ((cause as { errcode?: number }).errcode !== SQLITE_BUSY) throw cause;
    throw new InputError(
      `Another process works in the state folder ${folder}. End it, or name another folder with --state.`,
      { details: { folder }, cause },
    );
  }
  return { [Symbol.dispose]: () => database.close() };
}
