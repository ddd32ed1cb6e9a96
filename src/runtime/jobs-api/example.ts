import type { z } from 'zod';
import { asJsonSchema } from './json-schema.ts';

type Schema = Record<string, unknown>;

/** What values that go by these names look like. */
const BY_NAME: Record<string, unknown> = {
  id: 'dataset-0f3a9c2e71b84d56',
  jobId: 'dataset-0f3a9c2e71b84d56',
  job_id: 'clip-qc-0f3a9c2e71b84d56',
  execution: 'dataset-0f3a9c2e71b84d56',
  clonedFrom: 'dataset-7c11d0a94be2483f',
  from: 'dataset-7c11d0a94be2483f',
  self: 'jobs/dataset-0f3a9c2e71b84d56',
  results: 'jobs/dataset-0f3a9c2e71b84d56/results',
  workload: 'dataset',
  workloadVersion: '1.0.0',
  version: '1.0.0',
  team: 'survey',
  project: 'bridges',
  pool: 'cpu',
  name: 'site.mp4',
  uri: 's3://uploads/site.mp4',
  input: 's3://uploads/site.mp4',
  mediaType: 'video/mp4',
  path: 'annotations.coco.json',
  step: 'ExtractFrames',
  state: 'ExtractFrames',
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  priority: 'normal',
  percent: 75,
  done: 750,
  total: 1000,
  limit: 50,
  bytes: 48213,
  href: 'https://example.com/annotations.coco.json',
  url: 'https://example.com/hook',
  prices: '2026-11-01',
  type: 'TaskStateEntered',
  title: 'A labelled dataset of a video',
  endings: '.mp4',
  ending: '.mp4',
  runs: 'container',
};

/**
 * A value that fits the schema, for somebody who reads: what `meta({ example })` says, else one made of what the schema
 * demands and describes. Undefined where the schema says too little to make one.
 */
export function exampleOf(schema: z.ZodType, io: 'input' | 'output'): unknown {
  const document = asJsonSchema(schema, io);
  const definitions = (document.$defs ?? {}) as Record<string, Schema>;
  const made = exampleValue(document, '', definitions);
  return schema.safeParse(made).success ? made : undefined;
}

function exampleValue(schema: Schema, name: string, definitions: Record<string, Schema>): unknown {
  const { $ref, example, default: usual, anyOf, allOf } = schema;
  if (example !== undefined) return example;
  if (typeof $ref === 'string') return exampleValue(definitions[$ref.split('/').at(-1)!] ?? {}, name, definitions);
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum.includes(BY_NAME[name]) ? BY_NAME[name] : schema.enum[0];
  if (usual !== undefined) return usual;
  const [variant] = [anyOf, allOf].find(Array.isArray) ?? [];
  if (variant) return exampleValue(variant, name, definitions);
  if (schema.type === 'object') return objectOf(schema, definitions);
  if (schema.type === 'array') return [exampleValue((schema.items ?? {}) as Schema, singular(name), definitions)];
  return typeof BY_NAME[name] === schemaType(schema) ? BY_NAME[name] : plainValue(schema);
}

function objectOf({ properties = {}, required = [] }: Schema, definitions: Record<string, Schema>): unknown {
  const wanted = Object.entries(properties as Record<string, Schema>).filter(([name]) =>
    (required as string[]).includes(name),
  );
  return Object.fromEntries(wanted.map(([name, schema]) => [name, exampleValue(schema, name, definitions)]));
}

function schemaType({ type }: Schema): string {
  return type === 'integer' ? 'number' : String(type);
}

function plainValue({ type, format, minimum }: Schema): unknown {
  if (type === 'string') return format === 'date-time' ? '2026-11-21T09:30:00.000Z' : 'text';
  if (type === 'integer' || type === 'number') return typeof minimum === 'number' ? Math.max(minimum, 1) : 1;
  if (type === 'boolean') return true;
  return type === 'null' || (Array.isArray(type) && type.includes('null')) ? null : {};
}

/** `jobs` → `job`: what a list holds goes by the list's name. */
function singular(name: string): string {
  return name.replace(/s$/, '');
}
