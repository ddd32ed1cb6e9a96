import { afterEach, describe, expect, it } from 'vitest';
import type { Machine, State } from '#asl/definition';
import type { Job } from '#core/job';
import { replayJob } from '#jobs/redrive';
import { nextSizes } from '#jobs/size-up';
import { aFolder } from '../helpers/state-folder.ts';
import { toyMachine } from '../helpers/toy/machine.ts';
import { openToyPlatform, type ToyPlatform } from '../helpers/toy/platform.ts';

const open: ToyPlatform[] = [];
afterEach(() => {
  for (const platform of open.splice(0)) platform.close();
});

/** The toy's machine that tries nothing again, so that a failure is quick. */
function withoutRetries(): Machine {
  const machine = toyMachine();
  const states = Object.entries(machine.States).map(([name, state]): [string, State] => {
    const { Retry: _retry, ...once } = state as State & { Retry?: unknown };
    return [name, once as State];
  });
  return { ...machine, States: Object.fromEntries(states) };
}

async function run(
  params: Record<string, unknown>,
  words = 'one two three',
): Promise<{ platform: ToyPlatform; job: Job }> {
  const platform = await openToyPlatform(aFolder(), {}, withoutRetries());
  open.push(platform);
  return { platform, job: await platform.runJob(await platform.request(words, params)) };
}

describe('a job that failed on this machine', () => {
  it.each([
    {
      what: 'was killed',
      params: { fault: 'SplitWords-before:kill-always' },
      kind: 'interrupted',
      evidence: /killed by SIGKILL/,
    },
    { what: 'crashed', params: { fault: 'SplitWords-before:crash-always' }, kind: 'code', evidence: /exit code 1/ },
    { what: 'refused its input', params: {}, words: 'a forbidden word', kind: 'input', evidence: /MediaError/ },
  ])('because a step $what is explained', async ({ params, words, kind, evidence }) => {
    const { job, platform } = await run(params, words);
    const { explanation } = job.error!;
    expect(explanation).toMatchObject({ kind });
    expect(explanation!.evidence.join(' ')).toMatch(evidence);
    expect(explanation!.next).toMatch(kind === 'input' ? / toy / : new RegExp(job.id));
    expect(await platform.deadLetters.list()).toHaveLength(kind === 'input' ? 0 : 1);
  });

  it('is charged for what it took, its killed attempt too', async () => {
    const { job } = await run({ fault: 'SplitWords-before:kill-always' });
    // A minute at least of one vCPU, whatever the kill left.
    expect(job.charge).toMatchObject({ vcpuSeconds: 60, transitions: 3 });
    expect(job.charge!.steps!.SplitWords).toBeGreaterThan(0);
  });

  it('gets the next size by a redrive, at the state where it failed, and is charged for both starts', async () => {
    const { job, platform } = await run({ fault: 'SplitWords-before:kill' });
    expect(job).toMatchObject({ status: 'FAILED', sizes: { SplitWords: { vcpu: 1, memoryMiB: 2048 } } });
    const workload = await platform.registry.get('toy');
    await replayJob(job, platform, { sizes: nextSizes(job, workload) });
    const again = await platform.settled(job.id);
    expect(again).toMatchObject({ status: 'SUCCEEDED', sizes: { SplitWords: { vcpu: 1, memoryMiB: 4096 } } });
    const [entered] = (await platform.executions.history(again.execution!)).filter(
      ({ type }) => type === 'TaskStateEntered',
    );
    expect(entered).toMatchObject({
      state: 'SplitWords',
      input: { size: { SplitWords: { Cpu: 1024, Memory: 4096 } } },
    });
    // Splitting twice, at 2 and at 4 GiB, and one minute for each of the three words.
    expect(again.charge).toMatchObject({ vcpuSeconds: 300 });
    expect(again.charge!.gbSeconds).toBeGreaterThan(60 * (2 + 4 + 3 * 2));
  });
});

it('a job that succeeded is charged for every part and every transition, and knows the size of its input', async () => {
  const { job } = await run({});
  expect(job.charge).toMatchObject({ vcpuSeconds: 4 * 60, gpuSeconds: 0, inputBytes: 13 });
  expect(Object.keys(job.charge!.steps!)).toEqual([
    'CheckWords',
    'SplitWords',
    'PlanCounts',
    'CountLetters',
    'WriteReport',
  ]);
  // CheckWords, the Choice and SplitWords, PlanCounts, the Choice and the Map with its three shards, WriteReport, the end.
  expect(job.charge!.transitions).toBe(11);
});
