import { z } from 'zod';
import { exampleOf } from './example.ts';
import { openNamedSchemas } from './named-schemas.ts';
import { OLD_TYPE, type Operation, type Operations } from './operation.ts';
import { problemCodes } from './problems.ts';
import { problemSchema } from './schemas.ts';
import { topicOf, topicsOf } from './topic-names.ts';

const JSON_TYPE = 'application/json';
export const PROBLEM_TYPE = 'application/problem+json';

// Whatever is asked: no credential, a fault of ours, a service that is down for now.
const ANY_PROBLEM = [500, 503];
const UNAUTHORIZED = 401;
// Before anything else is looked at, wherever a body is taken.
const BODY_TOO_LARGE = 413;

/** What of a schema a reader needs. */
export type JsonSchema = Record<string, unknown>;

export interface DescribedContent {
  schema: JsonSchema;
  example?: unknown;
}

export interface DescribedParameter {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

export interface DescribedOperation {
  operationId: string;
  summary: string;
  description?: string;
  deprecated?: boolean;
  tags: string[];
  security?: object[];
  parameters?: DescribedParameter[];
  requestBody?: { required: boolean; content: Record<string, DescribedContent> };
  responses: Record<string, { description: string; content?: Record<string, DescribedContent> }>;
}

export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; description: string };
  tags: { name: string; description?: string }[];
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, unknown> };
  security: object[];
  /** Every code that a problem document can have. */
  'x-problem-codes': { code: string; status: number }[];
}

/** The OpenAPI 3.1 document of an API with these operations, derived from the schemas that its doors check with. */
export function openApiDocument(version: string, operations: Operations): OpenApiDocument {
  const named = openNamedSchemas();
  const paths: OpenApiDocument['paths'] = {};
  for (const [id, operation] of Object.entries(operations)) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(id, operation, named) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stepreel jobs',
      version,
      description:
        'Submit media jobs and fetch results that can be verified. Times are UTC; links are relative to the API. A request that is refused stores nothing, and its answer says what to do.',
    },
    tags: topicsOf(Object.values(operations)),
    security: [{ apiKey: [] }, { token: [] }],
    paths,
    components: {
      schemas: named.shared as Record<string, JsonSchema>,
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
    'x-problem-codes': problemCodes(),
  };
}

type NamedSchemas = ReturnType<typeof openNamedSchemas>;

function described(operationId: string, operation: Operation, named: NamedSchemas): DescribedOperation {
  const { summary, description, deprecated, body, answers, mediaType = JSON_TYPE, problems, open } = operation;
  const parameters = parametersOf(operation, named);
  const usual = [...(open ? [] : [UNAUTHORIZED]), ...(body ? [BODY_TOO_LARGE] : []), ...ANY_PROBLEM];
  const allProblems = [...problems, ...usual].filter((status) => !(status in answers));
  const answer = (type: string, schema: z.ZodType) => ({ [type]: contentOf(type, schema, 'output', named) });
  const oldAnswer = (status: number) => {
    const schema = operation.oldAnswers?.[status];
    return schema ? answer(OLD_TYPE, schema) : {};
  };
  return {
    operationId,
    summary,
    ...(description ? { description } : {}),
    ...(deprecated ? { deprecated } : {}),
    tags: [topicOf(operation)],
    ...(open ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body
      ? { requestBody: { required: true, content: { [JSON_TYPE]: contentOf(JSON_TYPE, body, 'input', named) } } }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [
          status,
          schema
            ? { description: 'The answer', content: { ...answer(mediaType, schema), ...oldAnswer(Number(status)) } }
            : { description: 'Done' },
        ]),
      ),
      ...Object.fromEntries(
        allProblems.map((status) => [
          status,
          { description: 'What is wrong, and what to do', content: answer(PROBLEM_TYPE, problemSchema) },
        ]),
      ),
    },
  };
}

function contentOf(type: string, schema: z.ZodType, io: 'input' | 'output', named: NamedSchemas): DescribedContent {
  const example = type === JSON_TYPE ? exampleOf(schema, io) : undefined;
  return { schema: named.schemaOf(schema, io), ...(example === undefined ? {} : { example }) };
}

export function pathParameters(path: string): string[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name!);
}

function parametersOf({ path, query = {}, headers = {} }: Operation, named: NamedSchemas): DescribedParameter[] {
  const inPath = Object.fromEntries(pathParameters(path).map((name) => [name, z.string()]));
  return Object.entries({ path: inPath, query, header: headers }).flatMap(([place, schemas]) =>
    Object.entries(schemas).map(([name, schema]) => {
      const { description, ...shape } = named.schemaOf(schema, 'input');
      const words = typeof description === 'string' ? { description } : {};
      const required = place === 'path' || !schema.safeParse(undefined).success;
      return { name, in: place, required, ...words, schema: shape };
    }),
  );
}
