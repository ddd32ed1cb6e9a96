import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ModelError } from '#core/errors';
import type { ModelFiles, ModelSource } from '#core/step';
import { loadAnyModel, MODEL_FILE, readDescription } from '#inference/models';
import type { FreeBytes } from '../disk.ts';
import { modelsIn } from '../local/model-folders.ts';
import { openModelStore as openLocalModels } from '../local/model-store.ts';
import { type ModelsBucket, newestVersion, requireRef } from './model-refs.ts';
import { downloadObject } from './s3-download.ts';
import { findObject } from './s3-objects.ts';

export interface S3ModelStoreOptions extends ModelsBucket {
  /** The models that came with the program. */
  shipped: string;
  /** Where fetched models are kept for as long as the machine lives. */
  cache: string;
  freeBytes?: FreeBytes;
}

/**
 * Models by `name@version`, or by `name` for the newest: those that came with the program win, others come from
 * `models/<name>/<version>/` of a bucket. A model is fetched once, and its digest is checked before it is used.
 */
export function openModelStore(options: S3ModelStoreOptions): ModelSource {
  const { shipped, cache } = options;
  const local = openLocalModels({ shipped, added: cache });
  const fetched = new Map<string, Promise<ModelFiles>>();

  const fetchOne = async (ref: string): Promise<ModelFiles> => {
    const ours = await modelsIn(shipped, 'shipped');
    const { name, version = await newestVersion(name, ours, options) } = requireRef(ref);
    const here = [...ours, ...(await modelsIn(cache, 'added'))];
    const isHere = here.some((model) => model.name === name && model.version === version);
    if (!isHere) await fetchModel(name, version, options);
    return await local.fetch(`${name}@${version}`);
  };

  return {
    fetch(ref) {
      const before = fetched.get(ref);
      if (before) return before;
      const fetching = fetchOne(ref);
      fetched.set(ref, fetching);
      // A failure that passed must not be remembered.
      fetching.catch(() => fetched.delete(ref));
      return fetching;
    },
  };
}

/** The folder is there with all of the model's files, checked, or not at all. */
async function fetchModel(name: string, version: string, { s3, bucket, cache, freeBytes }: S3ModelStoreOptions) {
  const final = join(cache, name, version);
  const hidden = join(dirname(final), `.${randomUUID()}`);
  const fetchFile = async (file: string) => {
    const key = `models/${name}/${version}/${file}`;
    const object = await findObject(s3, { bucket, key });
    if (!object) {
      throw new ModelError(`There is no model ${name}@${version}: expected s3://${bucket}/${key}. Put it there.`, {
        details: { model: `${name}@${version}`, bucket, key },
      });
    }
    await downloadObject(s3, object, join(hidden, file), freeBytes);
  };
  try {
    await mkdir(hidden, { recursive: true });
    await fetchFile(MODEL_FILE);
    const { weights, card } = await readDescription(hidden);
    for (const file of [weights.file, ...(card ? [card] : [])]) await fetchFile(file);
    await loadAnyModel(hidden);
    await rename(hidden, final).catch((thrown: NodeJS.ErrnoException) => {
      // Another task of this machine was quicker.
      if (thrown.code !== 'ENOTEMPTY' && thrown.code !== 'EEXIST') throw thrown;
    });
  } finally {
    await rm(hidden, { recursive: true, force: true });
  }
}
