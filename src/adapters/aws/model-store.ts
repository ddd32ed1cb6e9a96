import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { ModelError } from '#core/errors';
import type { ModelFiles, ModelSource } from '#core/step';
import { loadModel, MODEL_FILE, readDescription } from '#inference/models';
import type { FreeBytes } from '../disk.ts';
import { compareVersions, modelsIn } from '../local/model-folders.ts';
import { openModelStore as openLocalModels } from '../local/model-store.ts';
import { downloadObject } from './s3-download.ts';
import { findObject } from './s3-objects.ts';
import { answerOf } from './service-errors.ts';

export interface S3ModelStoreOptions {
  s3: S3Client;
  bucket: string;
  /** The models that came with the program. */
  shipped: string;
  /** Where fetched models are kept for as long as the machine lives. */
  cache: string;
  freeBytes?: FreeBytes;
}

const REF = /^(?<name>[a-z0-9][a-z0-9._-]*)(?:@(?<version>\d+\.\d+\.\d+))?$/;

/**
 * Models by `name@version`, or by `name` for the newest: those that came with the program win, others come from
 * `models/<name>/<version>/` of a bucket. A model is fetched once, and its digest is checked before it is used.
 */
export function openModelStore(options: S3ModelStoreOptions): ModelSource {
  const { shipped, cache } = options;
  const local = openLocalModels({ shipped, added: cache });
  const fetched = new Map<string, Promise<ModelFiles>>();

  const fetchOne = async (ref: string): Promise<ModelFiles> => {
    const { name, version = await newestVersion(name, options) } = requireRef(ref);
    const here = [...(await modelsIn(shipped, 'shipped')), ...(await modelsIn(cache, 'added'))];
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

function requireRef(ref: string): { name: string; version?: string } {
  const groups = REF.exec(ref)?.groups as { name: string; version?: string } | undefined;
  if (groups) return { name: groups.name, ...(groups.version ? { version: groups.version } : {}) };
  throw new ModelError(
    `Expected a model as name@version, found ${JSON.stringify(ref)}. A job on AWS can't read a folder of yours: put the model into the models bucket.`,
    {
      details: { ref },
    },
  );
}

async function newestVersion(name: string, { s3, bucket, shipped }: S3ModelStoreOptions): Promise<string> {
  const versions = (await modelsIn(shipped, 'shipped'))
    .filter((model) => model.name === name)
    .map((model) => model.version);
  const Prefix = `models/${name}/`;
  const collect = async () => {
    const pages = paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix, Delimiter: '/' });
    for await (const { CommonPrefixes = [] } of pages) {
      versions.push(...CommonPrefixes.map((found) => found.Prefix!.slice(Prefix.length, -1)));
    }
  };
  await answerOf(collect());
  const newest = versions
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version))
    .sort(compareVersions)
    .at(-1);
  if (newest !== undefined) return newest;
  throw new ModelError(`There is no model ${name}, neither with the program nor in the bucket ${bucket}.`, {
    details: { name },
  });
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
    await loadModel(hidden);
    await rename(hidden, final).catch((thrown: NodeJS.ErrnoException) => {
      // Another task of this machine was quicker.
      if (thrown.code !== 'ENOTEMPTY' && thrown.code !== 'EEXIST') throw thrown;
    });
  } finally {
    await rm(hidden, { recursive: true, force: true });
  }
}
