import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { openApiDocument, pathParameters } from '#runtime/jobs-api/openapi';
import type { Operation } from '#runtime/jobs-api/operation';
import { OPERATIONS } from '#runtime/jobs-api/operations';

interface Described {
  operationId: string;
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
}

const document = openApiDocument('1.2.3') as unknown as {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, Described>>;
};
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

it('is OpenAPI 3.1 of the given version', () => {
  expect([document.openapi, document.info.version]).toEqual(['3.1.0', '1.2.3']);
});

it('has every operation of the table, and no other', () => {
  const table = Object.entries<Operation>(OPERATIONS).map(([id, { method, path }]) => ({ id, method, path }));
  const found = described.map(({ operationId: id, method, path }) => ({ id, method, path }));
  expect(found).toHaveLength(table.length);
  expect(found).toEqual(expect.arrayContaining(table));
});

it.each(described)('$method $path declares its path parameters, and schemas that compile', (operation) => {
  const { path, parameters = [], requestBody, responses } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  expect(inPath.map(({ name }) => name)).toEqual(pathParameters(path));
  expect(inPath.every(({ required }) => required)).toBe(true);
  const contents = [requestBody, ...Object.values(responses)].flatMap((part) => Object.values(part?.content ?? {}));
  const schemas = [...contents.map(({ schema }) => schema), ...parameters.map(({ schema }) => schema)];
  for (const schema of schemas) new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
});
