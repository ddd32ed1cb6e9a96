import { join } from 'node:path';
import { handle } from 'hono/aws-lambda';
import { z } from 'zod';
import { toErrorDocument } from '#core/errors';
import type { WorkloadTable } from '#jobs/registry';
import { openAwsLife } from '../aws-life.ts';
import { RESULTS_BUCKET, requireVariable, UPLOADS_BUCKET, type Variables, WORK_BUCKET } from '../environment.ts';
import type { LambdaContext } from '../lambda.ts';
import { openLambdaLog } from '../lambda-log.ts';
import { jobsApi } from './app.ts';
import { VIDEOS, videoLookup } from './legacy-lookup.ts';
import { machinesIn } from './machine-files.ts';
import type { Caller } from './operation.ts';
import { inputRules } from './own-inputs.ts';
import type { PagePorts } from './page.ts';
import { pageInFolder } from './page-files.ts';

type GatewayHandler = ReturnType<typeof handle>;
type GatewayEvent = Parameters<GatewayHandler>[0];

/** The jobs API behind API Gateway's REST proxy. The authorizer has told whose request it is. */
export function jobsApiHandler(workloads: WorkloadTable) {
  const log = openLambdaLog();
  let opened: Promise<GatewayHandler> | undefined;

  const open = async (): Promise<GatewayHandler> => {
    const app = jobsApi({
      ...(await openAwsLife(workloads)),
      onAws: true,
      ...inputRules(process.env),
      ...(process.env[VIDEOS] ? { videoUri: videoLookup(process.env[VIDEOS]) } : {}),
      clipUri: (key) => `s3://${requireVariable(process.env, UPLOADS_BUCKET)}/${key}`,
      callerOf: authorizedCaller,
      machineOf: machinesIn(join(import.meta.dirname, 'statemachines')),
      ...bundledPage(process.env),
      version: API_VERSION,
      onFault(thrown) {
        const { name, message, details } = toErrorDocument(thrown);
        log.error(message, { error: name, ...details, stack: (thrown as Error).stack });
      },
    });
    return handle(app);
  };

  return async (event: GatewayEvent, context: LambdaContext) => {
    opened ??= open();
    const start = performance.now();
    log.about({ correlationId: context.awsRequestId, phase: 'jobs-api' });
    try {
      const answer = await (await opened)(event);
      const { method, path } = routeOf(event);
      log.info('answered', {
        method,
        path,
        status: answer.statusCode,
        latencyMs: Math.round(performance.now() - start),
      });
      return answer;
    } finally {
      log.reset();
    }
  };
}

/** The page that was built into the bundle, and where it may fetch the files of results from. */
function bundledPage(variables: Variables): PagePorts {
  const page = pageInFolder(join(import.meta.dirname, 'web'));
  const buckets = [WORK_BUCKET, RESULTS_BUCKET, UPLOADS_BUCKET].map((name) => requireVariable(variables, name));
  const fileOrigins = buckets.map((bucket) => `https://${bucket}.s3.${variables.AWS_REGION}.amazonaws.com`);
  return { ...(page ? { page } : {}), fileOrigins };
}

/** Of the API's contract, which changes less often than the program. */
const API_VERSION = '1.0.0';

const authorizedSchema = z.object({
  requestContext: z.object({ authorizer: z.object({ team: z.string().min(1), operator: z.string().optional() }) }),
});

/** What the authorizer put into the request's context; never what the request says of itself. */
export function authorizedCaller(environment: unknown): Caller | undefined {
  const { team, operator } = authorizedSchema.safeParse(environment).data?.requestContext.authorizer ?? {};
  return team === undefined ? undefined : { team, operator: operator === 'true' };
}

function routeOf(event: GatewayEvent): { method?: string; path?: string } {
  return 'httpMethod' in event ? { method: event.httpMethod, path: event.path } : {};
}
