import { STAGE, type Variables } from './environment.ts';

/** Service's name in logs, metrics and traces. */
export const SERVICE = 'stepreel';

export interface LogSubject {
  /** What joins all lines of one matter: a job's id where there is a job, else the request's. */
  correlationId: string;
  jobId?: string;
  /** The step, or the door. */
  phase: string;
  shard?: number;
}

/**
 * The fields that every log line has, in Lambdas and containers alike; lines that end something have `status` and
 * `latencyMs` too.
 */
export function logFields({ correlationId, jobId, phase, shard }: LogSubject, variables: Variables = process.env) {
  const traceId = traceIdIn(variables);
  return {
    service: SERVICE,
    env: stageOf(variables),
    correlationId,
    ...(jobId === undefined ? {} : { jobId }),
    phase,
    ...(shard === undefined ? {} : { shard }),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

/** The environment's name, in logs and metrics; on a machine of one's own `local`. */
export function stageOf(variables: Variables = process.env): string {
  return variables[STAGE] ?? 'local';
}

/** `Root=1-…;Parent=…;Sampled=1` is what X-Ray hands down. */
function traceIdIn({ _X_AMZN_TRACE_ID: header }: Variables): string | undefined {
  return /Root=([^;]+)/.exec(header ?? '')?.[1];
}
