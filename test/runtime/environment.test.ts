import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEnvironment, requireScratch } from '#runtime/environment';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';

it('opens the stores of the state folder that it names', async () => {
  const folder = aFolder();
  const one = await openEnvironment({ STEPREEL_STATE: folder, STEPREEL_SCRATCH: '/scratch' });
  expect(one.scratchFolder).toBe('/scratch');
  await one.jobs.create(aJob());
  const other = await openEnvironment({ STEPREEL_STATE: folder });
  expect(await other.jobs.get('toy-1')).toEqual(aJob());
  await expect(other.models.fetch('none@0.0.0')).rejects.toMatchObject({ name: 'ModelError' });
});

it('says what is missing when it names none', async () => {
  await expect(openEnvironment({})).rejects.toThrow(/expected STEPREEL_STATE with the path of a state folder/);
});

it('is on AWS when it names a jobs table, and then says what else it needs', async () => {
  await expect(openEnvironment({ STEPREEL_JOBS_TABLE: 'jobs', STEPREEL_STATE: aFolder() })).rejects.toThrow(
    /STEPREEL_WORK_BUCKET has no value/,
  );
});

it('opens the stores of AWS, which refuse what is no object (pitfall 34)', async () => {
  const { artifacts } = await openEnvironment({
    STEPREEL_JOBS_TABLE: 'jobs',
    STEPREEL_WORK_BUCKET: 'work',
    STEPREEL_RESULTS_BUCKET: 'results',
    AWS_REGION: 'us-east-1',
  });
  await expect(artifacts.openInput({ name: 'a.mp4', uri: '/a.mp4' })).rejects.toThrow(/reads s3:\/\/bucket\/key/);
});

it('makes a scratch folder that is not there, and refuses what is none', async () => {
  const folder = aFolder();
  await requireScratch(join(folder, 'deep', 'scratch'));
  writeFileSync(join(folder, 'file'), '');
  await expect(requireScratch(join(folder, 'file'))).rejects.toMatchObject({ name: 'ResourceError' });
});
