import { attemptPrefix } from '#core/names';
import type { ArtifactStore, JobStore } from '#core/ports';
import { ATTEMPT, type AttemptRecord, attemptSchema, VERDICT, type Verdict, verdictSchema } from '#core/verdict';
import type { Workload } from '#core/workload';

export interface VerdictPorts {
  jobs: JobStore;
  artifacts: ArtifactStore;
}

export interface StepAddress {
  jobId: string;
  step: string;
  shard?: number;
}

/** The verdict of the newest attempt that left one: what a step or shard came to. */
export async function newestVerdict(
  address: StepAddress,
  { jobs, artifacts }: VerdictPorts,
): Promise<Verdict | undefined> {
  const { jobId, step, shard } = address;
  for (let attempt = await jobs.latestAttempt(jobId, step, shard); attempt > 0; attempt -= 1) {
    const key = `${attemptPrefix({ ...address, attempt })}${VERDICT}`;
    if (await artifacts.exists(key)) return verdictSchema.parse(await readJson(key, artifacts));
  }
  return undefined;
}

export interface StepEnd {
  step: string;
  shard?: number;
  verdict: Verdict;
}

/** The final verdicts of all steps of a job and their shards, in the workload's order. Steps that did not run are left out. */
export async function finalVerdicts(jobId: string, { steps }: Workload, ports: VerdictPorts): Promise<StepEnd[]> {
  const ends: StepEnd[] = [];
  for await (const { step, shard } of startedSteps(jobId, steps, ports)) {
    const place = { step, ...(shard === undefined ? {} : { shard }) };
    const verdict = await newestVerdict({ jobId, ...place }, ports);
    if (verdict) ends.push({ ...place, verdict });
  }
  return ends;
}

/** One started attempt; `record` is missing when it was killed before it could write one. */
export interface Attempt {
  step: string;
  shard?: number;
  attempt: number;
  record?: AttemptRecord;
}

/** Every attempt of every step and shard, in the workload's order. */
export async function allAttempts(jobId: string, { steps }: Workload, ports: VerdictPorts): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for await (const { step, shard, latest } of startedSteps(jobId, steps, ports)) {
    const place = { step, ...(shard === undefined ? {} : { shard }) };
    for (let attempt = 1; attempt <= latest; attempt += 1) {
      const key = `${attemptPrefix({ jobId, ...place, attempt })}${ATTEMPT}`;
      const there = await ports.artifacts.exists(key);
      const record = there ? { record: attemptSchema.parse(await readJson(key, ports.artifacts)) } : {};
      attempts.push({ ...place, attempt, ...record });
    }
  }
  return attempts;
}

/** A step ran once or as shards 0, 1, …: its attempt counters tell which. */
async function* startedSteps(jobId: string, steps: Workload['steps'], { jobs }: VerdictPorts) {
  for (const step of Object.keys(steps)) {
    const once = await jobs.latestAttempt(jobId, step);
    if (once > 0) yield { step, shard: undefined, latest: once };
    for (let shard = 0; ; shard += 1) {
      const latest = await jobs.latestAttempt(jobId, step, shard);
      if (latest === 0) break;
      yield { step, shard, latest };
    }
  }
}

async function readJson(key: string, artifacts: ArtifactStore): Promise<unknown> {
  return JSON.parse(Buffer.from(await artifacts.read(key)).toString()) as unknown;
}
