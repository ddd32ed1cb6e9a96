import { ModelError } from '#core/errors';
import { sha256Hex } from '#core/names';
import type { ModelDigests } from '#core/ports';
import { type ModelsBucket, newestVersion, requireRef } from './model-refs.ts';
import { findObject, readRange } from './s3-objects.ts';
import shipped from './shipped-models.json' with { type: 'json' };

const SHIPPED: Record<string, string> = shipped;

/**
 * The digests of models for whoever plans jobs and opens none: no model's files are there. Those that came with the program
 * are told by a list that was recorded with it; they win, as in the model store.
 */
export function openModelDigests(bucket: ModelsBucket, ours: Record<string, string> = SHIPPED): ModelDigests {
  const refs = Object.keys(ours).map((ref) => {
    const [name, version] = ref.split('@') as [string, string];
    return { name, version };
  });
  return {
    async digest(ref) {
      const { name, version = await newestVersion(name, refs, bucket) } = requireRef(ref);
      return ours[`${name}@${version}`] ?? (await digestOf(`models/${name}/${version}/model.json`, bucket));
    },
  };
}

async function digestOf(key: string, { s3, bucket }: ModelsBucket): Promise<string> {
  const object = await findObject(s3, { bucket, key });
  if (object) return sha256Hex(await readRange(s3, object, 0, object.bytes));
  throw new ModelError(`There is no model at s3://${bucket}/${key}. Put it there.`, { details: { bucket, key } });
}
