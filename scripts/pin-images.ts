/**
 * Looks digests up and writes them into images.lock.json: of the bases, and with --registry of the task images that
 * `npm run images` pushed. Look the change over before you commit it.
 *   npm run pin
 *   npm run pin -- --registry ACCOUNT.dkr.ecr.REGION.amazonaws.com --stage dev --tag TAG
 */
import { parseArgs } from 'node:util';
import { exitCodeOf, InputError, toErrorDocument } from '#core/errors';
import { type ImagesLock, readLock, repositoryOf, writeLock } from './images/lock.ts';
import { digestOf } from './images/registry.ts';

const { values } = parseArgs({
  options: {
    lock: { type: 'string', default: 'images.lock.json' },
    registry: { type: 'string' },
    stage: { type: 'string', default: 'dev' },
    tag: { type: 'string' },
  },
});

try {
  const lock = await readLock(values.lock);
  // All are looked up before anything is written: a lock is never half new.
  const pinned = values.registry === undefined ? await pinBases(lock) : await pinImages(lock, values.registry);
  await writeLock(values.lock, pinned);
} catch (thrown) {
  const { name, message } = toErrorDocument(thrown);
  console.error(`${name}: ${message}`);
  process.exit(exitCodeOf({ name }));
}

async function pinBases(lock: ImagesLock): Promise<ImagesLock> {
  const bases = Object.entries(lock.bases).map(async ([name, { image }]) => {
    const digest = await digestOf(image);
    console.log(`${image}@${digest}`);
    return [name, { image, digest }] as const;
  });
  return { ...lock, bases: Object.fromEntries(await Promise.all(bases)) };
}

async function pinImages(lock: ImagesLock, registry: string): Promise<ImagesLock> {
  const { stage, tag } = values;
  if (tag === undefined) throw new InputError('Expected --tag with the tag that `npm run images` printed, found none.');
  const images = Object.entries(lock.images).map(async ([name, { repository }]) => {
    const reference = `${repositoryOf(lock, name, { registry, stage })}:${tag}`;
    const digest = await digestOf(reference);
    console.log(`${reference}@${digest}`);
    return [name, { repository, digest }] as const;
  });
  return { ...lock, images: Object.fromEntries(await Promise.all(images)) };
}
