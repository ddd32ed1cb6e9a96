import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { isRefusal, TransientError, toErrorDocument } from '#core/errors';
import type { AnyStep } from '#core/step';
import { openEnvironment } from './environment.ts';
import { answerLambda, type LambdaEvent, lambdaEventSchema } from './lambda-call.ts';
import type { StepEnvironment } from './step-run.ts';

/** What of AWS Lambda's context is used. */
export interface LambdaContext {
  awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

export type LambdaHandler = (event: unknown, context: LambdaContext) => Promise<Record<string, unknown>>;

// Time to say why, before Lambda ends the process without a word.
const LAST_WORDS_MS = 1000;

/**
 * The handler of a Lambda step: answers with the step's route and throws what the step threw, under its own name. Logs
 * are JSON lines; metrics are EMF, written for failures too, so that a rate has a denominator.
 */
export function lambdaHandler(step: AnyStep): LambdaHandler {
  const logger = new Logger({ serviceName: 'stepreel' });
  const metrics = new Metrics({ namespace: 'Stepreel' });
  let opened: Promise<StepEnvironment> | undefined;

  return async (event, context) => {
    opened ??= openEnvironment();
    const start = performance.now();
    let ended: Ending = 'StepFailed';
    let call: LambdaEvent | undefined;
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new TransientError(`${step.name} ran into its Lambda time limit.`)),
      Math.max(0, context.getRemainingTimeInMillis() - LAST_WORDS_MS),
    );
    try {
      const environment = await opened;
      call = lambdaEventSchema.parse(event);
      logger.appendKeys({ jobId: call.jobId, step: step.name, requestId: context.awsRequestId });
      const route = await answerLambda(step, call, environment, { signal: deadline.signal, logger: adapted(logger) });
      ended = 'StepSucceeded';
      return route;
    } catch (thrown) {
      if (isRefusal(thrown)) ended = 'StepRejected';
      const { name, message, details } = toErrorDocument(thrown);
      logger.error(message, { error: name, ...details });
      throw thrown;
    } finally {
      clearTimeout(timer);
      const job = call && { id: call.jobId, ...(await modelOf(step, call.jobId, opened)) };
      publish(metrics, step, { ended, seconds: (performance.now() - start) / 1000, ...(job ? { job } : {}) });
      logger.resetKeys();
    }
  };
}

const ENDINGS = ['StepSucceeded', 'StepRejected', 'StepFailed'] as const;
type Ending = (typeof ENDINGS)[number];

interface Measured {
  ended: Ending;
  seconds: number;
  job?: { id: string; model?: string };
}

/** Dimensions are paid for, so a job's id is not one of them but metadata. */
function publish(metrics: Metrics, step: AnyStep, { ended, seconds, job }: Measured): void {
  metrics.clearDefaultDimensions();
  metrics.addDimensions({
    Service: 'stepreel',
    Stage: process.env.STEPREEL_STAGE ?? 'local',
    Workload: job ? job.id.slice(0, job.id.lastIndexOf('-')) : 'unknown',
    Step: step.name,
    Device: 'cpu',
    Model: job?.model ?? 'none',
  });
  if (job) metrics.addMetadata('jobId', job.id);
  for (const ending of ENDINGS) metrics.addMetric(ending, MetricUnit.Count, ending === ended ? 1 : 0);
  metrics.addMetric('StepDuration', MetricUnit.Seconds, seconds);
  metrics.publishStoredMetrics();
}

/** The model that the step's own parameters name; a folder of somebody's own is only called so. */
async function modelOf(step: AnyStep, jobId: string, opened: Promise<StepEnvironment>): Promise<{ model?: string }> {
  const job = await opened.then(({ jobs }) => jobs.get(jobId)).catch(() => undefined);
  const { model } = (step.params.safeParse(job?.params).data ?? {}) as { model?: unknown };
  if (typeof model !== 'string') return {};
  return { model: /^[\w.-]+@[\w.-]+$/.test(model) ? model : 'custom' };
}

function adapted(logger: Logger) {
  return {
    debug: (message: string, fields: Record<string, unknown> = {}) => logger.debug(message, fields),
    info: (message: string, fields: Record<string, unknown> = {}) => logger.info(message, fields),
    warn: (message: string, fields: Record<string, unknown> = {}) => logger.warn(message, fields),
    error: (message: string, fields: Record<string, unknown> = {}) => logger.error(message, fields),
  };
}
