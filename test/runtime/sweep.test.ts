import { expect, it } from 'vitest';
import { sweepHandler } from '#runtime/sweep';
import { aJob } from '../conformance/job-store.ts';
import { context, keepLog } from '../helpers/lambda.ts';
import { aLife } from '../helpers/life.ts';
import { toyWorkloads } from '../helpers/toy/platform.ts';

const lines = keepLog();

it('starts what was left QUEUED, and says so', async () => {
  const life = await aLife();
  await life.jobs.create(aJob({ execution: 'toy-1' }));
  const handler = sweepHandler(toyWorkloads, async () => life);
  expect(await handler({}, context)).toMatchObject({ started: ['toy-1'], waiting: [], failed: [] });
  expect(await handler({}, context)).toMatchObject({ started: [] });
  expect(lines()[0]).toMatchObject({ message: 'swept', phase: 'sweep', status: 'succeeded', started: ['toy-1'] });
});
