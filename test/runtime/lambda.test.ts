import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { MediaError, ModelError } from '#core/errors';
import type { AnyStep } from '#core/step';
import { openStateFolder } from '#runtime/environment';
import { lambdaHandler } from '#runtime/lambda';
import { aJob } from '../conformance/job-store.ts';
import { untilAborted } from '../helpers/machine.ts';
import { aFolder } from '../helpers/state-folder.ts';

const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };
const event = { jobId: 'toy-1', execution: 'e-1' };
let written: string[] = [];

// What a function prints is its log on AWS. Powertools prints through a console of its own or through stdout.
beforeEach(async () => {
  written = [];
  const folder = aFolder();
  vi.stubEnv('STEPREEL_STATE', folder);
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void written.push(line));
  }
  const { jobs } = await openStateFolder(folder);
  await jobs.create(aJob({ status: 'STARTING', execution: 'e-1', params: { model: 'worksite@1.0.0' } }));
  jobs[Symbol.dispose]();
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function aStep(run: AnyStep['run'], more: Partial<AnyStep> = {}): AnyStep {
  return {
    name: 'Check',
    revision: 1,
    params: z.object({ model: z.string() }),
    needs: {},
    output: z.object({ frames: z.int() }),
    run,
    route: ({ frames }: { frames: number }) => ({ frames }),
    ...more,
  };
}

const lines = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
const emf = () => lines().filter((line) => '_aws' in line);
const metrics = () => emf()[0]!;

const DIMENSIONS = [['Service', 'Stage', 'Workload', 'Step', 'Device', 'Model']];

function dimensionsOf(line: Record<string, unknown>): string[][] {
  const { CloudWatchMetrics } = line._aws as { CloudWatchMetrics: { Dimensions: string[][] }[] };
  return CloudWatchMetrics[0]!.Dimensions;
}

describe('the handler of a Lambda step', () => {
  it('answers with the route alone', async () => {
    const handler = lambdaHandler(aStep(async () => ({ frames: 12 })));
    expect(await handler(event, context)).toEqual({ frames: 12 });
  });

  it('answers with nothing for a step without a route', async () => {
    const { route: _route, ...bare } = aStep(async () => ({ frames: 12 }));
    expect(await lambdaHandler(bare)(event, context)).toEqual({});
  });

  it('answers again, without running, when it is invoked again', async () => {
    let ran = 0;
    const handler = lambdaHandler(
      aStep(async () => {
        ran += 1;
        return { frames: ran };
      }),
    );
    expect([await handler(event, context), await handler(event, context)]).toEqual([{ frames: 1 }, { frames: 1 }]);
  });

  it('writes metrics as EMF, with the job as metadata and not as a dimension', async () => {
    await lambdaHandler(aStep(async () => ({ frames: 12 })))(event, context);
    expect(metrics()).toMatchObject({
      Service: 'stepreel',
      Stage: 'local',
      Workload: 'toy',
      Step: 'Check',
      Device: 'cpu',
      Model: 'worksite@1.0.0',
      jobId: 'toy-1',
      StepSucceeded: 1,
      StepRejected: 0,
      StepFailed: 0,
      StepDuration: expect.any(Number),
      _aws: { CloudWatchMetrics: [{ Namespace: 'Stepreel' }] },
    });
    expect(dimensionsOf(metrics())).toEqual(DIMENSIONS);
  });

  it('writes what the step measured of its work under the same dimensions, however often that was', async () => {
    const step = aStep(async ({ measure }) => {
      for (let phrase = 0; phrase < 250; phrase += 1) measure('PhraseSuccess', phrase % 2);
      measure('ModelMs', 12.5, 'Milliseconds');
      return { frames: 12 };
    });
    await lambdaHandler(step)(event, context);
    const measured = emf().filter((line) => 'PhraseSuccess' in line);
    expect(measured.flatMap(({ PhraseSuccess }) => PhraseSuccess)).toHaveLength(250);
    expect(measured[0]).toMatchObject({ ModelMs: 12.5 });
    for (const line of measured) {
      expect(line).toMatchObject({ Workload: 'toy', Step: 'Check', Model: 'worksite@1.0.0', jobId: 'toy-1' });
      expect(dimensionsOf(line)).toEqual(DIMENSIONS);
    }
  });

  it('writes what a step measured before it failed, and does not count it again for the next call', async () => {
    let calls = 0;
    const handler = lambdaHandler(
      aStep(async ({ measure }) => {
        calls += 1;
        if (calls > 1) return { frames: 12 };
        measure('AlignFailure', 1);
        throw new Error('a bug');
      }),
    );
    await handler(event, context).catch(() => undefined);
    await handler(event, context);
    expect(emf().filter((line) => 'AlignFailure' in line)).toMatchObject([{ AlignFailure: 1, errorCode: 'Error' }]);
  });

  it.each([
    { error: new MediaError('no video', { details: { streams: 0 } }), metric: 'StepRejected' },
    { error: new ModelError('another digest'), metric: 'StepFailed' },
    { error: new Error('a bug'), metric: 'StepFailed' },
  ])('throws $error.name as it is, logs it and counts it as $metric', async ({ error, metric }) => {
    const handler = lambdaHandler(
      aStep(async () => {
        throw error;
      }),
    );
    await expect(handler(event, context)).rejects.toMatchObject({ name: error.name, message: error.message });
    expect(metrics()).toMatchObject({ StepSucceeded: 0, [metric]: 1, errorCode: error.name });
    expect(lines().find(({ level }) => level === 'ERROR')).toMatchObject({
      message: error.message,
      error: error.name,
      service: 'stepreel',
      env: 'local',
      correlationId: 'toy-1',
      jobId: 'toy-1',
      phase: 'Check',
    });
    expect(lines().find(({ message }) => message === 'ended')).toMatchObject({
      status: metric,
      latencyMs: expect.any(Number),
      requestId: 'request-1',
    });
  });

  it("passes the step's own log lines on", async () => {
    const handler = lambdaHandler(
      aStep(async ({ logger }) => {
        logger.info('probed', { frames: 12 });
        logger.warn('odd frame rate');
        return { frames: 12 };
      }),
    );
    await handler(event, context);
    expect(lines()).toContainEqual(
      expect.objectContaining({ level: 'INFO', message: 'probed', frames: 12, jobId: 'toy-1' }),
    );
  });

  it('refuses a route that is larger than 1 KB', async () => {
    const handler = lambdaHandler(aStep(async () => ({ frames: 1 }), { route: () => ({ text: 'x'.repeat(1024) }) }));
    await expect(handler(event, context)).rejects.toMatchObject({ name: 'ContractError' });
  });

  it('refuses an event that is not one of ours, and counts it', async () => {
    const handler = lambdaHandler(aStep(async () => ({ frames: 1 })));
    await expect(handler({ Records: [] }, context)).rejects.toThrow();
    expect(metrics()).toMatchObject({ Workload: 'unknown', StepFailed: 1 });
  });

  it('stops the step before Lambda would', async () => {
    const handler = lambdaHandler(aStep(({ signal }) => untilAborted(signal)));
    const late = { ...context, getRemainingTimeInMillis: () => 1000 };
    await expect(handler(event, late)).rejects.toMatchObject({ name: 'TransientError' });
  });
});
