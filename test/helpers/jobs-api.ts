import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Hono } from 'hono';
import { expect } from 'vitest';
import { evenLimits } from '#core/leases';
import type { ExecutionRequest } from '#core/ports';
import { openPlanner } from '#jobs/plan';
import { openRegistry, type WorkloadTable } from '#jobs/registry';
import { openStateFolder } from '#runtime/environment';
import { type JobsApiOptions, jobsApi } from '#runtime/jobs-api/app';
import type { Operation } from '#runtime/jobs-api/operation';
import { OPERATIONS } from '#runtime/jobs-api/operations';
import { noDigests } from './life.ts';
import { aFolder } from './state-folder.ts';
import { toyWorkloads } from './toy/platform.ts';

export interface LocalApi {
  options: JobsApiOptions;
  /** Where the stores keep everything. */
  stateFolder: string;
  /** What executions were asked to start; nothing runs here. */
  started: ExecutionRequest[];
  /** What a start fails with, if it shall. */
  fault?: Error | undefined;
  /** What the operator was told. */
  faults: unknown[];
  ask: Awaited<ReturnType<typeof openApiClient>>;
}

/** The whole API on the local stores, with the toy workload if no others are given. A request's team is the environment's. */
export async function anApi(stateFolder = aFolder(), workloads: WorkloadTable = toyWorkloads): Promise<LocalApi> {
  const api: Omit<LocalApi, 'options' | 'ask'> = { stateFolder, started: [], faults: [] };
  const stores = await openStateFolder(stateFolder);
  const registry = openRegistry(workloads);
  const options: JobsApiOptions = {
    ...stores,
    registry,
    limits: evenLimits(1000, 100_000),
    models: noDigests,
    plan: openPlanner({ ...stores, registry, models: noDigests, reuse: false }),
    executions: {
      async start(request) {
        if (api.fault) throw api.fault;
        api.started.push(request);
        return { execution: request.name };
      },
      async stop(execution) {
        return api.started.some(({ name }) => name === execution);
      },
      async status(execution) {
        return api.started.some(({ name }) => name === execution) ? { status: 'RUNNING' } : undefined;
      },
      async history() {
        return [];
      },
    },
    callerOf(environment) {
      const { team, operator = false } = (environment ?? {}) as { team?: string; operator?: boolean };
      return team === undefined ? undefined : { team, operator };
    },
    version: '1.0.0',
    onFault: (thrown) => api.faults.push(thrown),
  };
  return Object.assign(api, { options, ask: await openApiClient(jobsApi(options)) });
}

export interface Question {
  team?: string | undefined;
  operator?: boolean;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it.
  body: any;
}

type Responses = Record<string, { content?: Record<string, { schema: object }> }>;
interface Document {
  paths: Record<string, Record<string, { responses: Responses }>>;
}

/** Asks the API, and holds every answer against the OpenAPI document that the API itself gives. */
export async function openApiClient(api: Hono) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const document = (await (await api.request('/openapi.json')).json()) as Document;
  // The schemas refer to those that the document shares.
  ajv.addSchema(document, 'api');

  const check = ({ status, headers, body }: Answer, method: string, path: string) => {
    const operation = Object.values<Operation>(OPERATIONS).find(
      (one) => one.method === method.toLowerCase() && patternOf(one.path).test(path.split('?')[0]!),
    );
    if (!operation) return;
    const responses: Responses = document.paths[operation.path]![operation.method]!.responses;
    expect(Object.keys(responses), `${method} ${path} → ${status}`).toContain(String(status));
    const { content } = responses[status]!;
    if (!content) return;
    const type = headers.get('content-type')!.split(';')[0]!;
    expect(Object.keys(content)).toContain(type);
    const place = ['paths', operation.path, operation.method, 'responses', `${status}`, 'content', type, 'schema'];
    const fits = ajv.getSchema(`api#/${place.map(pointerPart).join('/')}`)!;
    expect(fits(body) ? [] : fits.errors, `${method} ${path} → ${JSON.stringify(body)}`).toEqual([]);
  };

  return async (method: string, path: string, question: Question = {}): Promise<Answer> => {
    const { body: asked, headers = {}, operator = false } = question;
    const team = 'team' in question ? question.team : 'red';
    const sent = asked === undefined ? {} : { body: typeof asked === 'string' ? asked : JSON.stringify(asked) };
    const response = await api.request(path, { method, headers, ...sent }, { team, operator });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const body = text === '' ? null : isJson ? JSON.parse(text) : text;
    const answer = { status: response.status, headers: response.headers, body };
    check(answer, method, path);
    return answer;
  };
}

/** As a JSON pointer in a URI writes it. */
function pointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
