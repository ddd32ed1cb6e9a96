import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_STATUS, problemCodes } from '#runtime/jobs-api/problems';
import { PROBLEMS } from '../../lib/constructs/gateway-problems.ts';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/errors.md'), 'utf8');

/** Code and status of each row below a heading. */
function rowsBelow(heading: string): [string, number][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading))!;
  return Array.from(section.matchAll(/^\| `(\w+)` \| (\d{3}) \| [^|]+ \| [^|]+ \|$/gm), ([, code, status]) => [
    code!,
    Number(status),
  ]);
}

describe('docs/errors.md', () => {
  it('has every code that the API refuses a request with, and its status', () => {
    expect(rowsBelow('Of the API itself')).toEqual(Object.entries(API_STATUS));
  });

  it('has every code that the gateway answers with', () => {
    const rows = rowsBelow('Of the gateway').map(([code, status]) => `${code} ${status}`);
    const answered = new Set(PROBLEMS.map(({ code, status }) => `${code} ${status}`));
    expect(rows.toSorted()).toEqual([...answered].toSorted());
  });

  it('has every code that the OpenAPI document lists', () => {
    for (const { code } of problemCodes()) expect(text).toContain(`\`${code}\``);
  });
});

it('a code is always used with its status', () => {
  const sources = globSync('src/runtime/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'));
  const used = sources.flatMap((source) =>
    Array.from(source.matchAll(/new ApiProblem\(\s*(\d+),\s*'(\w+)'/g), ([, status, code]) => [code!, Number(status)]),
  );
  expect(used.length).toBeGreaterThan(8);
  for (const [code, status] of used)
    expect([code, status]).toEqual([code, API_STATUS[code as keyof typeof API_STATUS]]);
});
