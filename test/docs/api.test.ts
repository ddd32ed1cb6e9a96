import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { JOB_STATES } from '#core/job';
import { OLD_STATUS } from '#runtime/jobs-api/legacy-schemas';
import type { Operation } from '#runtime/jobs-api/operation';
import { OPERATIONS } from '#runtime/jobs-api/operations';

const text = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
const operations = Object.values<Operation>(OPERATIONS);

it('docs/api.md names requests that the API answers', () => {
  const known = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  const named = Array.from(
    text.matchAll(/`(GET|POST|DELETE) (\/[^\s`?]*)/g),
    ([, method, path]) => `${method} ${path}`,
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((one) => !known.includes(one))).toEqual([]);
});

it('docs/api.md has every old name', () => {
  for (const { method, path } of operations.filter(({ deprecated }) => deprecated)) {
    expect(text).toContain(`\`${method.toUpperCase()} ${path}\``);
  }
});

it('docs/api.md says what each state was called', () => {
  const rows = Array.from(text.matchAll(/^\| `(\w+)` \| ([A-Z_, ]+) \|$/gm), ([, old, states]) =>
    states!.split(', ').map((state) => [state, old]),
  );
  expect(Object.fromEntries(rows.flat())).toEqual(OLD_STATUS);
  expect(rows.flat()).toHaveLength(JOB_STATES.length);
});
