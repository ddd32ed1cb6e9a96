import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEnvironment } from '#runtime/environment';
import { jsonLogger } from '#runtime/json-log';
import { runStep } from '#runtime/step-run';
import { letterAsrParams } from '#workloads/letter-asr/contract';
import { drawExample } from '#workloads/letter-asr/example';
import workload from '#workloads/letter-asr/workload';
import { aJob } from '../../../conformance/job-store.ts';
import { testFolder } from '../../../helpers/folder.ts';

const machine = JSON.parse(
  readFileSync(new URL('../../../../statemachines/letter-asr.asl.json', import.meta.url), 'utf8'),
);

it('a GPU step that fails for want of a GPU, or runs too long on one, falls back to CPU', () => {
  const { ScorePhrases, ScorePhrasesOnCpu } = machine.States.ScoreShards.ItemProcessor.States;
  expect(ScorePhrases.Catch).toContainEqual(expect.objectContaining({ Next: 'ScorePhrasesOnCpu' }));
  const caught = ScorePhrases.Catch.flatMap(({ ErrorEquals }: { ErrorEquals: string[] }) => ErrorEquals);
  expect(caught).toContain('States.Timeout');
  expect(ScorePhrasesOnCpu.Type).toBe('Task');
});

it('a result that was heard on CPU where a GPU was planned says so', async () => {
  const folder = await testFolder();
  const environment = await openEnvironment({ STEPREEL_STATE: join(folder, 'state'), STEPREEL_SCRATCH: folder });
  const job = aJob({
    ...{ id: 'letter-asr-1', workload: workload.name, status: 'STARTING', execution: 'e-1' },
    params: letterAsrParams.parse({}),
    input: await drawExample(folder),
  });
  await environment.jobs.create(job);
  const hooks = { signal: new AbortController().signal, logger: jsonLogger({}, () => {}) };
  let last: Awaited<ReturnType<typeof runStep>> | undefined;
  for (const [name, { load }] of Object.entries(workload.steps)) {
    const where = name === 'ScorePhrases' ? ({ shard: 0, device: 'cpu', plannedDevice: 'gpu' } as const) : {};
    last = await runStep((await load()).default, { jobId: job.id, execution: 'e-1', ...where }, environment, hooks);
  }
  expect(last).toMatchObject({
    status: 'succeeded',
    output: {
      outcome: 'complete',
      degraded: [{ step: 'ScorePhrases', reason: '1 of 1 shards ran on CPU instead of GPU' }],
    },
  });
});
