import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../../lib/constructs/function-bundle.ts';
import { testFolder } from '../../helpers/folder.ts';

const run = promisify(execFile);
const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

/** The bundle lies in a folder of its own, far from our node_modules, as it will on Lambda. */
function bundle(door: string): string {
  const folder = bundleFunction(door);
  made.push(folder);
  return folder;
}

/** Calls the bundled handler in a process of its own. @returns what it answered or threw. */
async function call(folder: string, event: unknown, environment: Record<string, string>): Promise<string> {
  const program = `
    const { handler } = await import(${JSON.stringify(join(folder, 'index.mjs'))});
    const context = { awsRequestId: 'r', functionName: 'f', getRemainingTimeInMillis: () => 20_000 };
    try { console.log(JSON.stringify(await handler(${JSON.stringify(event)}, context))); }
    catch (thrown) { console.log(thrown.name + ': ' + thrown.message); }`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    env: { PATH: '', POWERTOOLS_DEV: 'false', ...environment },
  });
  return stdout;
}

const packagesIn = (folder: string) => globSync('node_modules/{*,@*/*}', { cwd: folder });

describe.each([
  { door: 'lambdas/dataset/validate-input.ts', step: 'ValidateInput', brings: 'mediainfo.js' },
  { door: 'lambdas/dataset/write-report.ts', step: 'WriteReport', brings: 'sharp' },
])('the bundle of $step', ({ door, brings }) => {
  it('loads by itself, and runs as far as a job that is not there', async () => {
    const folder = bundle(door);
    expect(existsSync(join(folder, 'node_modules', brings))).toBe(true);
    const environment = { STEPREEL_STATE: await testFolder(), STEPREEL_STAGE: 'dev' };
    const answer = await call(folder, { jobId: 'dataset-0', execution: 'dataset-0' }, environment);
    expect(answer).toMatch(/Error: .*dataset-0/);
    expect(answer).not.toMatch(/Cannot find|ERR_MODULE_NOT_FOUND/);
  });

  it('says what it misses where nothing tells where jobs are kept', async () => {
    const answer = await call(bundle(door), { jobId: 'dataset-0', execution: 'dataset-0' }, {});
    expect(answer).toMatch(/ContractError: Nothing says where jobs and artifacts are kept/);
  });

  it('has no ONNX Runtime: steps that open models run in containers, and it is too large for a function (pitfall 46)', () => {
    const folder = bundle(door);
    expect(packagesIn(folder).length).toBeGreaterThan(0);
    expect(packagesIn(folder)).not.toContain('node_modules/onnxruntime-node');
  });
});

it('the native parts load from where they lie in the bundle', async () => {
  const folder = bundle('lambdas/dataset/write-report.ts');
  const program = `
    const { default: sharp } = await import('sharp');
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } }).png().toBuffer();
    const { default: open } = await import('mediainfo.js');
    const parser = await open({ format: 'object' });
    console.log(png.length > 0, typeof parser.analyzeData);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
  expect(stdout.trim()).toBe('true function');
});

it('the same sources give the same bundle, so that a deployment changes only what changed', () => {
  const [first, second] = [bundle('lambdas/sweep.ts'), bundle('lambdas/sweep.ts')];
  expect(globSync('**/*', { cwd: first }).sort()).toEqual(globSync('**/*', { cwd: second }).sort());
});

it('the bundle of the jobs API brings the status page and the state machines that it draws', () => {
  const folder = bundle('lambdas/jobs-api.ts');
  expect(existsSync(join(folder, 'web/index.html'))).toBe(true);
  expect(globSync('web/assets/main-*.js', { cwd: folder })).toHaveLength(1);
  expect(globSync('statemachines/*.asl.json', { cwd: folder }).length).toBeGreaterThan(2);
});
