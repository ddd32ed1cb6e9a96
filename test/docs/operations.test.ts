import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '#runtime/jobs-api/operations';
import { ALARMS } from '../../lib/constructs/alarms.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
const [, ...sections] = text.split(/^### /m);
const alarms = sections.map((section) => {
  const [name, ...lines] = section.split(/^## /m)[0]!.split('\n');
  return { name: name!, body: lines.join('\n').trim() };
});

describe('docs/operations.md', () => {
  it('has every alarm, in the order of their list', () => {
    expect(alarms.map(({ name }) => name)).toEqual(Object.keys(ALARMS));
  });

  it.each(alarms)('says what $name means, where to look and what to do', ({ body }) => {
    expect(body).toMatch(/^[A-Z].+\.\n\*\*Look\*\* .+/);
    expect(body).toMatch(/\*\*(D|d)o\*\* .+\.$/s);
  });

  it('names alarms that there are', () => {
    const kinds = /`((?:queue|api|function|error|success|job|step|gpu|storage)-[a-z-]+)`/g;
    const named = Array.from(text.matchAll(kinds), ([, name]) => name!);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in ALARMS))).toEqual([]);
  });
});

it.each(['operations', 'deploying'])('docs/%s.md names requests that the API answers', (name) => {
  const document = readFileSync(join(import.meta.dirname, `../../docs/${name}.md`), 'utf8');
  const known = Object.values(OPERATIONS).map(
    ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '*')}`,
  );
  const asked = Array.from(document.matchAll(/`(GET|POST|DELETE) (\/[^\s`]*)/g), ([, method, path]) => {
    return `${method} ${path!.replaceAll(/<\w+>/g, '*')}`;
  });
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((each) => !known.includes(each))).toEqual([]);
});
