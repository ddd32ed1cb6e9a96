import type { Degradation } from '#core/job';
import type { LetterAsrParams, Scored } from '../contract.ts';
import type { Grade, Summary } from '../result/summary.ts';
import type { DrawnActivity } from './drawn-activities.ts';

/** Everything the reports tell. Nothing in it depends on when or where the job ran. */
export interface ReportData {
  summary: Summary;
  drawn: DrawnActivity[];
  /** Phrases that failed, and why. */
  missing: string[];
  notes: string[];
  published: { endpoint: string | null; published: number };
  model: Scored['model'];
  params: LetterAsrParams;
  degraded: Degradation[];
  /** Of sound that was scored. */
  seconds: number;
}

/** What each grade is called in a sentence. */
export const IN_WORDS: Record<Grade, string> = {
  excellent: 'Everything was scored',
  success: 'Most activities were scored',
  issues: 'Many activities have problems',
  failed: 'Most activities failed',
};
