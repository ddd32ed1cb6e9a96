import type { z } from 'zod';
import { OLD_STATUS, type oldJobSchema, type predictionSchema } from './legacy-schemas.ts';
import type { jobSchema } from './schemas.ts';

type JobAnswer = z.infer<typeof jobSchema>;
type Prediction = z.infer<typeof predictionSchema>;
type OldJob = z.infer<typeof oldJobSchema>;

/** The tag that keeps what a job was asked for by. */
export const VIDEO_TAG = 'video_id';

/** A job as `GET /predict/{job_id}` told of it. */
export function predictionView(job: JobAnswer, prediction: Prediction['prediction'] = null): Prediction {
  return {
    job_id: job.id,
    status: OLD_STATUS[job.status],
    prediction,
    created_at: job.createdAt,
    completed_at: job.endedAt ?? null,
    error: errorText(job),
  };
}

/** A job as the worker before this one told of it. */
export function oldJobView(job: JobAnswer, result: OldJob['result'] = null): OldJob {
  const status = OLD_STATUS[job.status];
  const { progress, startedAt = null, endedAt = null } = job;
  return {
    id: job.id,
    video_id: job.tags?.[VIDEO_TAG] ?? null,
    status,
    progress: status === 'completed' ? 100 : (progress?.percent ?? 0),
    status_message: statusMessage(job),
    created_at: job.createdAt,
    updated_at: endedAt ?? startedAt ?? job.createdAt,
    started_at: startedAt,
    completed_at: endedAt,
    result,
    error: errorText(job),
  };
}

/** What ended badly says why; cancelling is no error of the job, and was an end like others then. */
function errorText({ status, error }: JobAnswer): string | null {
  if (error) return `${error.code}: ${error.message}`;
  return OLD_STATUS[status] === 'failed' ? `The job is ${status}.` : null;
}

function statusMessage({ status, progress, waiting }: JobAnswer): string {
  if (waiting) return waiting.reason;
  return status === 'RUNNING' && progress ? `${progress.step}: ${progress.done} of ${progress.total}` : status;
}
