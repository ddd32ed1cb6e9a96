import { TransientError, toErrorDocument } from '#core/errors';
import type { Notices } from '#core/notices';
import type { AnyStep } from '#core/step';
import { EVENT_BUS, openEnvironment } from './environment.ts';
import { answerLambda, type LambdaEvent, lambdaEventSchema } from './lambda-call.ts';
import { openLambdaLog } from './lambda-log.ts';
import { takeSecrets } from './secret-variables.ts';
import { endingOf, openStepMetrics } from './step-metrics.ts';
import { tellStep } from './step-notices.ts';
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
 * are JSON lines; metrics are EMF.
 */
export function lambdaHandler(step: AnyStep): LambdaHandler {
  const log = openLambdaLog();
  const metrics = openStepMetrics();
  let opened: Promise<StepEnvironment> | undefined;

  return async (event, context) => {
    opened ??= takeSecrets().then(() => openEnvironment());
    const start = performance.now();
    let error: { name: string } | undefined;
    let call: LambdaEvent | undefined;
    let tellEnd: ReturnType<typeof tellStep> | undefined;
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(new TransientError(`${step.name} ran into its Lambda time limit.`)),
      Math.max(0, context.getRemainingTimeInMillis() - LAST_WORDS_MS),
    );
    log.about({ correlationId: context.awsRequestId, phase: step.name });
    try {
      const environment = await opened;
      call = lambdaEventSchema.parse(event);
      log.about({ correlationId: call.jobId, jobId: call.jobId, phase: step.name });
      const notices = await openNotices();
      const where = { ...call, step: step.name, attempt: context.awsRequestId };
      tellEnd = notices && tellStep(where, { notices, jobs: environment.jobs, logger: log });
      return await answerLambda(step, call, environment, {
        signal: deadline.signal,
        logger: log,
        measure: metrics.measure,
      });
    } catch (thrown) {
      const { message, details, ...document } = toErrorDocument(thrown);
      error = document;
      log.error(message, { error: document.name, ...details });
      throw thrown;
    } finally {
      clearTimeout(timer);
      const seconds = (performance.now() - start) / 1000;
      const job = call && (await jobOf(call.jobId, opened));
      metrics.publish({ step, seconds, device: 'cpu', ...(error ? { error } : {}), ...(job ? { job } : {}) });
      await tellEnd?.(error);
      const ended = { status: endingOf(error), latencyMs: Math.round(seconds * 1000), requestId: context.awsRequestId };
      log.info('ended', ended);
      log.reset();
    }
  };
}

/** On AWS alone there is a bus: at home whoever runs the machine tells of its steps. */
async function openNotices(): Promise<Notices | undefined> {
  if (!process.env[EVENT_BUS]) return undefined;
  const { openAwsNotices } = await import('./aws-platform.ts');
  return await openAwsNotices();
}

/** For metrics alone: they must not hide what the step threw. */
async function jobOf(jobId: string, opened: Promise<StepEnvironment>) {
  return await opened.then(({ jobs }) => jobs.get(jobId)).catch(() => undefined);
}
