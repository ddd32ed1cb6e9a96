import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InputError, ToolError } from '#core/errors';

/**
 * What the operator has listed under a name: `variable` names the file of the list, or is that list itself, as JSON. A job
 * names an endpoint, never an address.
 * @throws InputError for a name that is not listed, ToolError for a list that can't be read.
 */
export async function listedAs<Schema extends z.ZodType>(
  name: string,
  variable: string,
  schema: Schema,
  variables: Record<string, string | undefined> = process.env,
): Promise<z.infer<Schema>> {
  const list = await readList(variables[variable], variable, schema);
  if (Object.hasOwn(list, name)) return list[name]!;
  const known = Object.keys(list).join(', ') || 'none';
  throw new InputError(`No endpoint is called ${JSON.stringify(name)}. Listed in ${variable}: ${known}.`, {
    details: { name, known: Object.keys(list) },
  });
}

async function readList<Schema extends z.ZodType>(
  setting: string | undefined,
  variable: string,
  schema: Schema,
): Promise<Record<string, z.infer<Schema>>> {
  if (!setting) return {};
  try {
    const text = setting.trimStart().startsWith('{') ? setting : await readFile(setting, 'utf8');
    return z.record(z.string(), schema).parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new ToolError(`${variable} does not list endpoints: ${why}. Correct it, as the README of letter-asr says.`, {
      cause,
    });
  }
}
