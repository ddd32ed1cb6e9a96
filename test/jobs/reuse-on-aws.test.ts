import { expect, it } from 'vitest';
import { openArtifactStore } from '#adapters/aws/artifact-store';
import { openJobStore } from '#adapters/aws/job-store';
import type { Job } from '#core/job';
import { attemptPrefix } from '#core/names';
import type { Workload } from '#core/workload';
import { tellFinished } from '#jobs/finished-work';
import { openPlanner, type PlanPorts } from '#jobs/plan';
import { newestVerdict } from '#jobs/verdicts';
import { aJob } from '../conformance/job-store.ts';
import { clientsAt, startDynamoDb, startS3AndSqs } from '../helpers/aws-in-process.ts';
import { aBucket, aJobsTable, anObject } from '../helpers/aws-resources.ts';
import toy from '../helpers/toy/workload.ts';

const [buckets, tables] = [clientsAt(await startS3AndSqs()), clientsAt(await startDynamoDb())];

async function aPlatform() {
  const workBucket = await aBucket(buckets, 'work');
  const resultsBucket = await aBucket(buckets, 'results');
  const ports: PlanPorts = {
    artifacts: openArtifactStore({ s3: await buckets.s3(), workBucket, resultsBucket }),
    jobs: openJobStore({ dynamoDb: await tables.dynamoDb(), table: await aJobsTable(tables) }),
    registry: { list: async () => [toy as Workload], get: async () => toy as Workload },
    models: { digest: async () => 'aa' },
  };
  const uploads = await aBucket(buckets, 'uploads');
  const upload = (text: string) => anObject(buckets, uploads, 'uploads/default/words.txt', Buffer.from(text));
  return { ports, upload };
}

async function planned(id: string, input: Job['input'][number], ports: PlanPorts) {
  const job = aJob({ id, execution: id, input: [input] });
  await ports.jobs.create(job);
  return await openPlanner(ports)(job);
}

/** A step that leaves a file for the job itself and one of the result. */
async function finish(id: string, step: string, { jobs, artifacts }: PlanPorts): Promise<void> {
  const attempt = await jobs.nextAttempt(id, step);
  const prefix = attemptPrefix({ jobId: id, step, attempt });
  const files = [
    { name: 'a.json', ...(await artifacts.putBytes(`${prefix}a.json`, '{}')) },
    { name: 'b.txt', ...(await artifacts.putBytes(`${prefix}b.txt`, 'b', { result: 'b.txt' })), result: 'b.txt' },
  ];
  const listed = files.map((file) => ({ ...file, mediaType: 'text/plain' }));
  const verdict = { contract: 1, status: 'succeeded', output: { by: id }, artifacts: listed };
  await artifacts.putBytes(`${prefix}verdict.json`, JSON.stringify(verdict));
  await tellFinished((await jobs.get(id))!, { step, attempt, revision: 1, counted: new Map() }, artifacts);
}

it('work in S3 and DynamoDB is taken over with its artifacts in both buckets, until the input is another one', async () => {
  const { ports, upload } = await aPlatform();
  const input = await upload('one two');
  await planned('toy-1', input, ports);
  for (const step of ['CheckWords', 'SplitWords']) await finish('toy-1', step, ports);

  expect(await planned('toy-2', input, ports)).toEqual({ SplitWords: 'reuse', CountLetters: 'cpu' });
  expect(await ports.jobs.get('toy-2')).toMatchObject({
    reused: ['CheckWords', 'SplitWords'].map((step) => ({ step, from: 'toy-1' })),
  });
  expect(await newestVerdict({ jobId: 'toy-2', step: 'SplitWords' }, ports)).toMatchObject({ output: { by: 'toy-1' } });

  const other = await upload('one two three');
  expect(other).toEqual(input);
  expect(await planned('toy-3', other, ports)).toEqual({ SplitWords: 'cpu', CountLetters: 'cpu' });
  expect((await ports.jobs.get('toy-3'))!.reused).toBeUndefined();
});

it('what an input became after its job was planned is not told as what it was', async () => {
  const { ports, upload } = await aPlatform();
  await planned('toy-1', await upload('one two'), ports);
  await upload('other words');
  await finish('toy-1', 'CheckWords', ports);
  expect(await ports.artifacts.list('cache/')).toEqual([]);
});
