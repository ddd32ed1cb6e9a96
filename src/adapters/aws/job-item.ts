import { type Job, type JobState, movedOn } from '#core/job';
import { placeOf } from '#core/job-list';
import { laneName } from '#core/queue';

/**
 * A job as attributes of an item, of the names of its fields, so that conditions can say `status` and `execution`.
 * `listed` is its place in the index of its team's jobs, for ever: a job's team, time and id do not change. `queued` is its
 * lane while it is QUEUED; the index of that name then has it, and no other.
 */
export function itemOf(job: Job): Record<string, unknown> {
  return { ...packed(job), listed: placeOf(job), ...(job.status === 'QUEUED' ? { queued: laneName(job) } : {}) };
}

export function jobOf(item: Record<string, unknown>): Job {
  const { item: _item, queued: _queued, listed: _listed, written: _written, ttl: _ttl, ...fields } = item;
  for (const name of TEXTS) {
    if (typeof fields[name] === 'string') fields[name] = JSON.parse(fields[name]);
  }
  return fields as unknown as Job;
}

/** What a step to `to` sets and removes, whatever the job was before, as `movedOn` has it. */
export function patchOf(to: JobState, changes: Partial<Job>): { set: Record<string, unknown>; remove: string[] } {
  const moved: Partial<Job> = movedOn(ANY_JOB, to, changes);
  const names = Object.keys(ANY_JOB) as (keyof Job)[];
  const changed = names.filter((name) => name in moved && (name in changes || moved[name] !== ANY_JOB[name]));
  return {
    set: { ...packed(Object.fromEntries(changed.map((name) => [name, moved[name]]))), status: to },
    remove: [...names.filter((name) => !(name in moved)), ...(to === 'QUEUED' ? [] : ['queued'])],
  };
}

// Values of somebody else's making: any JSON, of which DynamoDB would refuse some numbers and empty names.
const TEXTS = ['params', 'tags', 'error'] as const;

function packed(fields: Partial<Job>): Record<string, unknown> {
  const texts = TEXTS.filter((name) => fields[name] !== undefined).map((name) => [name, JSON.stringify(fields[name])]);
  return { ...fields, ...Object.fromEntries(texts) };
}

/** A job with every field, so that the compiler asks for the next one too. */
const ANY_JOB: Required<Job> = {
  id: '',
  workload: '',
  workloadVersion: '',
  team: '',
  project: '',
  priority: 'normal',
  pool: 'cpu',
  tags: {},
  batch: '',
  notify: { url: '' },
  status: 'QUEUED',
  input: [],
  params: {},
  sizes: {},
  clonedFrom: '',
  reused: [],
  reuse: true,
  planned: { execution: '', plan: {} },
  requestDigest: '',
  execution: '',
  progress: { step: '', percent: 0, done: 0, total: 0 },
  error: { name: '', message: '' },
  degraded: [],
  charge: { vcpuSeconds: 0, gpuSeconds: 0, gbSeconds: 0, transitions: 0, requests: 0, usd: 0, prices: '' },
  createdAt: '',
  queuedAt: '',
  startedAt: '',
  endedAt: '',
};
