import { z } from 'zod';

interface ParamSchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  anyOf?: { type?: string }[];
}

/** The JSON Schema that a workload's parameters are checked against, as submitters see it: with what may be left out. */
export function paramsJsonSchema(params: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(params, { io: 'input' }) as Record<string, unknown>;
}

/** The parameters as a table for people: name, type, default and what it does. */
export function describeParams(params: z.ZodType): string {
  const { properties = {} } = paramsJsonSchema(params) as { properties?: Record<string, ParamSchema> };
  const rows = Object.entries(properties).map(([name, schema]) => [
    name,
    schema.enum?.join(' or ') ?? schema.type ?? '',
    schema.default === undefined ? '' : JSON.stringify(schema.default),
    schema.description ?? '',
  ]);
  return alignColumns([['parameter', 'type', 'default', ''], ...rows]);
}

/** Rows as lines whose columns stand under each other. */
export function alignColumns(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
