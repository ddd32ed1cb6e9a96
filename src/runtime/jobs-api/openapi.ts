import { z } from 'zod';
import { asJsonSchema } from './json-schema.ts';
import type { Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { problemSchema } from './schemas.ts';

const JSON_TYPE = 'application/json';
export const PROBLEM_TYPE = 'application/problem+json';

// Whatever is asked: no credential, a fault of ours, a service that is down for now.
const ANY_PROBLEM = [500, 503];
const UNAUTHORIZED = 401;

/** The OpenAPI 3.1 document of the API, derived from the same schemas that its doors check with. */
export function openApiDocument(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [id, operation] of Object.entries<Operation>(OPERATIONS)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(id, operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stepreel jobs',
      version,
      description:
        'Submit media jobs and fetch results that can be verified. Times are UTC; links are relative to the API.',
    },
    security: [{ apiKey: [] }, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

function described(operationId: string, operation: Operation): Record<string, unknown> {
  const { summary, path, body, query = {}, headers = {}, answers, problems, open } = operation;
  const inPath = Object.fromEntries(pathParameters(path).map((name) => [name, z.string()]));
  const parameters = [
    ...parametersIn('path', inPath),
    ...parametersIn('query', query),
    ...parametersIn('header', headers),
  ];
  const allProblems = [...problems, ...(open ? [] : [UNAUTHORIZED]), ...ANY_PROBLEM].filter(
    (status) => !(status in answers),
  );
  return {
    operationId,
    summary,
    ...(open ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? { requestBody: { required: true, content: { [JSON_TYPE]: { schema: asJsonSchema(body, 'input') } } } }
      : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, schema]) => [status, answer(JSON_TYPE, schema)])),
      ...Object.fromEntries(allProblems.map((status) => [status, answer(PROBLEM_TYPE, problemSchema)])),
    },
  };
}

export function pathParameters(path: string): string[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name!);
}

function parametersIn(place: string, schemas: Record<string, z.ZodType>) {
  return Object.entries(schemas).map(([name, schema]) => ({
    name,
    in: place,
    required: place === 'path',
    schema: asJsonSchema(schema, 'input'),
  }));
}

function answer(type: string, schema: z.ZodType | null) {
  if (!schema) return { description: 'Done' };
  const description = type === PROBLEM_TYPE ? 'What is wrong, and what to do' : 'The answer';
  return { description, content: { [type]: { schema: asJsonSchema(schema, 'output') } } };
}
