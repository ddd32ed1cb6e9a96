import { readFile } from 'node:fs/promises';
import { ContractError } from '#core/errors';
import type { Machine } from './definition.ts';
import { dialectProblems } from './dialect.ts';

/**
 * Reads a state machine file and puts `resolve(name)` in the place of each `${name}`: an ARN on AWS, a step at home.
 * @throws ContractError when the file is not JSON or uses what our dialect does not have.
 */
export async function loadMachine(file: string, resolve: (name: string) => string): Promise<Machine> {
  return resolveMachine(parseMachine(await readFile(file, 'utf8'), file), file, resolve);
}

/** The same for a machine that has been read; `file` is what it is called in messages. */
export function resolveMachine(machine: Machine, file: string, resolve: (name: string) => string): Machine {
  const problems = dialectProblems(machine);
  if (problems.length > 0) {
    throw new ContractError(`${file} can't be run:\n${problems.map((problem) => `- ${problem}`).join('\n')}`, {
      details: { file, problems },
    });
  }
  return resolvePlaceholders(machine, resolve) as Machine;
}

/** The machine that a file's text holds, unchecked. @throws ContractError when it is not JSON. */
export function parseMachine(text: string, file: string): Machine {
  try {
    return JSON.parse(text) as Machine;
  } catch (cause) {
    throw new ContractError(`${file} is not JSON: ${(cause as Error).message}`, { details: { file }, cause });
  }
}

const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** The names of all placeholders in a machine, each once. */
export function placeholdersIn(machine: unknown): string[] {
  return [...new Set(Array.from(JSON.stringify(machine).matchAll(PLACEHOLDER), ([, name]) => name!))];
}

function resolvePlaceholders(value: unknown, resolve: (name: string) => string): unknown {
  if (typeof value === 'string') return value.replaceAll(PLACEHOLDER, (_, name: string) => resolve(name));
  if (Array.isArray(value)) return value.map((part) => resolvePlaceholders(part, resolve));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolvePlaceholders(part, resolve)]));
}
