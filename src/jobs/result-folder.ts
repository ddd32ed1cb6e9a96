import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '#core/errors';
import { MANIFEST } from '#core/manifest';

/**
 * Checks, before any work is done, that a result may be put in `folder`: it must not exist, be empty, or hold an earlier
 * result that is to be replaced. Nothing else is ever replaced. @throws InputError otherwise.
 */
export async function checkResultFolder(
  folder: string,
  { replace = false }: { replace?: boolean } = {},
): Promise<void> {
  const entries = await readdir(folder).catch((cause: NodeJS.ErrnoException): string[] => {
    if (cause.code === 'ENOENT') return [];
    throw new InputError(`${folder} can't take a result: ${cause.message}. Name a new or empty folder.`, { cause });
  });
  if (entries.length === 0 || (replace && entries.includes(MANIFEST))) return;
  throw new InputError(
    `${folder} is not empty: it holds ${entries.length} entries, ${JSON.stringify(entries[0])} among them. Name a new or empty folder.`,
    { details: { folder, entries: entries.length } },
  );
}

/**
 * Lets `build` fill a hidden folder beside `folder` and then gives it that name, so that a result is visible whole or
 * not at all. What lay there is removed after the new one is in place.
 */
export async function buildFolder<T>(folder: string, build: (hidden: string) => Promise<T>): Promise<T> {
  const target = resolve(folder);
  const hidden = join(dirname(target), `.${basename(target)}.${process.pid}.new`);
  const old = join(dirname(target), `.${basename(target)}.${process.pid}.old`);
  await mkdir(hidden, { recursive: true });
  try {
    const built = await build(hidden);
    const replaced = await moveAway(target, old);
    await rename(hidden, target).catch(async (thrown) => {
      if (replaced) await rename(old, target);
      throw thrown;
    });
    return built;
  } finally {
    await rm(hidden, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/** @returns whether there was anything to move. */
async function moveAway(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw thrown;
  }
}
