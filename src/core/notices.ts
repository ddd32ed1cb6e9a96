import { z } from 'zod';
import { JOB_STATES, type Notify, type Progress } from './job.ts';

/** What is told of jobs to those who asked for it. */
export const NOTICE_TYPES = ['job-start', 'step-start', 'step-end', 'job-end'] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

/** What a webhook's body and an event's detail say. The same occurrence has the same id, however often it is told. */
export const noticeSchema = z.object({
  id: z.string(),
  type: z.enum(NOTICE_TYPES),
  time: z.iso.datetime().describe('When it happened, UTC'),
  job: z.object({
    id: z.string(),
    workload: z.string(),
    team: z.string(),
    project: z.string(),
    status: z.enum(JOB_STATES),
    step: z.string().optional().describe('The step that began or ended, or in which the job failed'),
    shard: z.int().optional(),
    error: z.string().optional().describe("The error's code"),
    links: z.object({ self: z.string(), results: z.string().optional() }).describe("Relative to the API's address"),
  }),
});

export type Notice = z.infer<typeof noticeSchema>;

/** Where notices go: the bus at home, EventBridge on AWS. */
export interface Notices {
  /** Tells of it, and sees to it that the receiver that the job named hears of it if one is given. */
  publish(notice: Notice, receiver?: Notify): Promise<void>;
}

/** How often a delivery is tried at most; with the waits between that takes most of a day. */
export const MOST_ATTEMPTS = 10;

/** One notice on its way to a receiver. */
export interface Delivery {
  notice: Notice;
  url: string;
  /** Attempts that failed. */
  failures: number;
  /** UTC ISO-8601. */
  firstAt: string;
  nextAt: string;
  /** What became of it; an open one has none. */
  ended?: { at: string; as: 'delivered' | 'stopped' | 'given up'; reason?: string };
}

/** Deliveries that outlive the process. Those that ended are remembered for a while, so that none is made twice. */
export interface Deliveries {
  /** @returns false when a delivery of that notice is there already; it is then unchanged. */
  add(delivery: Delivery): Promise<boolean>;
  /** Replaces what is kept of a delivery. */
  keep(delivery: Delivery): Promise<void>;
  has(noticeId: string): Promise<boolean>;
  open(): Promise<Delivery[]>;
  /** Forgets those that ended before `before` (UTC ISO-8601). */
  forget(before: string): Promise<void>;
}

/** What webhooks of a team are signed with: the newest first, and older ones as long as receivers may still have them. */
export interface WebhookSecrets {
  of(team: string): Promise<[string, ...string[]]>;
}

/** A job may be other than it was; `progress` is newer than what its record says. */
export interface JobChange {
  jobId: string;
  progress?: Progress;
}

/** Tells of changes as they happen, where one process sees them all. */
export interface JobChanges {
  /** Of one job, or of all. @returns what ends it. */
  listen(jobId: string | undefined, listener: (change: JobChange) => void): () => void;
}
