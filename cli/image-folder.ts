import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, InputNotFoundError } from '#core/errors';

/** The JPEG and PNG files of a folder, in name order. @throws InputError when there are none. */
export async function imagesIn(folder: string): Promise<{ name: string; path: string }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause) => {
    throw new InputNotFoundError(`${folder} can't be read as a folder. Name a folder of pictures.`, { cause });
  });
  const names = entries.filter((entry) => entry.isFile() && /\.(jpe?g|png)$/i.test(entry.name)).map(({ name }) => name);
  if (names.length === 0) {
    throw new InputError(
      `${folder} holds no .jpg or .png file (found ${entries.length} entries). Name a folder of pictures.`,
    );
  }
  return names.sort().map((name) => ({ name, path: join(folder, name) }));
}
