import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { InputError } from '#core/errors';

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

const lockSchema = z.strictObject({
  /** What images are built on. */
  bases: z.record(z.string(), z.strictObject({ image: z.string(), digest: digest.nullable() })),
  /** What tasks are run from; `<stage>` in a repository stands for dev, staging or prod. */
  images: z.record(z.string(), z.strictObject({ repository: z.string(), digest: digest.nullable() })),
});

/** `images.lock.json`: each image by its digest, null while nobody has looked it up. */
export type ImagesLock = z.infer<typeof lockSchema>;

/** @throws InputError when the file is not what a lock file looks like. */
export async function readLock(path: string): Promise<ImagesLock> {
  const checked = lockSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (checked.success) return checked.data;
  throw new InputError(`${path} is no lock file of images: ${z.prettifyError(checked.error)}`);
}

/** Writes the lock with its keys in order, so that the same digests give the same bytes. */
export async function writeLock(path: string, { bases, images }: ImagesLock): Promise<void> {
  await writeFile(path, `${JSON.stringify({ bases: inOrder(bases), images: inOrder(images) }, null, 2)}\n`);
}

function inOrder<Entry>(entries: Record<string, Entry>): Record<string, Entry> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Where an image of a stage lies in a registry, without tag or digest. */
export function repositoryOf(
  lock: ImagesLock,
  image: string,
  { registry, stage }: { registry: string; stage: string },
) {
  return `${registry}/${lock.images[image]!.repository.replace('<stage>', stage)}`;
}

/** A base as it may be built on. @throws InputError when its digest is not known. */
export function pinnedBase(lock: ImagesLock, name: string): string {
  const base = lock.bases[name];
  if (base?.digest) return `${base.image}@${base.digest}`;
  throw new InputError(
    `Expected the digest of the base ${name} (${base?.image ?? 'not listed'}) in images.lock.json, found none. ` +
      'Run `npm run pin` where the registry can be reached, and look the change over: nothing is built unpinned.',
  );
}
