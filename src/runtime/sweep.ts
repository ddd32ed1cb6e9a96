import type { WorkloadTable } from '#jobs/registry';
import { type SweepPorts, type Swept, sweepJobs } from '#jobs/sweep';
import { openAwsLife } from './aws-life.ts';
import type { LambdaContext } from './lambda.ts';
import { openLambdaLog } from './lambda-log.ts';

export type SweepHandler = (event: unknown, context: LambdaContext) => Promise<Swept>;

/** Settles, on a schedule, what nobody was told of, and starts the jobs that there is a place for. */
export function sweepHandler(
  workloads: WorkloadTable,
  open: () => Promise<SweepPorts> = () => openAwsLife(workloads),
): SweepHandler {
  const log = openLambdaLog();
  let opened: ReturnType<typeof open> | undefined;

  return async (_event, { awsRequestId }) => {
    opened ??= open();
    const start = performance.now();
    log.about({ correlationId: awsRequestId, phase: 'sweep' });
    try {
      const swept = await sweepJobs(await opened);
      for (const { jobId, name, message } of swept.failed) log.error(message, { jobId, error: name });
      log.info('swept', { status: 'succeeded', latencyMs: Math.round(performance.now() - start), ...swept });
      return swept;
    } finally {
      log.reset();
    }
  };
}
