import { z } from 'zod';

/** A schema as JSON Schema 2020-12, which is what OpenAPI 3.1 speaks. */
export function asJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...document } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return document;
}
