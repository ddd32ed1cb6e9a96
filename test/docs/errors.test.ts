import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_NAMES, fromErrorDocument, REFUSALS, StepreelError } from '#core/errors';
import { RETRY_CONTAINER, RETRY_LAMBDA } from '#core/retry-policy';
import { type RefusalCode, RequestRefused } from '#jobs/refusal';
import { problemOf } from '#runtime/jobs-api/problems';

const text = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');

/** The rows of the table under a heading, each as its cells. */
function tableOf(heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading))!;
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const names = (cell: string) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name]) => name!);

describe('docs/errors.md', () => {
  const ofJobs = tableOf('Of jobs');

  it('has every error, in the order of the classes', () => {
    expect(ofJobs.map(([name]) => names(name!)[0])).toEqual(ERROR_NAMES);
  });

  it.each(ofJobs)('says of %s what its class says', (name, _what, actor, retried, exitCode, status, remedy) => {
    const error = fromErrorDocument({ name: names(name!)[0]!, message: 'x' }) as StepreelError;
    expect(error).toBeInstanceOf(StepreelError);
    expect([actor, retried, Number(exitCode)]).toEqual([error.actor, error.retryable ? 'yes' : 'no', error.exitCode]);
    expect(Number(status)).toBe(problemOf(error).problem.status);
    expect(remedy).not.toBe('');
  });

  it('calls the first ones refusals that are refusals', () => {
    const count = { two: 2, three: 3, four: 4 }[/The first (\w+) are refusals/.exec(text)![1]!]!;
    expect(ERROR_NAMES.slice(0, count)).toEqual([...REFUSALS]);
  });

  it('names every error of AWS that is waited for, with the number of tries', () => {
    const documented = tableOf('Of AWS').flatMap(([cell, , tries]) =>
      names(cell!).map((name) => [name, tries!] as const),
    );
    const retried = [...RETRY_CONTAINER, ...RETRY_LAMBDA].flatMap(({ ErrorEquals, MaxAttempts }) =>
      ErrorEquals.filter((name) => name.includes('.')).map((name) => [name, MaxAttempts] as const),
    );
    for (const [name, attempts] of retried) {
      expect(documented.find(([each]) => each === name)?.[1]).toMatch(new RegExp(`^${attempts} times`));
    }
    const waitedFor = documented.filter(([, tries]) => tries !== 'no').map(([name]) => name);
    expect(waitedFor.sort()).toEqual([...new Set(retried.map(([name]) => name))].sort());
  });

  it.each(tableOf('Of requests'))('says of %s what the API answers', (code, status) => {
    const refused = new RequestRefused(names(code!)[0] as RefusalCode, 'x', 'x');
    expect(problemOf(refused).problem.status).toBe(Number(status));
  });

  it('has every code that a request is refused with', () => {
    const source = readFileSync(join(import.meta.dirname, '../../src/jobs/refusal.ts'), 'utf8');
    const codes = /type RefusalCode =\s*([^;]+);/.exec(source)![1]!.match(/\w+/g);
    expect(tableOf('Of requests').map(([code]) => names(code!)[0])).toEqual(codes);
  });
});
