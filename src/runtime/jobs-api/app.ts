import { type Context, type Handler, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { RequestRefused } from '#jobs/refusal';
import { type ApiPorts, answersOf } from './answers.ts';
import { type OpenApiDocument, openApiDocument, PROBLEM_TYPE } from './openapi.ts';
import type { Answers, Caller, Operations } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { addPage, type PagePorts } from './page.ts';
import { ApiProblem, problemOf } from './problems.ts';
import { FILES, type FilePorts, fileAnswers } from './topics/files.ts';
import type { AskApi } from './topics/legacy.ts';
import { RECEIVING, type ReceivingPorts, receivingAnswers } from './topics/receiving.ts';

export type JobsApiOptions = ApiPorts & Partial<FilePorts> & Partial<ReceivingPorts> & PagePorts & ServingOptions;

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
  const { callerOf, version, findFile, receive, onFault = () => {} } = options;
  const operations: Operations = { ...OPERATIONS, ...(findFile ? FILES : {}), ...(receive ? RECEIVING : {}) };
  let document: OpenApiDocument | undefined;
  const openApi = () => {
    document ??= openApiDocument(version, operations);
    return document;
  };
  const app = new Hono();
  const ask: AskApi = async ({ req, env }, method, path, body) => {
    const key = req.header('Idempotency-Key');
    const headers = { 'Content-Type': 'application/json', ...(key === undefined ? {} : { 'Idempotency-Key': key }) };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return await app.request(path, { method, headers, ...sent }, env);
  };
  const answers: Answers<Operations> = {
    ...answersOf(options, openApi, ask),
    ...(findFile ? fileAnswers({ findFile }) : {}),
    ...(receive ? receivingAnswers({ receive }) : {}),
  };
  for (const [id, operation] of Object.entries(operations)) {
    const handler: Handler = (context) => {
      const caller = operation.open ? NOBODY : (callerOf(context.env) ?? refuseUnknown());
      return answers[id]!(context, caller);
    };
    const { maxBodyBytes: maxSize = MAX_BODY_BYTES, takesFile = false } = operation;
    const [method, route] = [operation.method.toUpperCase(), routeOf(operation.path)];
    if (!takesFile) app.on(method, route, bodyLimit({ maxSize, onError: () => tooLarge(maxSize) }));
    app.on(method, route, handler);
  }
  addPage(app, options);
  app.notFound((context) => refuse(context, noSuchRoute(context, operations)));
  app.onError((thrown, context) => refuse(context, thrown, onFault));
  return app;
}

/** As hono writes it. */
function routeOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => (name === 'path' ? ':path{.+}' : `:${name}`));
}

function refuse(context: Context, thrown: unknown, onFault: (thrown: unknown) => void = () => {}): Response {
  const { problem, headers } = problemOf(thrown);
  // What is not offered is no fault, whatever the number of its status.
  if (problem.status >= 500 && !(thrown instanceof RequestRefused)) onFault(thrown);
  return context.body(JSON.stringify(problem), problem.status as 400, { 'Content-Type': PROBLEM_TYPE, ...headers });
}

function tooLarge(maxBytes: number): never {
  throw new ApiProblem(
    413,
    'BodyTooLarge',
    `The body is larger than ${maxBytes} bytes.`,
    'Send files by POST /uploads, and name them in the job; of a long batch send a manifest.',
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

function noSuchRoute({ req: { method, path } }: Context, operations: Operations): ApiProblem {
  const allowed = Object.values(operations)
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
  const pattern = path
    .replaceAll('.', '\\.')
    .replaceAll('{path}', '.+')
    .replaceAll(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`);
}
