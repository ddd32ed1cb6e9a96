import type { ActivityResults } from './activity-results.ts';

export type Grade = 'excellent' | 'success' | 'issues' | 'failed';

/**
 * How a run of activities ended, by the share that succeeded and by what lies in the dead-letter queue: excellent from
 * 95 % with an empty queue, success from 80 % with fewer than 5 letters, with issues from 50 %, else failed.
 */
export function gradeCompletion({
  total,
  succeeded,
  deadLetters,
}: {
  total: number;
  succeeded: number;
  deadLetters: number;
}): Grade {
  const share = total === 0 ? 0 : succeeded / total;
  if (share >= 0.95 && deadLetters === 0) return 'excellent';
  if (share >= 0.8 && deadLetters < 5) return 'success';
  return share >= 0.5 ? 'issues' : 'failed';
}

/** Counts of a job: of its activities, its phrases and its letters. */
export interface Summary {
  grade: Grade;
  activities: { total: number; complete: number; partial: number; failed: number };
  phrases: { total: number; scored: number; failed: number };
  letters: { total: number; correct: number; wrong: number; missing: number };
}

/** Adds up the results of activities, one at a time. */
export function openSummary(): { add(results: ActivityResults): void; summary(): Summary } {
  const activities = { total: 0, complete: 0, partial: 0, failed: 0 };
  const phrases = { total: 0, scored: 0, failed: 0 };
  const letters = { total: 0, correct: 0, wrong: 0, missing: 0 };
  return {
    add: (results) => {
      activities.total += 1;
      activities[results.status] += 1;
      for (const phrase of results.phrases) {
        phrases.total += 1;
        phrases[phrase.status] += 1;
        for (const { verdict } of phrase.letters ?? []) {
          letters.total += 1;
          letters[verdict] += 1;
        }
      }
    },
    summary: () => {
      // Activities of one job have no queue of their own: one of which nothing could be scored is its dead letter.
      const outcome = { total: activities.total, succeeded: activities.complete, deadLetters: activities.failed };
      return { grade: gradeCompletion(outcome), activities, phrases, letters };
    },
  };
}
