import { isSettled, type JobState, type Notify } from '#core/job';
import type { StateCounts } from '#core/ports';
import type { Priority } from '#core/queue';

/** The kind of a batch's record. */
export const BATCH = 'batch';

/** Many jobs of one workload that were asked for at once: each of its items becomes a job, its member. */
export interface Batch {
  id: string;
  team: string;
  workload: string;
  name?: string;
  project: string;
  priority: Priority;
  tags?: Record<string, string>;
  notify?: Notify;
  /** False when its jobs shall do everything themselves. */
  reuse?: boolean;
  /** Of every member, unless its item says otherwise. */
  params: Record<string, unknown>;
  /** SHA-256 of the request, where a key stands for it. */
  requestDigest?: string;
  /** The artifact that holds the items, one a line. */
  items: string;
  total: number;
  /** Objects below a prefix that the workload does not take. */
  skipped: number;
  /** Of the first items: so many became jobs. */
  submitted: number;
  /** Of the first items: so many were refused; the others run. */
  refused: number;
  /** Where the next item begins in `items`, in bytes. */
  offset: number;
  /** No more members are made, and those that there are get cancelled. */
  isCanceled: boolean;
  createdAt: string;
  /** When it last got on. */
  updatedAt: string;
}

export const BATCH_STATES = [
  'QUEUED',
  'RUNNING',
  'CANCELING',
  'SUCCEEDED',
  'PARTIAL',
  'FAILED',
  'REJECTED',
  'TIMED_OUT',
  'CANCELED',
  'EXPIRED',
] as const satisfies JobState[];

export type BatchState = (typeof BATCH_STATES)[number];

/** From bad to good. */
const BY_BADNESS = ['FAILED', 'TIMED_OUT', 'REJECTED', 'CANCELED', 'PARTIAL', 'EXPIRED', 'SUCCEEDED'] as const;

/**
 * The state of a batch whose members are counted: the worst of theirs once all of them have ended. A refused item is as
 * bad as a rejected job, and one that a cancel was too quick for as a cancelled one.
 */
export function batchState(batch: Batch, counts: StateCounts): BatchState {
  const { submitted, refused, isCanceled } = batch;
  const left = itemsLeft(batch);
  const states = Object.keys(counts) as JobState[];
  const ended = states.filter(isSettled).reduce((sum, state) => sum + counts[state]!, 0);
  const isOver = ended >= submitted && (left === 0 || isCanceled);
  if (!isOver && isCanceled) return 'CANCELING';
  if (!isOver) return submitted + refused === 0 ? 'QUEUED' : 'RUNNING';
  const ends = new Set([...states, ...(refused > 0 ? ['REJECTED'] : []), ...(left > 0 ? ['CANCELED'] : [])]);
  return BY_BADNESS.find((state) => ends.has(state)) ?? 'CANCELED';
}

/** How many items nobody has looked at yet. */
export function itemsLeft({ total, submitted, refused }: Batch): number {
  return total - submitted - refused;
}
