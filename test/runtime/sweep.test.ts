import { expect, it } from 'vitest';
import { openStateFolder } from '#runtime/environment';
import { sweepHandler } from '#runtime/sweep';
import { aJob } from '../conformance/job-store.ts';
import { context, keepLog } from '../helpers/lambda.ts';
import { aFolder } from '../helpers/state-folder.ts';
import { toyWorkloads } from '../helpers/toy/platform.ts';

const lines = keepLog();

it('starts what was left QUEUED, and says so', async () => {
  const stores = await openStateFolder(aFolder());
  await stores.jobs.create(aJob({ execution: 'toy-1' }));
  const executions = { start: async ({ name }: { name: string }) => ({ execution: name }), stop: async () => true };
  const handler = sweepHandler(toyWorkloads, async () => ({ ...stores, executions }));
  expect(await handler({}, context)).toEqual({ started: ['toy-1'], waiting: [], failed: [] });
  expect(await handler({}, context)).toMatchObject({ started: [] });
  expect(lines()[0]).toMatchObject({ message: 'swept', phase: 'sweep', status: 'succeeded', started: ['toy-1'] });
});
