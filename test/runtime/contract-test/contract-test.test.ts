import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testContract } from '#runtime/contract-test/contract-test';
import { aWorkloadFolder, PROGRAM_HEAD } from '../../helpers/programs.ts';
import { aFolder } from '../../helpers/state-folder.ts';

/** The outcomes by check of a program that is these lines. */
async function outcomesOf(body: string, step: object = {}) {
  const steps = { RunModel: { command: [process.execPath, 'program.mjs'], ...step } };
  const findings = await testContract({ folder: aWorkloadFolder(PROGRAM_HEAD + body, { steps }) });
  return Object.fromEntries(findings.map(({ check, outcome }) => [check, outcome]));
}

const WORK = `
const text = readFileSync(job.inputs[0].path, 'utf8');
if (text !== 'abc') { console.error('no abc'); process.exit(65); }
say({ progress: { done: 1, total: 2 } });
await new Promise((done) => setTimeout(done, 250));
leave('out.txt', text);
say({ progress: { done: 2, total: 2 } });
`;

describe('a program that keeps the contract', () => {
  it('is told so of every promise', { timeout: 180_000 }, async () => {
    expect(await outcomesOf(WORK)).toEqual({
      'ends with a verdict': 'kept',
      'progress goes forward': 'kept',
      'same input, same bytes': 'kept',
      'ends when it is told to': 'kept',
      'a second attempt begins anew': 'kept',
      'refuses what it cannot read': 'kept',
      'writes in its folders only': 'kept',
      'uses the GPU when asked to': 'skipped',
    });
  });
});

describe.concurrent('a program that breaks promises is told which', () => {
  it.each([
    { name: 'it leaves no verdict', body: 'process.exit(1);', breaks: { 'ends with a verdict': 'violated' } },
    {
      name: 'its output document is a list',
      body: `leave('output.json', '[]');`,
      breaks: { 'ends with a verdict': 'violated' },
    },
    {
      name: 'its progress goes backwards, and its second attempt relies on the first',
      body: `if (job.attempt > 1) process.exit(1); ${WORK} say({ progress: { done: 1, total: 2 } });`,
      breaks: { 'progress goes forward': 'violated', 'a second attempt begins anew': 'violated' },
    },
    {
      name: 'it tells no progress, gives other bytes each time and leaves a file beside itself',
      body: `leave('now.txt', String(process.hrtime.bigint())); writeFileSync('cache.bin', '');`,
      breaks: {
        'progress goes forward': 'warning',
        'same input, same bytes': 'warning',
        'writes in its folders only': 'violated',
      },
    },
    {
      name: 'it does not end when it is told to, does more than all, changes its input and crashes on what it can’t read',
      body: `
        process.on('SIGTERM', () => {});
        if (readFileSync(job.inputs[0].path).length > 3) throw new Error('what?');
        ${WORK.replace('250', '2500').replaceAll('total: 2', 'total: 0')}
        writeFileSync(job.inputs[0].path, 'abc');`,
      step: { graceSeconds: 1 },
      breaks: {
        'ends when it is told to': 'violated',
        'progress goes forward': 'violated',
        'writes in its folders only': 'violated',
        'refuses what it cannot read': 'warning',
      },
    },
  ])('$name', { timeout: 180_000 }, async ({ body, step = {}, breaks }) => {
    expect(await outcomesOf(body, step)).toMatchObject(breaks);
  });
});

it('a command alone needs no definition, by either door', { timeout: 180_000 }, async () => {
  const folder = aFolder();
  writeFileSync(join(folder, 'in.txt'), 'abc');
  const copy = "require('fs').copyFileSync(process.argv[1], process.argv[2])";
  const command = [process.execPath, '-e', copy, '{input}', '{output}/out.txt'];
  const input = [{ name: 'in.txt', uri: join(folder, 'in.txt') }];
  const wrapped = await testContract({ command, input });
  expect(wrapped[0]).toMatchObject({ check: 'ends with a verdict', outcome: 'kept' });
  // It leaves no verdict.json itself, which the bare door asks for.
  const bare = await testContract({ command, input, door: 'bare' });
  expect(bare).toEqual([expect.objectContaining({ check: 'ends with a verdict', outcome: 'violated' })]);
});

it('every step of a workload is tested on what the one before left', { timeout: 180_000 }, async () => {
  const body = `
    say({ progress: { done: 1, total: 1 } });
    if (job.step === 'Extract') { leave('part.txt', 'abc'); leave('output.json', '{"parts": 1}'); }
    else leave('names.txt', job.inputs.map(({ name }) => name).join());`;
  const command = [process.execPath, 'program.mjs'];
  const steps = { Extract: { command }, Infer: { command } };
  const folder = aWorkloadFolder(PROGRAM_HEAD + body, { machine: 'extract-infer-report', steps });
  const findings = await testContract({ folder });
  expect(findings.filter(({ outcome }) => outcome === 'violated')).toEqual([]);
  expect(new Set(findings.map(({ step }) => step))).toEqual(new Set(['Extract', 'Infer']));
});
