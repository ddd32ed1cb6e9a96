import { openRegistry, type WorkloadTable } from '#jobs/registry';
import { type SweepPorts, type Swept, sweepJobs } from '#jobs/sweep';
import { openAwsPlatform } from './aws-platform.ts';
import type { LambdaContext } from './lambda.ts';
import { openLambdaLog } from './lambda-log.ts';

export type SweepHandler = (event: unknown, context: LambdaContext) => Promise<Swept>;

/** Starts, on a schedule, what was recorded and not started. */
export function sweepHandler(
  workloads: WorkloadTable,
  open: () => Promise<Omit<SweepPorts, 'registry'>> = openAwsPlatform,
): SweepHandler {
  const log = openLambdaLog();
  const registry = openRegistry(workloads);
  let opened: ReturnType<typeof open> | undefined;

  return async (_event, { awsRequestId }) => {
    opened ??= open();
    const start = performance.now();
    log.about({ correlationId: awsRequestId, phase: 'sweep' });
    try {
      const swept = await sweepJobs({ ...(await opened), registry });
      for (const { jobId, name, message } of swept.failed) log.error(message, { jobId, error: name });
      log.info('swept', { status: 'succeeded', latencyMs: Math.round(performance.now() - start), ...swept });
      return swept;
    } finally {
      log.reset();
    }
  };
}
