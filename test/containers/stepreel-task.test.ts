import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newestVerdict } from '#jobs/verdicts';
import { openStateFolder } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aWorkloadFolder, PROGRAM_HEAD } from '../helpers/programs.ts';
import { aFolder } from '../helpers/state-folder.ts';

const ROOT = join(import.meta.dirname, '../..');

it('stepreel-task is one file that runs a step anywhere, without a package beside it', async () => {
  const folder = aFolder();
  const task = join(folder, 'stepreel-task.mjs');
  execFileSync(process.execPath, ['scripts/build-task.ts', '--output', task], { cwd: ROOT });
  const workload = aWorkloadFolder(`${PROGRAM_HEAD} leave('out.txt', readFileSync(job.inputs[0].path, 'utf8'));`);
  cpSync(join(workload, 'example.txt'), join(folder, 'in.txt'));

  const check = spawnSync(process.execPath, [task, '--check'], { cwd: workload, encoding: 'utf8' });
  expect([check.status, check.stdout]).toEqual([0, 'own-model@0.1.0: ValidateInput, RunModel, WriteReport\n']);

  const stores = await openStateFolder(join(folder, 'state'));
  const input = [{ name: 'in.txt', uri: join(folder, 'in.txt') }];
  await stores.jobs.create(
    aJob({ id: 'own-model-1', workload: 'own-model', status: 'STARTING', execution: 'e', input }),
  );
  const variables = { STEPREEL_JOB_ID: 'own-model-1', STEPREEL_STEP: 'RunModel', STEPREEL_EXECUTION: 'e' };
  const env = { PATH: process.env.PATH, STEPREEL_STATE: join(folder, 'state'), STEPREEL_SCRATCH: folder, ...variables };
  const { status, stderr } = spawnSync(process.execPath, [task], { cwd: workload, env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(await newestVerdict({ jobId: 'own-model-1', step: 'RunModel' }, stores)).toMatchObject({
    status: 'succeeded',
    artifacts: [{ name: 'out.txt', bytes: 3 }],
  });
});

it('a folder without a definition is told, and its task ends as a failed one', () => {
  const ended = spawnSync(process.execPath, [join(ROOT, 'containers/stepreel-task.ts')], {
    cwd: aFolder(),
    encoding: 'utf8',
  });
  expect(ended.status).toBe(1);
  expect(JSON.parse(ended.stderr)).toMatchObject({
    error: 'InputNotFoundError',
    message: expect.stringContaining('workload.json'),
  });
});

it('an image that holds another version than the one that was registered with it does nothing', () => {
  const env = { PATH: process.env.PATH, STEPREEL_WORKLOAD_REF: 'own-model@0.2.0' };
  const task = join(ROOT, 'containers/stepreel-task.ts');
  const ended = spawnSync(process.execPath, [task], { cwd: aWorkloadFolder(''), env, encoding: 'utf8' });
  expect(ended.status).toBe(1);
  expect(JSON.parse(ended.stderr)).toMatchObject({
    error: 'ContractError',
    message: expect.stringContaining('The image holds own-model@0.1.0, and it was registered for own-model@0.2.0'),
  });
});
