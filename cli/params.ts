import { readFile } from 'node:fs/promises';
import { InputError } from '#core/errors';

/**
 * The parameters of a job from `--params FILE` (a JSON object) and `--param name=value`, which wins. A value is read
 * as JSON where it is JSON, so `every=5` is a number and `classes=["person"]` a list, and as text otherwise.
 * @throws InputError when a file or an option is not of that form.
 */
export async function readParams(pairs: string[] = [], file?: string): Promise<Record<string, unknown>> {
  return { ...(file === undefined ? {} : await readParamsFile(file)), ...Object.fromEntries(pairs.map(parsePair)) };
}

async function readParamsFile(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new InputError(`--params ${file} can't be read. Give the path of a JSON file.`, { cause });
  });
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InputError(`--params ${file} is not a JSON object. Write it as {"every": 5}.`);
}

function parsePair(pair: string): [string, unknown] {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new InputError(`--param ${pair} has no name or no value. Write it as --param every=5.`);
  const text = pair.slice(equals + 1);
  return [pair.slice(0, equals), parseJson(text) ?? text];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
