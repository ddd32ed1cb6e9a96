import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, InputNotFoundError } from '#core/errors';
import { VIDEO_ENDINGS } from '#workloads/clip-qc/contract';

/** @throws InputNotFoundError when there is no such file. */
export async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new InputNotFoundError(`There is no file ${path}. Give the path of a clip.`);
}

/** The clips of a folder, by name. @throws InputError when there are none. */
export async function clipsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new InputNotFoundError(`${folder} can't be read as a folder. Give the path of a folder of clips.`, { cause });
  });
  const clips = names.filter((name) => VIDEO_ENDINGS.some((ending) => name.toLowerCase().endsWith(ending))).sort();
  if (clips.length > 0) return clips.map((name) => join(folder, name));
  throw new InputError(
    `No file of ${folder} ends in one of ${VIDEO_ENDINGS.join(' ')} (found ${names.length} others).`,
  );
}
