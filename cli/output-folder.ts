import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '#core/errors';

/**
 * Builds a folder beside its final place and moves it there when `write` has succeeded, so that what is visible is
 * whole. @throws InputError when something lies in the folder already.
 */
export async function writeOutputFolder<T>(folder: string, write: (building: string) => Promise<T>): Promise<T> {
  await requireEmpty(folder);
  const target = resolve(folder);
  const building = join(dirname(target), `.${basename(target)}.${process.pid}.partial`);
  await mkdir(building, { recursive: true });
  try {
    const result = await write(building);
    await rm(target, { recursive: true, force: true });
    await rename(building, target);
    return result;
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** @throws InputError when the folder holds anything, or is a file. */
export async function requireEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw new InputError(`${folder} can't be the output folder: ${thrown.message}. Name a new or empty folder.`, {
      cause: thrown,
    });
  });
  if (entries.length > 0) {
    throw new InputError(
      `${folder} is not empty (found ${entries.length} entries, the first ${JSON.stringify(entries[0])}). Name a new or empty folder.`,
      {
        details: { folder, entries: entries.length },
      },
    );
  }
}
