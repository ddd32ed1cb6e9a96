import { expect, it, vi } from 'vitest';
import { openStepMetrics } from '#runtime/step-metrics';
import { keepLog } from '../helpers/lambda.ts';
import { toyWorkloads } from '../helpers/toy/platform.ts';

const lines = keepLog();

it('a step’s metrics name the digests of the models that it opened, each once, beside its dimensions', async () => {
  // Where its log is kept, Powertools takes itself for under development, and measures nothing.
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const { steps } = await toyWorkloads.toy!();
  const [placed] = Object.values(steps);
  const { default: step } = await placed!.load();
  const job = { id: 'toy-1', workload: 'toy', team: 'red', project: 'default', params: {} };
  const [face, voice] = ['face', 'voice'].map((name) => ({ name, version: '1.0.0', sha256: name[0]!.repeat(64) }));
  openStepMetrics().publish({ step, seconds: 1, device: 'cpu', job, models: [voice!, face!, voice!] });
  const [line] = lines();
  expect(line).toMatchObject({
    models: `face@1.0.0 sha256:${'f'.repeat(64)}, voice@1.0.0 sha256:${'v'.repeat(64)}`,
    StepDuration: 1,
  });
  const { CloudWatchMetrics } = line!._aws as { CloudWatchMetrics: { Dimensions: string[][] }[] };
  expect(CloudWatchMetrics[0]!.Dimensions[0]).not.toContain('models');
});
