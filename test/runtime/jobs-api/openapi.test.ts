import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { exampleOf } from '#runtime/jobs-api/example';
import { openNamedSchemas } from '#runtime/jobs-api/named-schemas';
import { openApiDocument, pathParameters } from '#runtime/jobs-api/openapi';
import { OPERATIONS } from '#runtime/jobs-api/operations';
import { FILES } from '#runtime/jobs-api/topics/files';

const table = { ...OPERATIONS, ...FILES };
const document = openApiDocument('1.2.3', table);
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);
const contentsOf = ({ requestBody, responses }: (typeof described)[number]) =>
  [requestBody, ...Object.values(responses)].flatMap((part) => Object.values(part?.content ?? {}));

/** A validator that knows the schemas which the document shares. */
function validator(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'api', ...document });
  return ajv;
}

/** The same schema, with its references leading into the document. */
function placed(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/'));
}

it('is OpenAPI 3.1 of the given version', () => {
  expect([document.openapi, document.info.version]).toEqual(['3.1.0', '1.2.3']);
});

it('has every operation of the table, and no other', () => {
  const expected = Object.entries(table).map(([id, { method, path }]) => ({ id, method, path }));
  const found = described.map(({ operationId: id, method, path }) => ({ id, method, path }));
  expect(found).toHaveLength(expected.length);
  expect(found).toEqual(expect.arrayContaining(expected));
});

it('tells each operation under a topic that it lists, and lists no topic without operations', () => {
  expect(new Set(described.flatMap(({ tags }) => tags))).toEqual(new Set(document.tags.map(({ name }) => name)));
  expect(described.every(({ tags }) => tags.length === 1)).toBe(true);
});

it('writes a schema that has a name once, and refers to it', () => {
  const names = Object.keys(document.components.schemas);
  expect(names).toEqual(expect.arrayContaining(['Job', 'JobPage', 'Problem', 'Submission']));
  const asked = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(
    ([, name]) => name!,
  );
  expect(new Set(asked)).toEqual(new Set(names));
  expect(JSON.stringify(document)).not.toContain('#/$defs/');
});

it('gives every JSON document that goes in or comes out a name, which generated clients call its type', () => {
  const unnamed = described.flatMap(({ operationId, requestBody, responses }) =>
    [requestBody, ...Object.values(responses)].flatMap((part) =>
      Object.entries(part?.content ?? {})
        .filter(([type, { schema }]) => /[/+]json$/.test(type) && !('$ref' in schema || 'anyOf' in schema))
        .map(() => operationId),
    ),
  );
  // The document that describes itself is nothing to work with.
  expect(unnamed).toEqual(['readOpenApi']);
});

it('lets no name stand for two schemas', () => {
  const named = openNamedSchemas();
  const schema = z.object({ size: z.string().default('small') }).meta({ id: 'Sized' });
  named.schemaOf(z.array(schema), 'input');
  expect(() => named.schemaOf(z.array(schema), 'output')).toThrow(/Two schemas are named Sized/);
});

describe.each(described)('$method $path', (operation) => {
  const { path, parameters = [] } = operation;

  it('declares its path parameters, and schemas that compile', () => {
    const inPath = parameters.filter((parameter) => parameter.in === 'path');
    expect(inPath.map(({ name }) => name)).toEqual(pathParameters(path));
    expect(inPath.every(({ required }) => required)).toBe(true);
    const ajv = validator();
    const schemas = [...contentsOf(operation), ...parameters].map(({ schema }) => schema);
    for (const schema of schemas) ajv.compile(placed(schema));
  });

  it('gives examples that fit', () => {
    const ajv = validator();
    for (const { schema, example } of contentsOf(operation).filter((content) => 'example' in content)) {
      expect(ajv.validate(placed(schema), example) ? [] : ajv.errors).toEqual([]);
    }
  });
});

describe('an example', () => {
  it.each([
    { name: 'is what the schema says', schema: z.string().meta({ example: 'mine' }), expected: 'mine' },
    { name: 'has what is required only', schema: z.object({ a: z.int(), b: z.int().optional() }), expected: { a: 1 } },
    {
      name: 'goes by the names of its values',
      schema: z.object({ workload: z.string() }),
      expected: { workload: 'dataset' },
    },
    { name: 'takes the first of several ways', schema: z.union([z.literal('a'), z.literal('b')]), expected: 'a' },
    { name: 'is null where nothing is legal', schema: z.string().nullable(), expected: null },
    { name: 'is not there where none fits', schema: z.string().regex(/^\d{9}$/), expected: undefined },
  ])('$name', ({ schema, expected }) => expect(exampleOf(schema, 'output')).toEqual(expected));
});
