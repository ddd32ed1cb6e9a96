import { z } from 'zod';
import { StepreelError } from '#core/errors';
import type { Job } from '#core/job';
import { attemptPrefix, stepPrefix } from '#core/names';
import type { ArtifactStore } from '#core/ports';
import { VERDICT, type Verdict, verdictSchema } from '#core/verdict';

/** cache/<workload>/<content key>/<part>: where the verdict of one part of a step with that content lies. */
const pointerSchema = z.object({
  jobId: z.string(),
  attempt: z.int().positive(),
  /** Of the code that did it: what planned the job may have been newer or older. */
  revision: z.int(),
  at: z.iso.datetime(),
});

const ONCE = 'once';
/** Beside the parts of a step that ran as shards: how many there are. Whoever has read them all writes it down. */
const SHARDS = 'shards';
const shardsSchema = z.object({ count: z.int().nonnegative() });

/** What a step has just finished, for other jobs to find. */
export interface FinishedPart {
  step: string;
  shard?: number;
  attempt: number;
  revision: number;
  /** The steps whose shards it has read, and how many each has. */
  counted: ReadonlyMap<string, number>;
}

/**
 * Lets other jobs find a verdict by its content key. Nothing is told when an input has changed since the key was made of it.
 * The job's own verdict is there already; what is told here matters to later jobs alone.
 */
export async function tellFinished(
  { id: jobId, workload, input, planned }: Job,
  { step, shard, attempt, revision, counted }: FinishedPart,
  artifacts: ArtifactStore,
): Promise<void> {
  const { keys, stamps = [] } = planned ?? {};
  if (!keys || !(await areUnchanged(input, stamps, artifacts))) return;
  if (keys[step] !== undefined) {
    const pointer: z.infer<typeof pointerSchema> = { jobId, attempt, revision, at: new Date().toISOString() };
    await artifacts.putBytes(partKey(workload, keys[step], shard), JSON.stringify(pointer));
  }
  for (const [other, count] of counted) {
    if (keys[other] === undefined) continue;
    await artifacts.putBytes(`${contentPrefix(workload, keys[other])}${SHARDS}`, JSON.stringify({ count }));
  }
}

async function areUnchanged(input: Job['input'], stamps: string[], artifacts: ArtifactStore): Promise<boolean> {
  try {
    const now = await Promise.all(input.map((one) => artifacts.inputStamp(one)));
    return now.length === stamps.length && now.every((stamp, index) => stamp === stamps[index]);
  } catch (thrown) {
    // It is gone.
    if (thrown instanceof StepreelError && !thrown.retryable) return false;
    throw thrown;
  }
}

/** A part of a step, done by another job, that can be taken over as it is. */
export interface ReusablePart {
  jobId: string;
  shard?: number;
  /** The text of its verdict.json. */
  verdict: string;
}

export interface ReusableStep {
  step: string;
  parts: ReusablePart[];
  /** False when it ran as shards, and some or nobody knows how many are still to be done. */
  isComplete: boolean;
}

export interface Wanted {
  workload: string;
  step: string;
  key: string;
  revision: number;
  /** Nothing older, UTC ISO-8601. */
  since: string;
}

/** What is there of a step with this content: verdicts that succeeded, of which no artifact has been removed since. */
export async function findFinished(wanted: Wanted, artifacts: ArtifactStore): Promise<ReusableStep | undefined> {
  const { workload, step, key } = wanted;
  const prefix = contentPrefix(workload, key);
  const names = (await artifacts.list(prefix)).map((found) => found.slice(prefix.length));
  const partNames = names.includes(ONCE) ? [ONCE] : names.filter((name) => /^\d+$/.test(name));
  const keysOf = listedOnce(step, artifacts);
  const found = await Promise.all(partNames.map((name) => partOf(`${prefix}${name}`, name, wanted, artifacts, keysOf)));
  const parts = found.filter((part) => part !== undefined);
  if (parts.length === 0) return undefined;
  const isComplete = partNames[0] === ONCE || (await countOf(prefix, names, artifacts)) === parts.length;
  return { step, parts, isComplete };
}

async function partOf(
  pointerKey: string,
  name: string,
  { step, revision, since }: Wanted,
  artifacts: ArtifactStore,
  keysOf: (jobId: string) => Promise<Set<string>>,
): Promise<ReusablePart | undefined> {
  const pointer = pointerSchema.safeParse(await readJson(pointerKey, artifacts)).data;
  if (!pointer || pointer.revision !== revision || pointer.at < since) return undefined;
  const { jobId, attempt } = pointer;
  const place = name === ONCE ? {} : { shard: Number(name) };
  const keys = await keysOf(jobId);
  const verdictKey = `${attemptPrefix({ jobId, step, attempt, ...place })}${VERDICT}`;
  if (!keys.has(verdictKey)) return undefined;
  const text = Buffer.from(await artifacts.read(verdictKey)).toString();
  const verdict: Verdict = verdictSchema.parse(JSON.parse(text));
  const isWhole = verdict.status === 'succeeded' && verdict.artifacts.every(({ key }) => keys.has(key));
  return isWhole ? { jobId, ...place, verdict: text } : undefined;
}

/** What lies under a step of a job; asked once for all its shards. */
function listedOnce(step: string, artifacts: ArtifactStore): (jobId: string) => Promise<Set<string>> {
  const listed = new Map<string, Promise<Set<string>>>();
  return (jobId) => {
    const before = listed.get(jobId);
    if (before) return before;
    const listing = artifacts.list(stepPrefix({ jobId, step })).then((keys) => new Set(keys));
    listed.set(jobId, listing);
    return listing;
  };
}

async function countOf(prefix: string, names: string[], artifacts: ArtifactStore): Promise<number | undefined> {
  if (!names.includes(SHARDS)) return undefined;
  return shardsSchema.safeParse(await readJson(`${prefix}${SHARDS}`, artifacts)).data?.count;
}

async function readJson(key: string, artifacts: ArtifactStore): Promise<unknown> {
  return JSON.parse(Buffer.from(await artifacts.read(key)).toString()) as unknown;
}

function partKey(workload: string, key: string, shard?: number): string {
  return `${contentPrefix(workload, key)}${shard === undefined ? ONCE : String(shard).padStart(4, '0')}`;
}

/** By workload, so that the tasks of one write to no other's. */
function contentPrefix(workload: string, key: string): string {
  return `cache/${workload}/${key}/`;
}
