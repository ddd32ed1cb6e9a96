import { fromErrorDocument, TransientError } from '#core/errors';
import type { FailureKind } from '#core/failure';
import type { JobState } from '#core/job';
import { evidenceOf } from './why-failed.ts';

// Exit code of a result that lacks something, as for a file of which only a part could be used (EX_DATAERR).
const PARTIAL_EXIT = 65;

export interface EndedJob {
  status: JobState;
  error?: EndError | undefined;
}

interface EndError {
  name: string;
  message: string;
  step?: string | undefined;
  explanation?: { kind: FailureKind; evidence: string[] } | undefined;
  /** The command to give next, where the job is still there to be worked on. */
  next?: string | undefined;
}

/** Ends the command as the job ended. @throws the error that its step gave, under its own name, unless there is a result. */
export function endAsJob(job: EndedJob): void {
  if (job.status === 'PARTIAL') process.exitCode = PARTIAL_EXIT;
  else if (job.status !== 'SUCCEEDED') throw failureOf(job);
}

/** What the person reads when a job did not succeed. */
function failureOf({ status, error }: EndedJob): Error {
  if (error) {
    const why = [...evidenceOf(error), ...(error.next ? [`Next: ${error.next}`] : [])]
      .map((line) => `\n  ${line}`)
      .join('');
    // Step Functions' own names say how a task ended, not why: it was killed, or crashed, every time it was tried.
    if (error.name.startsWith('States.')) {
      const again = error.next ? '' : ' Run it again.';
      return new TransientError(`${error.step ?? 'The job'} failed. ${error.message}${again}${why}`);
    }
    return fromErrorDocument({ name: error.name, message: `${error.message}${why}` });
  }
  if (status === 'CANCELED') return new TransientError('The job was cancelled. Submit it again if it is wanted.');
  return new TransientError(`The job ended as ${status} and no step said why. Run it again.`);
}
