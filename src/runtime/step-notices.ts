import type { Notices } from '#core/notices';
import type { JobStore } from '#core/ports';
import type { Logger } from '#core/step';
import { tell } from '#jobs/notify';

export interface StepCall {
  jobId: string;
  execution: string;
  step: string;
  shard?: number | undefined;
  /** What tells this call from another of the same step. */
  attempt: string;
}

export interface StepNoticePorts {
  notices: Notices;
  jobs: Pick<JobStore, 'get'>;
  logger: Logger;
  now?: () => Date;
}

/** Tells, beside the work, that a step begins. @returns what tells how it ended, and waits until both are told. */
export function tellStep(call: StepCall, { notices, jobs, logger, now = () => new Date() }: StepNoticePorts) {
  const { jobId, ...where } = call;
  const told = async (type: 'step-start' | 'step-end', error?: string): Promise<void> => {
    const time = now().toISOString();
    const job = await jobs.get(jobId);
    if (job) await tell(job, { type, time, ...where, error }, notices);
  };
  // A step that can't tell of itself has done its work all the same.
  const unlessTold = (thrown: unknown) => logger.warn('a notice could not be sent', { reason: String(thrown) });
  const started = told('step-start').catch(unlessTold);

  return async (error?: { name: string }): Promise<void> => {
    await started;
    await told('step-end', error?.name).catch(unlessTold);
  };
}
