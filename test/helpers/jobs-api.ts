import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Hono } from 'hono';
import { expect } from 'vitest';
import type { ExecutionRequest } from '#core/ports';
import { openRegistry } from '#jobs/registry';
import { openStateFolder } from '#runtime/environment';
import { type JobsApiOptions, jobsApi } from '#runtime/jobs-api/app';
import type { Operation } from '#runtime/jobs-api/operation';
import { OPERATIONS } from '#runtime/jobs-api/operations';
import { aFolder } from './state-folder.ts';
import { toyWorkloads } from './toy/platform.ts';

export interface LocalApi {
  options: JobsApiOptions;
  /** What executions were asked to start; nothing runs here. */
  started: ExecutionRequest[];
  /** What a start fails with, if it shall. */
  fault?: Error | undefined;
  /** What the operator was told. */
  faults: unknown[];
  ask: Awaited<ReturnType<typeof openApiClient>>;
}

/** The whole API on the local stores, with the toy workload. A request's team is the environment's. */
export async function anApi(): Promise<LocalApi> {
  const api: Omit<LocalApi, 'options' | 'ask'> = { started: [], faults: [] };
  const options: JobsApiOptions = {
    ...(await openStateFolder(aFolder())),
    registry: openRegistry(toyWorkloads),
    executions: {
      async start(request) {
        if (api.fault) throw api.fault;
        api.started.push(request);
        return { execution: request.name };
      },
      async stop(execution) {
        return api.started.some(({ name }) => name === execution);
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
    expect(Object.keys(content)).toEqual([type]);
    const valid = ajv.validate(content[type]!.schema, body);
    expect(valid ? [] : ajv.errors, `${method} ${path} → ${JSON.stringify(body)}`).toEqual([]);
  };

  return async (method: string, path: string, question: Question = {}): Promise<Answer> => {
    const { body, headers = {}, operator = false } = question;
    const team = 'team' in question ? question.team : 'red';
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await api.request(path, { method, headers, ...sent }, { team, operator });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
    check(answer, method, path);
    return answer;
  };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
