import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';
import { clientJobId } from '#jobs/submit';
import { refuseOutsideInput } from '#runtime/dev-inputs';
import { jobsApi } from '#runtime/jobs-api/app';
import type { DescribedOperation, OpenApiDocument } from '#runtime/jobs-api/openapi';
import { aJob } from '../conformance/job-store.ts';
import { anApi } from './jobs-api.ts';
import { aFolder } from './state-folder.ts';
import { watchStored } from './stored-state.ts';
import { openToyPlatform } from './toy/platform.ts';

/** What is sent. `query` and `headers` are by name; `path` values are put in as they are, and encoded. */
export interface FuzzRequest {
  method?: string;
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string | undefined;
  team?: string | undefined;
}

export type FuzzedOperation = DescribedOperation & { method: string; path: string };

const SEED = 'seed';
const finishedJob = (team: string) => clientJobId('toy', team, SEED);

/** The finished job of the team that asks, and that of another. */
export const OWN_JOB = finishedJob('red');
export const STRANGE_JOB = finishedJob('blue');

/** An API with jobs of two teams in it, which can be asked anything; every answer is held against what it may be. */
export async function aFuzzedApi() {
  const inputs = aFolder();
  writeFileSync(join(inputs, 'words.txt'), 'one two');
  const { options, stateFolder, faults } = await anApi(await stateWithResults());
  const stored = watchStored(stateFolder);
  const api = jobsApi({ ...options, refuseInput: refuseOutsideInput([inputs]), findFile: async () => undefined });
  const document = (await (await api.request('/openapi.json')).json()) as OpenApiDocument;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', ...document });
  const validatorAt = (place: string[]) => ajv.getSchema(`api#/${place.map(pointerPart).join('/')}`)!;
  const isProblem = validatorAt(['components', 'schemas', 'Problem']);
  const codes = new Set(document['x-problem-codes'].map(({ code }) => code));
  const operations: FuzzedOperation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  );

  for (const team of ['red', 'blue']) {
    await options.jobs.create(
      aJob({ id: `toy-${team}-2`, team, status: 'FAILED', endedAt: '2026-01-01T00:01:00.000Z' }),
    );
  }

  /** A body that the operation accepts, or nearly. */
  const baseBody = ({ requestBody }: FuzzedOperation): Record<string, unknown> | undefined => {
    if (!requestBody) return undefined;
    const example = Object.values(requestBody.content)[0]!.example as Record<string, unknown> | undefined;
    const named = example && 'workload' in example ? { workload: 'toy', params: {} } : {};
    const input = example && 'input' in example ? { input: join(inputs, 'words.txt') } : {};
    return { ...example, ...named, ...input };
  };

  // A store that is opened when it is first asked is no request's doing.
  for (const { path, method } of operations.filter((one) => one.method === 'GET')) {
    await (
      await api.request(`http://api${path.replaceAll(/\{\w+\}/g, 'none')}`, { method }, { team: 'red' })
    ).body?.cancel();
  }
  let before = stored.mark();

  /** Sends it, and fails if the answer is none that the document and the rules of refusal allow. */
  const send = async (operation: FuzzedOperation, request: FuzzRequest): Promise<number> => {
    const { path = {}, query = {}, headers = {}, body, method = operation.method } = request;
    const team = 'team' in request ? request.team : 'red';
    const target = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => encoded(path[name] ?? OWN_JOB));
    const search = new URLSearchParams(query).toString();
    const url = `http://api${target}${search === '' ? '' : `?${search}`}`;
    const init: RequestInit = { method, headers: { 'Content-Type': 'application/json', ...headers } };
    const response = await api.request(
      url,
      { ...init, ...(body === undefined ? {} : { body }) },
      { team, operator: true },
    );
    const told = `${method} ${url} ${body?.slice(0, 300)} → ${response.status}`;
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    if (type === 'text/event-stream') {
      await response.body?.cancel();
      return response.status;
    }
    const text = await response.text();
    expect(faults.splice(0), told).toEqual([]);
    if (response.status >= 400) {
      expect(type, told).toBe('application/problem+json');
      const problem = JSON.parse(text);
      expect(problem, told).toMatchObject({ status: response.status });
      expect(codes, told).toContain(problem.code);
      expect(response.status < 500 || problem.code === 'NotOffered', told).toBe(true);
      expect(isProblem(problem), told).toBe(true);
      expect(stored.mark(), told).toEqual(before);
    } else {
      before = stored.mark();
    }
    // What a client was generated for: no status, and no answer, that the document has not.
    if (response.status < 300 && method === operation.method) {
      expect(Object.keys(operation.responses), told).toContain(`${response.status}`);
      if (/[/+]json$/.test(type)) {
        const fits = validatorAt([
          'paths',
          operation.path,
          operation.method.toLowerCase(),
          'responses',
          `${response.status}`,
          'content',
          type,
          'schema',
        ]);
        expect(fits(JSON.parse(text)) ? [] : fits.errors, told).toEqual([]);
      }
    }
    return response.status;
  };

  return { document, operations, baseBody, send, close: stored.close };
}

/** A state folder with a finished job of each team, whose results can be asked for. */
async function stateWithResults(): Promise<string> {
  const platform = await openToyPlatform(aFolder(), { versions: async () => ({}) });
  for (const team of ['red', 'blue']) {
    const { id } = await platform.submit({ ...(await platform.request('one two')), team, key: SEED });
    expect(await platform.settled(id)).toMatchObject({ id: finishedJob(team), status: 'SUCCEEDED' });
  }
  platform.close();
  return platform.stateFolder;
}

export type FuzzedApi = Awaited<ReturnType<typeof aFuzzedApi>>;

/** As a JSON pointer in a URI writes it. */
function pointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function encoded(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}
