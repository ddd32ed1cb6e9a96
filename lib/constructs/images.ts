import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { z } from 'zod';
import { ContractError } from '#core/errors';
import type { Stage } from '../settings.ts';

const lockSchema = z.object({
  images: z.record(
    z.string(),
    z.object({
      repository: z.string().regex(/^stepreel-<stage>-[a-z0-9-]+$/),
      digest: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/)
        .nullable(),
    }),
  ),
});

export interface ImageLock extends z.infer<typeof lockSchema> {
  /** Where nothing is pulled, as in a test or an emulator, an image may go without a digest. */
  unpinnedAllowed: boolean;
}

/** Which image of which digest is deployed: images.lock.json, filled by `npm run pin`. */
export function readImageLock({ unpinned }: { unpinned: boolean }): ImageLock {
  const file = fileURLToPath(new URL('../../images.lock.json', import.meta.url));
  return { ...lockSchema.parse(JSON.parse(readFileSync(file, 'utf8'))), unpinnedAllowed: unpinned };
}

/** The name of an image's repository in a stage. @throws ContractError for an image that the lock does not know. */
export function repositoryOf(image: string, { images }: ImageLock, stage: Stage): string {
  const entry = images[image];
  if (entry) return entry.repository.replace('<stage>', stage);
  throw new ContractError(
    `images.lock.json has no image ${JSON.stringify(image)} (it has: ${Object.keys(images).join(', ')}). Add it, and a stage of containers/Dockerfile for it.`,
  );
}

/**
 * The digest that an image is pinned to. An image that is not pinned is an error of the stack that wants it, and of no
 * other: the platform, which brings the registry, is deployed before there are images.
 */
export function digestOf(image: string, { images, unpinnedAllowed }: ImageLock, wanted: Construct): string {
  const digest = images[image]?.digest;
  if (digest) return digest;
  if (!unpinnedAllowed) {
    Annotations.of(wanted).addError(
      `The image ${image} has no digest in images.lock.json, and an unpinned image is not deployed. Push it and run \`npm run pin\`; where no image is pulled, say -c unpinned=allow.`,
    );
  }
  return 'unpinned';
}
