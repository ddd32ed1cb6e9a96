import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtIn } from '#workloads/index';
import { SHIPPED_MODELS, shippedModels } from '../../scripts/revisions/model-digests.ts';
import { driftOf, missingIn, remedyOf, revisionsOf } from '../../scripts/revisions/revisions.ts';
import { sourcesOf } from '../../scripts/revisions/step-sources.ts';
import { aFolder } from '../helpers/state-folder.ts';

describe.each(Object.keys(builtIn))('the workload %s', (name) => {
  it('records which code the revision of each step stands for', async () => {
    const workload = await builtIn[name]!();
    expect(workload.revisions, missingIn(name)).toBeDefined();
    const drift = driftOf(name, workload.revisions!, await revisionsOf(workload));
    expect(drift.map(remedyOf)).toEqual([]);
  });

  it('states what a step reads as the step itself does', async () => {
    for (const [step, { params, load }] of Object.entries((await builtIn[name]!()).steps)) {
      // A step that states nothing counts as reading all parameters.
      if (params) expect(params, step).toBe((await load()).default.params);
    }
  });
});

it('the digests of the shipped models are recorded: run `npm run revisions`', () => {
  const recorded = readFileSync(new URL(`../../${SHIPPED_MODELS}`, import.meta.url), 'utf8');
  expect(JSON.parse(recorded)).toEqual(shippedModels());
});

describe('a change', () => {
  const before = { Cut: { revision: 1, sources: 'aa' } };
  it.each([
    { name: 'of nothing', found: before, drift: [] },
    {
      name: 'of the code alone has to be decided',
      found: { Cut: { revision: 1, sources: 'bb' } },
      drift: ['undecided'],
    },
    { name: 'with its revision is to be recorded', found: { Cut: { revision: 2, sources: 'bb' } }, drift: ['raised'] },
    {
      name: 'that adds a step is to be recorded',
      found: { ...before, Mix: { revision: 1, sources: 'cc' } },
      drift: ['raised'],
    },
  ])('$name', ({ found, drift }) => {
    expect(driftOf('film', before, found).map(({ kind }) => kind)).toEqual(drift);
  });
});

describe('what a step is made of', () => {
  const FILES: Record<string, string> = {
    'step.ts': `
      import { extname } from 'node:path';
      import sharp from 'sharp';
      import type { Shape } from './shape.ts';
      import { part } from './part.ts';
      const kernel = new URL('kernel.wasm', import.meta.url);
      const worker = new URL(\`./worker\${extname(import.meta.url)}\`, import.meta.url);
      export default (shape: Shape) => [part(shape), sharp, kernel, worker];`,
    'part.ts': 'export const part = (shape: object) => Object.keys(shape); export const unused = 1;',
    'shape.ts': 'export interface Shape { side: number }',
    'worker.ts': "import { part } from './part.ts'; part({ worker: 1 });",
    'kernel.wasm': 'bytes',
    'package-lock.json': JSON.stringify({
      packages: {
        '': { dependencies: { sharp: '^1', zod: '^4' } },
        'node_modules/sharp': { version: '1.0.0' },
        'node_modules/zod': { version: '4.0.0' },
      },
    }),
  };
  const madeOf = (changes: Record<string, [string, string]> = {}) => {
    const root = aFolder();
    for (const [name, text] of Object.entries(FILES)) {
      const [from, to] = changes[name] ?? ['', ''];
      expect(text).toContain(from);
      writeFileSync(join(root, name), text.replace(from, to));
    }
    return sourcesOf('step.ts', root);
  };

  it.each([
    { name: 'nothing', changes: {}, same: true },
    { name: 'a comment and the layout', changes: { 'part.ts': [';', ';\n\n// a remark\n'] }, same: true },
    { name: 'a type', changes: { 'shape.ts': ['number', 'bigint'] }, same: true },
    { name: 'what it does not use', changes: { 'part.ts': ['unused = 1', 'unused = 2'] }, same: true },
    { name: 'a package that it does not use', changes: { 'package-lock.json': ['4.0.0', '4.0.1'] }, same: true },
    { name: 'its own code', changes: { 'step.ts': ['[part', '[1, part'] }, same: false },
    { name: 'what it imports', changes: { 'part.ts': ['keys', 'values'] }, same: false },
    { name: 'a kernel beside it', changes: { 'kernel.wasm': ['b', 'c'] }, same: false },
    { name: 'a worker that it starts', changes: { 'worker.ts': ['1', '2'] }, same: false },
    { name: 'the version of a package', changes: { 'package-lock.json': ['1.0.0', '1.0.1'] }, same: false },
  ] as { name: string; changes: Record<string, [string, string]>; same: boolean }[])(
    'when $name changes it is the same: $same',
    ({ changes, same }) => expect(madeOf(changes) === madeOf()).toBe(same),
  );
});
