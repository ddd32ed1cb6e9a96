import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { InputError, ToolError } from './errors.ts';

/** The lists of endpoints that an operator keeps, and the environment variable of each. */
export const ENDPOINT_LISTS = {
  detectors: 'STEPREEL_ENDPOINTS',
  speech: 'STEPREEL_SPEECH_ENDPOINTS',
  graphql: 'STEPREEL_GRAPHQL_ENDPOINTS',
} as const;

export type EndpointList = keyof typeof ENDPOINT_LISTS;

export interface OperatorList<Schema extends z.ZodType> {
  /** Its variable names the file of the list, or is that list itself, as JSON. */
  list: EndpointList;
  /** What an entry must be. */
  schema: Schema;
  /** Where the list is described, for who must correct it. */
  described: string;
}

/**
 * The endpoint of a name, as the operator has listed it: a job names an endpoint, never an address.
 * @throws InputError for a name that is not listed, ToolError for a list that can't be read.
 */
export async function listedAs<Schema extends z.ZodType>(
  name: string,
  list: OperatorList<Schema>,
  variables: Record<string, string | undefined> = process.env,
): Promise<z.infer<Schema>> {
  const variable = ENDPOINT_LISTS[list.list];
  const listed = await readList(variable, variables[variable], list);
  if (Object.hasOwn(listed, name)) return listed[name]!;
  const known = Object.keys(listed).join(', ') || 'none';
  throw new InputError(`No endpoint is called ${JSON.stringify(name)}. Listed in ${variable}: ${known}.`, {
    details: { name, known: Object.keys(listed) },
  });
}

async function readList<Schema extends z.ZodType>(
  variable: string,
  setting: string | undefined,
  { schema, described }: OperatorList<Schema>,
): Promise<Record<string, z.infer<Schema>>> {
  if (!setting) return {};
  try {
    const text = setting.trimStart().startsWith('{') ? setting : await readFile(setting, 'utf8');
    return z.record(z.string(), schema).parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new ToolError(`${variable} does not list endpoints: ${why}. Correct it, as ${described} says.`, { cause });
  }
}
