import type { Job, Progress } from '#core/job';
import { isSettled } from '#core/job';
import { canonicalJson, sha256Hex } from '#core/names';
import type { JobStore } from '#core/ports';
import { jobView } from './views.ts';

/** What a stream is about. */
export interface StreamSource {
  /** Set where it is about one job, and ends with it. */
  jobId?: string;
  /** What somebody who knows nothing is told first, in this order. */
  present(): Promise<Job[]>;
  read(jobId: string): Promise<Job | undefined>;
}

export function ofOneJob(jobId: string, jobs: Pick<JobStore, 'get'>): StreamSource {
  const read = () => jobs.get(jobId);
  return { jobId, read, present: async () => [await read()].filter((job) => job !== undefined) };
}

// As many as a page of a screen shows.
const NEWEST = 20;

export function ofTeam(team: string, jobs: Pick<JobStore, 'get' | 'list'>): StreamSource {
  return {
    async present() {
      return (await jobs.list({ team, limit: NEWEST })).jobs.toReversed();
    },
    async read(jobId) {
      const job = await jobs.get(jobId);
      return job?.team === team ? job : undefined;
    },
  };
}

/** One server-sent event. Its id stands for what it says, so that whoever knows it can be spared the same again. */
export interface StreamEvent {
  id: string;
  jobId: string;
  data: string;
  isLast: boolean;
}

/** The event that tells a job as it is; `progress` is newer than what its record says. */
export function eventOf(job: Job, progress?: Progress): StreamEvent {
  const view = jobView(job.status === 'RUNNING' && progress ? { ...job, progress } : job);
  const id = sha256Hex(canonicalJson(view)).slice(0, 16);
  return { id, jobId: job.id, data: JSON.stringify(view), isLast: isSettled(job.status) };
}

export function written({ id, data }: StreamEvent): string {
  return `id: ${id}\nevent: job\ndata: ${data}\n\n`;
}
