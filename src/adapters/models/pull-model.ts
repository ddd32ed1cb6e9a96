import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ModelError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import { type AnyModelDescription, MODEL_FILE, readDescription } from '#inference/models';
import type { ModelStore } from '../local/model-store.ts';
import type { ModelFileSource } from './model-files.ts';

export interface PullRequest {
  files: ModelFileSource;
  /** SHA-256 of the weights, as whoever asks for them knows it: what a place says of itself proves nothing. */
  sha256: string;
  /** A model.json of ours, for a model that brings none. */
  describe?: string;
  store: Pick<ModelStore, 'add'>;
}

export interface Pulled {
  description: AnyModelDescription;
  sha256: string;
}

/**
 * Fetches a model and adds it to the store: model.json, the weights, whose digest must be the one that was asked for, and
 * the card. Nothing is added unless all of it is sound. @throws ModelError when it is not.
 */
export async function pullModel({ files, sha256, describe, store }: PullRequest): Promise<Pulled> {
  const folder = await mkdtemp(join(tmpdir(), 'stepreel-pull-'));
  try {
    const descriptionFile = join(folder, MODEL_FILE);
    if (describe === undefined) await files(MODEL_FILE, descriptionFile);
    else await cp(describe, descriptionFile);
    const description = await readDescription(folder);
    const { weights, card, name, version } = description;
    requirePin(`${name}@${version}`, weights.sha256, sha256, `its ${MODEL_FILE} pins`);
    await files(weights.file, join(folder, weights.file));
    requirePin(`${name}@${version}`, (await digestFile(join(folder, weights.file))).sha256, sha256, 'the place sent');
    if (card !== undefined) await files(card, join(folder, basename(card)));
    const added = await store.add(folder);
    return { description, sha256: added.sha256 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function requirePin(model: string, found: string, expected: string, who: string): void {
  if (found === expected.toLowerCase()) return;
  throw new ModelError(
    `The weights of ${model} are not the ones that were asked for: expected sha256 ${expected}, and ${who} ${found}. Nothing was added.`,
    { details: { model, expected, found } },
  );
}
