import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '#runtime/jobs-api/openapi';
import { OPERATIONS } from '#runtime/jobs-api/operations';
import { FILES } from '#runtime/jobs-api/topics/files';
import { aFuzzedApi, type FuzzedApi, type FuzzedOperation, STRANGE_JOB } from '../../helpers/fuzzed-api.ts';
import { HOSTILE_BODIES, HOSTILE_TEXTS, HOSTILE_VALUES, placesOf, withValue } from '../../helpers/hostile.ts';

// Every operation, those of topics that come later too: a 4xx problem document or a legal 2xx, never a 5xx, and what is
// refused leaves nothing behind. `send` holds every answer to that.

const table = Object.entries(openApiDocument('1', { ...OPERATIONS, ...FILES }).paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId }]) => ({
    name: `${method.toUpperCase()} ${path}`,
    operationId,
  })),
);

const HEADER_TEXTS = HOSTILE_TEXTS.filter((text) => /^[\x20-\x7e]*$/.test(text));
const METHODS = ['PUT', 'PATCH', 'DELETE', 'POST', 'GET', 'OPTIONS', 'PROPFIND'];

let api: FuzzedApi;
beforeAll(async () => {
  api = await aFuzzedApi();
});
afterAll(() => api.close());

describe.each(table)('$name', ({ operationId }) => {
  let operation: FuzzedOperation;
  let body: string | undefined;
  beforeAll(() => {
    operation = api.operations.find((one) => one.operationId === operationId)!;
    const base = api.baseBody(operation);
    body = base && JSON.stringify(base);
  });
  const parametersIn = (place: string) =>
    (operation.parameters ?? []).filter((parameter) => parameter.in === place).map(({ name }) => name);

  it('refuses who shows no credential, where one is needed', async () => {
    const status = await api.send(operation, { body, team: undefined });
    if (!operation.security) expect(status).toBe(401);
  });

  it('takes hostile texts in its path for names of what is not there', async () => {
    for (const name of parametersIn('path')) {
      for (const text of HOSTILE_TEXTS) await api.send(operation, { path: { [name]: text }, body });
    }
  });

  it('tells nothing of what is a stranger’s', async () => {
    for (const name of parametersIn('path')) {
      const strange = await api.send(operation, { path: { [name]: STRANGE_JOB }, body });
      expect(strange).toBe(await api.send(operation, { path: { [name]: 'toy-nobody' }, body }));
      if (!operation.security) expect(strange).toBeGreaterThanOrEqual(400);
    }
  });

  it('bears hostile texts in its query and its headers', async () => {
    for (const text of HOSTILE_TEXTS) {
      for (const name of parametersIn('query'))
        await api.send(operation, { query: { [name]: text.toWellFormed() }, body });
    }
    for (const text of HEADER_TEXTS) {
      for (const name of [...parametersIn('header'), 'Content-Type']) {
        await api.send(operation, { headers: { [name]: text }, body });
      }
    }
  });

  it('bears hostile values in every place of its body', async () => {
    if (!operation.requestBody) return;
    const base = api.baseBody(operation);
    const places = placesOf(Object.values(operation.requestBody.content)[0]!.schema, api.document);
    expect(places).not.toEqual([]);
    const all = [...places, ['nobody knows this'], ['__proto__'], ['constructor']];
    for (const [number, place] of all.entries()) {
      // Every place gets a third of them; over the places of an operation all have their turn.
      for (const value of HOSTILE_VALUES.filter((_, index) => (index + number) % 3 === 0)) {
        await api.send(operation, { body: JSON.stringify(withValue(base, place, value)) });
      }
    }
  });

  it('refuses what is no body of its', async () => {
    for (const text of HOSTILE_BODIES) {
      if (operation.method === 'GET') continue;
      const status = await api.send(operation, { body: text });
      // Where nothing is required, an empty object asks for what is usual.
      if (operation.requestBody && !/^\ufeff?\{\}$/.test(text))
        expect(status, text.slice(0, 50)).toBeGreaterThanOrEqual(400);
    }
  });

  it('knows no other methods than those of its path', async () => {
    for (const method of METHODS.filter(
      (one) => !api.operations.some(({ path, method }) => path === operation.path && method === one),
    )) {
      const status = await api.send(operation, { method, body: method === 'GET' ? undefined : body });
      expect([404, 405], `${method} ${operation.path}`).toContain(status);
    }
  });

  it('bears anything', async () => {
    const isSent = operation.method !== 'GET';
    const requests = fc.record({
      path: fc.dictionary(fc.constantFrom('id', 'name', 'path', 'job_id'), fc.string({ minLength: 1, unit: 'binary' })),
      query: fc.dictionary(fc.constantFrom(...parametersIn('query'), 'any'), fc.string({ unit: 'grapheme' })),
      value: fc.anything({ withNullPrototype: false, maxDepth: 3 }),
      properties: fc.dictionary(fc.constantFrom(...Object.keys(api.baseBody(operation) ?? {}), 'any'), fc.jsonValue()),
      whole: fc.boolean(),
    });
    const property = fc.asyncProperty(requests, async ({ path, query, value, properties, whole }) => {
      const sent = whole ? jsonOf(value) : JSON.stringify({ ...api.baseBody(operation), ...properties });
      await api.send(operation, { path, query, ...(isSent ? { body: sent } : {}) });
    });
    await fc.assert(property, { numRuns: 25 });
  });
});

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch {
    return String(value);
  }
}
