import { randomUUID } from 'node:crypto';
import { access, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { requireKey } from '#core/artifact-key';
import { asResourceError } from '#core/disk-full';
import { InputNotFoundError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import { sha256Hex } from '#core/names';
import type { ArtifactStore } from '#core/ports';
import { type FreeBytes, freeBytesOf, requireFreeDisk } from '../disk.ts';
import { inputPath, inputStamp, openInputDigests, openInputFile } from './input-files.ts';

// Half-written files live here, in the same file system, so that a rename makes them visible at once.
const INCOMING = '.incoming';

// A document of up to this size may use the reserve: a verdict must be written on a full disk too.
const SMALL_BYTES = 1024 ** 2;

/** Artifacts as files below `root`: the key is the path. A file that is put is taken over: it is gone where it was. */
export async function openArtifactStore(
  root: string,
  { freeBytes = freeBytesOf }: { freeBytes?: FreeBytes } = {},
): Promise<ArtifactStore> {
  const incoming = join(root, INCOMING);
  await mkdir(incoming, { recursive: true });

  const fileOf = (key: string) => join(root, requireKey(key));

  /** Runs `write` on a hidden path, then shows its file under the key. */
  const publish = async (final: string, write: (path: string) => Promise<void>) => {
    const hidden = join(incoming, randomUUID());
    try {
      await write(hidden);
      await moveTo(final, hidden);
    } catch (thrown) {
      await rm(hidden, { force: true });
      throw asResourceError(thrown, root);
    }
  };

  return {
    async putFile(key, path) {
      const final = fileOf(key);
      const { sha256, bytes } = await digestFile(path);
      try {
        await moveTo(final, path);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== 'EXDEV') throw asResourceError(thrown, root);
        await requireFreeDisk(root, bytes, freeBytes);
        await publish(final, (hidden) => copyFile(path, hidden));
        await rm(path);
      }
      return { key, sha256, bytes };
    },

    async putBytes(key, data) {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      if (bytes.byteLength > SMALL_BYTES) await requireFreeDisk(root, bytes.byteLength, freeBytes);
      await publish(fileOf(key), (hidden) => writeFile(hidden, bytes));
      return { key, sha256: sha256Hex(bytes), bytes: bytes.byteLength };
    },

    async read(key) {
      try {
        return await readFile(fileOf(key));
      } catch (cause) {
        throw notThere(key, cause);
      }
    },

    async exists(key) {
      return await access(fileOf(key)).then(
        () => true,
        () => false,
      );
    },

    async list(prefix) {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      const keys = await filesBelow(folder === '' ? root : fileOf(folder.slice(0, -1)), folder);
      return keys.filter((key) => key.startsWith(prefix) && !key.startsWith(`${INCOMING}/`)).sort();
    },

    async local(key) {
      const path = fileOf(key);
      await access(path).catch((cause) => {
        throw notThere(key, cause);
      });
      return path;
    },

    openInput: openInputFile,
    localInput: inputPath,
    inputDigest: openInputDigests(),
    inputStamp,
  };
}

/** Gives a whole file its final name at once; the folder is made when it turns out not to be there. */
async function moveTo(final: string, path: string): Promise<void> {
  try {
    await rename(path, final);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    await mkdir(dirname(final), { recursive: true });
    await rename(path, final);
  }
}

async function filesBelow(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const nested = entries.map((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
  return (await Promise.all(nested)).flat();
}

function notThere(key: string, cause: unknown): InputNotFoundError {
  return new InputNotFoundError(`There is no artifact ${key}.`, { details: { key }, cause });
}
