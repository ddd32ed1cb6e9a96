import type { z } from 'zod';
import { asJsonSchema } from './json-schema.ts';

const INNER = '#/$defs/';
const SHARED = '#/components/schemas/';

/** Gathers the schemas that have a name (`meta({ id })`), so that a document writes each once and refers to it. */
export function openNamedSchemas() {
  const shared: Record<string, unknown> = {};

  const share = (name: string, schema: unknown) => {
    // What goes in and what comes out can differ by defaults; one name must not stand for both.
    if (name in shared && JSON.stringify(shared[name]) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas are named ${name}. Give them different ids, or none.`);
    }
    shared[name] = schema;
  };

  return {
    /** By name. */
    shared,
    /** The schema's JSON Schema, with a reference in place of every named one. */
    schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
      const { $defs = {}, ...rest } = redirected(asJsonSchema(schema, io)) as Record<string, unknown>;
      for (const [name, inner] of Object.entries($defs as object)) share(name, inner);
      return rest;
    },
  };
}

/** The same document, with its references leading to the shared schemas. */
function redirected(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(redirected);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      const isReference = key === '$ref' && typeof value === 'string' && value.startsWith(INNER);
      return [key, isReference ? `${SHARED}${value.slice(INNER.length)}` : redirected(value)];
    }),
  );
}
