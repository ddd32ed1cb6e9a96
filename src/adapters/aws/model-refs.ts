import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { ModelError } from '#core/errors';
import { compareVersions } from '../local/model-folders.ts';
import { answerOf } from './service-errors.ts';

/** The bucket of models, each under `models/<name>/<version>/`. */
export interface ModelsBucket {
  s3: S3Client;
  bucket: string;
}

export interface ModelRef {
  name: string;
  version: string;
}

const REF = /^(?<name>[a-z0-9][a-z0-9._-]*)(?:@(?<version>\d+\.\d+\.\d+))?$/;

/** `name@version` or `name`. @throws ModelError for anything else. */
export function requireRef(ref: string): { name: string; version?: string } {
  const groups = REF.exec(ref)?.groups as { name: string; version?: string } | undefined;
  if (groups) return { name: groups.name, ...(groups.version ? { version: groups.version } : {}) };
  throw new ModelError(
    `Expected a model as name@version, found ${JSON.stringify(ref)}. A job on AWS can't read a folder of yours: put the model into the models bucket.`,
    {
      details: { ref },
    },
  );
}

/** The newest version of a model, of those that came with the program and those of the bucket. @throws ModelError if none. */
export async function newestVersion(name: string, shipped: ModelRef[], { s3, bucket }: ModelsBucket): Promise<string> {
  const versions = shipped.filter((model) => model.name === name).map((model) => model.version);
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
