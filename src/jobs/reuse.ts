import type { Job, Reuse } from '#core/job';
import { attemptPrefix } from '#core/names';
import { eachSideBySide } from '#core/side-by-side';
import { ATTEMPT, type AttemptRecord, VERDICT } from '#core/verdict';
import type { Workload } from '#core/workload';
import { findFinished, type ReusablePart, type ReusableStep } from './finished-work.ts';
import { newestVerdict, type VerdictPorts } from './verdicts.ts';

export interface ReuseRule {
  /** For how long after it was done work is taken over by other jobs; what it left must be kept for longer. */
  reuseDays?: number;
  now?: () => Date;
}

// At home nothing is removed; who made a result a week ago still knows what it was made of.
const REUSE_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
const AT_ONCE = 8;

/**
 * The longest beginning of a workload that other jobs have done with the same content. The last of its steps may be done in
 * part only.
 */
export async function reusableSteps(
  keys: Record<string, string>,
  { name, revisions = {} }: Workload,
  { artifacts, reuseDays = REUSE_DAYS, now = () => new Date() }: Pick<VerdictPorts, 'artifacts'> & ReuseRule,
): Promise<ReusableStep[]> {
  const since = new Date(now().getTime() - reuseDays * DAY_MS).toISOString();
  const found: ReusableStep[] = [];
  for (const [step, key] of Object.entries(keys)) {
    const { revision } = revisions[step]!;
    const one = await findFinished({ workload: name, step, key, revision, since }, artifacts);
    if (one) found.push(one);
    if (!one?.isComplete) break;
  }
  return found;
}

/** What a job's record tells of these steps: each with every job that did a part of it. */
export function reuseOf(steps: ReusableStep[]): Reuse[] {
  return steps.flatMap(({ step, parts }) =>
    [...new Set(parts.map(({ jobId }) => jobId))].sort().map((from) => ({ step, from })),
  );
}

/** Gives a job the verdicts of other jobs, as attempts that took no time. What it has already is left as it is. */
export async function adoptSteps(job: Job, steps: ReusableStep[], ports: VerdictPorts & ReuseRule): Promise<void> {
  const parts = steps.flatMap(({ step, parts }) => parts.map((part) => ({ step, part })));
  await eachSideBySide(parts, AT_ONCE, ({ step, part }) => adoptPart(job.id, step, part, ports));
}

async function adoptPart(
  jobId: string,
  step: string,
  { jobId: reusedFrom, shard, verdict }: ReusablePart,
  ports: VerdictPorts & ReuseRule,
): Promise<void> {
  const { jobs, artifacts, now = () => new Date() } = ports;
  const place = { step, ...(shard === undefined ? {} : { shard }) };
  if (await newestVerdict({ jobId, ...place }, ports)) return;
  const attempt = await jobs.nextAttempt(jobId, step, shard);
  const startedAt = now().toISOString();
  const record: AttemptRecord = {
    ...place,
    attempt,
    startedAt,
    seconds: 0,
    cpuSeconds: 0,
    peakMemoryMiB: 0,
    reusedFrom,
  };
  const prefix = attemptPrefix({ jobId, ...place, attempt });
  await artifacts.putBytes(`${prefix}${ATTEMPT}`, JSON.stringify(record));
  await artifacts.putBytes(`${prefix}${VERDICT}`, verdict);
}
