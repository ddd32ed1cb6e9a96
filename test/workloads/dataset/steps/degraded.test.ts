import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import type { Job } from '#core/job';
import { openEnvironment } from '#runtime/environment';
import { jsonLogger } from '#runtime/json-log';
import { runStep } from '#runtime/step-run';
import { datasetParams } from '#workloads/dataset/contract';
import workload from '#workloads/dataset/workload';
import { drawClip } from '../../../helpers/draw-clip.ts';
import { testFolder } from '../../../helpers/folder.ts';
import { tinyDetector } from '../../../helpers/tiny-detector.ts';

it('names a result degraded when detection ran on CPU where a GPU was planned', async () => {
  const folder = await testFolder();
  const [clip, model] = [await drawClip(folder, { seconds: 0.5 }), await tinyDetector(folder)];
  const environment = await openEnvironment({ STEPREEL_STATE: join(folder, 'state'), STEPREEL_SCRATCH: folder });
  const job: Job = {
    id: 'dataset-1',
    workload: workload.name,
    workloadVersion: workload.version,
    team: 'team',
    project: 'project',
    priority: 'normal',
    pool: 'cpu',
    status: 'STARTING',
    input: [{ name: basename(clip), uri: clip }],
    params: datasetParams.parse({ model }),
    execution: 'dataset-1',
    degraded: [],
    createdAt: '2026-01-01T00:00:00.000Z',
  };
  await environment.jobs.create(job);

  const verdicts = [];
  for (const [name, { load }] of Object.entries(workload.steps)) {
    const shard = name === 'DetectObjects' ? ({ shard: 0, device: 'cpu', plannedDevice: 'gpu' } as const) : {};
    const hooks = { signal: new AbortController().signal, logger: jsonLogger({}, () => {}) };
    verdicts.push(
      await runStep((await load()).default, { jobId: job.id, execution: job.id, ...shard }, environment, hooks),
    );
  }

  const report = verdicts.at(-1)!;
  expect(report).toMatchObject({
    status: 'succeeded',
    output: {
      outcome: 'complete',
      degraded: [{ step: 'DetectObjects', reason: '1 of 1 shards ran on CPU instead of GPU' }],
    },
  });
  const { key } = report.artifacts.find(({ name }) => name === 'report.md')!;
  expect(Buffer.from(await environment.artifacts.read(key)).toString()).toContain('**Degraded** (DetectObjects)');
});
