import { expect, it } from 'vitest';
import { openEnvironment } from '#runtime/environment';
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
