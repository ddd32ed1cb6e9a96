import { type Context, type Handler, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type ApiPorts, answersOf } from './answers.ts';
import { openApiDocument, PROBLEM_TYPE } from './openapi.ts';
import type { Caller, Operation } from './operation.ts';
import { OPERATIONS, type OperationId } from './operations.ts';
import { ApiProblem, problemOf } from './problems.ts';

export type JobsApiOptions = ApiPorts & ServingOptions;

interface ServingOptions {
  /** Whose request it is; undefined when it shows no credential. */
  callerOf: (environment: unknown) => Caller | undefined;
  /** Of the program. */
  version: string;
  /** Hears of faults of ours, which the answer does not tell. */
  onFault?: (thrown: unknown) => void;
}

/** Who asks what anybody may ask. */
const NOBODY: Caller = { team: '', operator: false };

const MAX_BODY_BYTES = 1_000_000;

/** The jobs API, wherever it is served. Every operation of the table has its answer; anything else is a problem document. */
export function jobsApi(options: JobsApiOptions): Hono {
  const { callerOf, version, onFault = () => {} } = options;
  const answers = answersOf(options, () => openApiDocument(version));
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));
  for (const [id, operation] of Object.entries<Operation>(OPERATIONS)) {
    const handler: Handler = (context) => {
      const caller = operation.open ? NOBODY : (callerOf(context.env) ?? refuseUnknown());
      return answers[id as OperationId](context, caller);
    };
    app.on(operation.method.toUpperCase(), operation.path.replaceAll(/\{(\w+)\}/g, ':$1'), handler);
  }
  app.notFound((context) => refuse(context, noSuchRoute(context)));
  app.onError((thrown, context) => refuse(context, thrown, onFault));
  return app;
}

function refuse(context: Context, thrown: unknown, onFault: (thrown: unknown) => void = () => {}): Response {
  const { problem, headers } = problemOf(thrown);
  if (problem.status >= 500) onFault(thrown);
  return context.body(JSON.stringify(problem), problem.status as 400, { 'Content-Type': PROBLEM_TYPE, ...headers });
}

function tooLarge(): never {
  throw new ApiProblem(
    413,
    'BodyTooLarge',
    `The body is larger than ${MAX_BODY_BYTES} bytes.`,
    'Send files by POST /uploads, and name them in the job.',
  );
}

function refuseUnknown(): never {
  throw new ApiProblem(
    401,
    'Unauthorized',
    'The request shows no credential that a team belongs to.',
    'Send an API key as x-api-key, or a token as Authorization: Bearer.',
  );
}

function noSuchRoute({ req: { method, path } }: Context): ApiProblem {
  const allowed = Object.values<Operation>(OPERATIONS)
    .filter((operation) => pathPattern(operation.path).test(path))
    .map((operation) => operation.method.toUpperCase());
  if (allowed.length === 0) {
    return new ApiProblem(404, 'NoSuchRoute', `There is nothing at ${path}.`, 'GET /openapi.json lists what there is.');
  }
  const detail = `${path} does not know ${method}; it knows ${allowed.join(', ')}.`;
  return new ApiProblem(405, 'MethodNotAllowed', detail, 'GET /openapi.json lists what there is.', {
    Allow: allowed.join(', '),
  });
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
