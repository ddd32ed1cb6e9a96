import { exitCodeOf, StepreelError, toErrorDocument } from '#core/errors';
import { ApiRefusal } from './api-refusal.ts';
import { Interrupted } from './interrupt.ts';

/**
 * Tells what went wrong, for a person on stderr or as a JSON line on stdout.
 * @returns the exit code: sysexits(3) for errors of ours, 70 for a bug.
 */
export function fail(thrown: unknown, json: boolean): number {
  const error = { ...toErrorDocument(thrown), ...(thrown instanceof ApiRefusal ? thrown.facts : {}) };
  if (json) process.stdout.write(`${JSON.stringify({ event: 'error', error })}\n`);
  else process.stderr.write(`${describe(thrown)}\n`);
  return thrown instanceof Interrupted || thrown instanceof ApiRefusal ? thrown.exitCode : exitCodeOf(error);
}

function describe(thrown: unknown): string {
  if (thrown instanceof ApiRefusal) return `${thrown.name}: ${thrown.message}\n${thrown.facts.hint}`;
  if (thrown instanceof StepreelError || thrown instanceof Interrupted) return `${thrown.name}: ${thrown.message}`;
  // Not one of ours: a bug, so its stack is what a report of it needs.
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
