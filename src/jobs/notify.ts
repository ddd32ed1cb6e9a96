import { isSettled, type Job } from '#core/job';
import { sha256Hex } from '#core/names';
import type { Notice, Notices, NoticeType } from '#core/notices';
import type { JobStore } from '#core/ports';

export interface Occurrence {
  type: NoticeType;
  /** UTC ISO-8601. */
  time: string;
  /** The start of the job that it belongs to. */
  execution: string;
  step?: string | undefined;
  shard?: number | undefined;
  /** What tells attempts of a step apart. */
  attempt?: number | string | undefined;
  /** The error's code. */
  error?: string | undefined;
}

/** Tells of something that happened to a job. Telling it again gives the same notice. */
export async function tell(job: Job, occurrence: Occurrence, notices: Notices): Promise<void> {
  const { notify } = job;
  const isWanted = notify && (notify.events ?? [occurrence.type]).includes(occurrence.type);
  await notices.publish(noticeOf(job, occurrence), isWanted ? notify : undefined);
}

export function noticeOf(job: Job, occurrence: Occurrence): Notice {
  const { id, workload, team, project, status } = job;
  const { type, time, step, shard, error } = occurrence;
  const hasResult = status === 'SUCCEEDED' || status === 'PARTIAL';
  return {
    id: noticeId(id, occurrence),
    type,
    time,
    job: {
      id,
      workload,
      team,
      project,
      status,
      ...(step === undefined ? {} : { step }),
      ...(shard === undefined ? {} : { shard }),
      ...(error === undefined ? {} : { error }),
      links: { self: `jobs/${id}`, ...(hasResult ? { results: `jobs/${id}/results` } : {}) },
    },
  };
}

/** A step's end is one with its attempt, whenever that is told; a job ends once in each of its starts. */
function noticeId(jobId: string, { type, execution, step, shard, attempt }: Occurrence): string {
  const what = [jobId, type, execution, step ?? '', shard ?? '', attempt ?? ''];
  return `evt_${sha256Hex(what.join('\n')).slice(0, 32)}`;
}

/** Tells that a job has ended; of one that has not, nothing. */
export async function tellJobEnd(job: Job, notices: Notices): Promise<void> {
  const { id, status, execution = id, endedAt, error } = job;
  if (!isSettled(status) || status === 'EXPIRED' || endedAt === undefined) return;
  await tell(job, { type: 'job-end', time: endedAt, execution, step: error?.step, error: error?.name }, notices);
}

export interface Announcements {
  notices: Notices;
  /** Hears of each change of a record that this process makes. */
  changed?: (jobId: string) => void;
}

/**
 * A job store that tells of what it records: whoever ends a job, and in whatever way, its end is told. One who dies before
 * it is told is made good by `tellJobEnd` when the same end is recorded again.
 */
export function announcing<Store extends JobStore>(jobs: Store, { notices, changed = () => {} }: Announcements): Store {
  return {
    ...jobs,
    async create(job) {
      const isNew = await jobs.create(job);
      if (!isNew) return false;
      changed(job.id);
      await tellJobEnd(job, notices);
      return true;
    },
    async transition(id, to, changes, execution) {
      const moved = await jobs.transition(id, to, changes, execution);
      if (!moved) return undefined;
      changed(id);
      await tellJobEnd(moved, notices);
      return moved;
    },
  } satisfies JobStore & Store;
}
