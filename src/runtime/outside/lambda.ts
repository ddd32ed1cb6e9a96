import { ContractError } from '#core/errors';
import { OUR_STEPS, type OurStep } from '#core/workload-definition';
import { openAwsWorkloads } from '../aws-platform.ts';
import { type LambdaHandler, lambdaHandler } from '../lambda.ts';
import { lambdaEventSchema } from '../lambda-call.ts';

/**
 * The handler of a function that takes a step of ours, which its environment names, for all workloads from outside: what it
 * does follows from the job's own version.
 */
export function outsideHandler(): LambdaHandler {
  const name = stepFrom(process.env);
  let opened: ReturnType<typeof openAwsWorkloads> | undefined;
  const handlers = new Map<string, LambdaHandler>();

  const handlerOf = async (jobId: string): Promise<LambdaHandler> => {
    opened ??= openAwsWorkloads();
    const { jobs, store } = await opened;
    const job = await jobs.get(jobId);
    if (!job) throw new ContractError(`${name} was invoked for job ${jobId}, which is not in the job store.`);
    const { workload, workloadVersion } = job;
    const ref = `${workload}@${workloadVersion}`;
    const known = handlers.get(ref);
    if (known) return known;
    const { steps } = await store.load(workload, workloadVersion);
    const handler = lambdaHandler((await steps[name]!.load()).default);
    handlers.set(ref, handler);
    return handler;
  };

  return async (event, context) => (await handlerOf(lambdaEventSchema.parse(event).jobId))(event, context);
}

function stepFrom({ STEPREEL_STEP: step }: NodeJS.ProcessEnv): OurStep {
  const found = OUR_STEPS.find((one) => one === step);
  if (found) return found;
  throw new ContractError(`STEPREEL_STEP is ${JSON.stringify(step)}; expected one of ${OUR_STEPS.join(', ')}.`);
}
