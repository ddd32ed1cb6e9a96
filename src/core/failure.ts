import type { Actor } from './errors.ts';

/** Every way in which a job can fail, for whoever has to do something about it. The list is closed. */
export const FAILURE_KINDS = [
  'input',
  'quota',
  'capacity',
  'interrupted',
  'memory',
  'time',
  'disk',
  'model',
  'code',
  'platform',
] as const;

export type FailureKind = (typeof FAILURE_KINDS)[number];

/** What a failure is, how that is known, and what to do. */
export interface Explanation {
  kind: FailureKind;
  /** What was seen that says so, in sentences. */
  evidence: string[];
  /** Whether the same job, started again, may end otherwise. */
  retryHelps: boolean;
  actor: Actor;
  /** The command to give next. */
  next: string;
}
