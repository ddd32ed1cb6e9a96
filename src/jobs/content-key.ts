import { StepreelError } from '#core/errors';
import type { Job } from '#core/job';
import { canonicalJson, sha256Hex } from '#core/names';
import type { ArtifactStore, ExecutionInput, ModelDigests } from '#core/ports';
import type { Placed, Workload } from '#core/workload';

/** What decides over the content of a job: of two jobs that are equal in it, every step gives the same. */
export type JobContent = Pick<Job, 'team' | 'params' | 'input'>;

export interface ContentPorts {
  artifacts: Pick<ArtifactStore, 'inputDigest' | 'inputStamp'>;
  models: ModelDigests;
}

export interface ContentKeys {
  /** By step, in the workload's order, up to the first step whose key can't be told; never of the last step. */
  keys: Record<string, string>;
  /** Of the inputs, from before their digests were taken. */
  stamps: string[];
}

/**
 * The content keys of a job's steps: the SHA-256 of everything that a step's verdict depends on. `plan` says which device
 * each container step is meant for. What can't be told, of a model or an input that is not there, is for the step itself to
 * say: it has no key then, and nor has any step behind it. @throws only what passes.
 */
export async function contentKeys(
  { team, params, input }: JobContent,
  { name, steps, revisions = {} }: Workload,
  plan: ExecutionInput['plan'],
  { artifacts, models }: ContentPorts,
): Promise<ContentKeys> {
  const known: ContentKeys = { keys: {}, stamps: [] };
  let before = '';
  try {
    known.stamps = await Promise.all(input.map((one) => artifacts.inputStamp(one)));
    const inputs = await Promise.all(
      // The name too: steps check its ending, and write it down.
      input.map(async (one) => ({ name: one.name, digest: await artifacts.inputDigest(one) })),
    );
    // The last step writes the result, which is the job's own.
    for (const [step, placed] of Object.entries(steps).slice(0, -1)) {
      const revision = revisions[step]?.revision;
      const read = readParams(placed, params);
      if (revision === undefined || read === undefined) return known;
      const refs = placed.models ? placed.models(params) : [];
      if (refs === undefined) return known;
      const digests = await Promise.all(refs.map((ref) => models.digest(ref)));
      const device = plan[step] ?? null;
      const content = { team, workload: name, step, revision, device, params: read, models: digests, inputs, before };
      before = sha256Hex(canonicalJson(content));
      known.keys[step] = before;
    }
    return known;
  } catch (thrown) {
    if (thrown instanceof StepreelError && !thrown.retryable) return known;
    throw thrown;
  }
}

function readParams({ params: schema }: Placed, params: Job['params']): unknown {
  return schema ? schema.safeParse(params).data : params;
}
