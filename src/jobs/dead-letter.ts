import type { Job } from '#core/job';
import type { DeadLetter, DeadLetters } from '#core/ports';

/**
 * Puts a job that failed or timed out into the dead-letter queue, with what a replay needs. Anything else stays out, and
 * refusals above all: nobody but the submitter can do something about them.
 */
export async function keepDeadLetter(job: Job, deadLetters: Pick<DeadLetters, 'put'>): Promise<void> {
  const letter = letterOf(job);
  if (letter) await deadLetters.put(letter);
}

function letterOf({ id, workload, team, status, execution = id, error, endedAt }: Job): DeadLetter | undefined {
  if ((status !== 'FAILED' && status !== 'TIMED_OUT') || endedAt === undefined) return undefined;
  return { jobId: id, workload, team, execution, ...(error ? { error } : {}), endedAt };
}
