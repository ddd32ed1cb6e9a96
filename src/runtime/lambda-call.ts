import { z } from 'zod';
import { ContractError, fromErrorDocument } from '#core/errors';
import type { AnyStep } from '#core/step';
import { runStep, type StepEnvironment, type StepHooks } from './step-run.ts';

/** What a state machine's `Payload` says to a Lambda step. */
export const lambdaEventSchema = z.object({
  jobId: z.string(),
  execution: z.string(),
  shard: z.int().nonnegative().optional(),
});

export type LambdaEvent = z.infer<typeof lambdaEventSchema>;

// What goes into the state machine's state: ids and counters, so that 40 shards of it stay far below any limit.
const MAX_ROUTE_BYTES = 1024;

/**
 * Runs a Lambda step to its verdict. @returns its route. @throws a refusal under its own name, for the state machine to
 * catch; ContractError when the route is larger than 1 KB.
 */
export async function answerLambda(
  step: AnyStep,
  { jobId, execution, shard }: LambdaEvent,
  environment: StepEnvironment,
  hooks: StepHooks,
): Promise<Record<string, unknown>> {
  const verdict = await runStep(
    step,
    { jobId, execution, ...(shard === undefined ? {} : { shard }) },
    environment,
    hooks,
  );
  if (verdict.status === 'rejected') {
    const { name, message, details } = verdict.error;
    throw fromErrorDocument(details ? { name, message, details } : { name, message });
  }
  const route = step.route?.(verdict.output) ?? {};
  const bytes = Buffer.byteLength(JSON.stringify(route));
  if (bytes <= MAX_ROUTE_BYTES) return route;
  throw new ContractError(
    `The route of ${step.name} has ${bytes} bytes of JSON, and at most ${MAX_ROUTE_BYTES} go into the state. Leave the rest in the output.`,
  );
}
