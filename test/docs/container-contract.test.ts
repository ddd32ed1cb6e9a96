import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { CONTRACT_SCHEMAS, schemaText } from '../../scripts/contract/schemas.ts';

const docs = join(import.meta.dirname, '../../docs');
const page = readFileSync(join(docs, 'container-contract.md'), 'utf8');
const names = Object.keys(CONTRACT_SCHEMAS) as (keyof typeof CONTRACT_SCHEMAS)[];

describe('docs/contract', () => {
  it('has a schema for each document of the contract, and the page links them all', () => {
    expect(readdirSync(join(docs, 'contract')).sort()).toEqual(names.map((name) => `${name}.schema.json`).sort());
    for (const name of names) expect(page).toContain(`(contract/${name}.schema.json)`);
  });

  it.each(names)('%s.schema.json is what the code checks by (node scripts/contract-schemas.ts)', (name) => {
    const published = readFileSync(join(docs, `contract/${name}.schema.json`), 'utf8');
    expect(JSON.parse(published)).toEqual(JSON.parse(schemaText(name)));
  });

  it.each(names)('%s.schema.json is one that other tools understand', (name) => {
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(schemaText(name)));
    expect(validate('a text')).toBe(false);
  });
});

it('the page names every promise that the contract test checks', () => {
  const source = readFileSync(join(docs, '../src/runtime/contract-test/checks.ts'), 'utf8');
  const checks = [
    ...source.matchAll(
      /(?:finding\(|ending: \[string, \[Outcome, string\]\] = \[\s*|return \[ending, \[)'([a-z][^']+)'/g,
    ),
  ];
  const named = [...page.matchAll(/^\| ([a-zA-Z ,]+) \| (?:it|\(warning\)|after|a file|the driver)/gm)].map(
    ([, name]) => name,
  );
  expect(checks.length).toBeGreaterThan(5);
  for (const [, check] of checks) expect(named).toContain(check);
});
