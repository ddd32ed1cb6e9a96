import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '#core/errors';
import type { ModelFolders } from './model-folders.ts';

/** Stands for the version of a model that passed its gate last: `name@promoted`. */
export const PROMOTED = 'promoted';

const FILE = 'promoted.json';

const promotionSchema = z.object({
  version: z.string(),
  /** Of the weights. */
  sha256: z.string(),
  /** SHA-256 of the evaluation that it passed by. */
  evaluation: z.string(),
  promotedAt: z.iso.datetime(),
  /** The version before, to go back to. */
  previous: z.string().optional(),
});

export type Promotion = z.infer<typeof promotionSchema>;

/** The promotion of a model; undefined before the first. */
export async function promotionOf(name: string, { added }: ModelFolders): Promise<Promotion | undefined> {
  const text = await readFile(join(added, name, FILE), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : promotionSchema.parse(JSON.parse(text));
}

/** @throws ModelError when no version of it was promoted. */
export async function promotedVersion(name: string, folders: ModelFolders): Promise<string> {
  const promotion = await promotionOf(name, folders);
  if (promotion) return promotion.version;
  throw new ModelError(`No version of ${name} is promoted. Name one, or promote one with \`stepreel models promote\`.`);
}

/** Keeps which version is promoted. */
export async function keepPromotion(name: string, promotion: Promotion, { added }: ModelFolders): Promise<void> {
  const folder = join(added, name);
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `.${FILE}-${process.pid}`);
  await writeFile(partial, `${JSON.stringify(promotion, null, 2)}\n`);
  await rename(partial, join(folder, FILE));
}
