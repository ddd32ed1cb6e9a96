import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { openSlots } from '#adapters/local/slots';
import { defineStep } from '#core/step';
import { defineWorkload } from '#core/workload';
import { openRegistry } from '#jobs/registry';
import { openStateFolder } from '#runtime/environment';
import { localServices } from '#runtime/local-services';
import { aJob } from '../conformance/job-store.ts';
import { aFolder } from '../helpers/state-folder.ts';
import { noModels } from '../helpers/toy/platform.ts';

const JOBS = 20;

it('runs some functions at a time and those of the oldest jobs first, whose time begins with their turn', async () => {
  const [begun, timed]: [string[], string[]] = [[], []];
  let [running, most] = [0, 0];
  const step = defineStep({
    name: 'Look',
    revision: 1,
    params: z.object({}),
    needs: {},
    output: z.object({}),
    async run({ job }) {
      begun.push(job.id);
      running += 1;
      most = Math.max(most, running);
      await sleep(20);
      running -= 1;
      return {};
    },
  });
  const toy = defineWorkload({
    name: 'toy',
    version: '1.0.0',
    title: 'Toy',
    description: 'A toy.',
    params: z.object({}),
    input: { min: 1, max: 1, endings: ['.txt'] },
    steps: { Look: { runs: 'lambda', memoryMiB: 128, timeoutSeconds: 9, load: async () => ({ default: step }) } },
  });
  const stateFolder = aFolder();
  const stores = await openStateFolder(stateFolder);
  const services = localServices({
    stateFolder,
    environment: { ...stores, models: noModels, scratchFolder: join(stateFolder, 'scratch') },
    registry: openRegistry({ toy: async () => toy }),
    slots: openSlots(1),
    program: '',
    graceMs: 1_000,
    onProgress: () => {},
  });
  const ids = Array.from({ length: JOBS }, (_, index) => `toy-${String(index).padStart(2, '0')}`);
  for (const id of ids) await stores.jobs.create(aJob({ id, status: 'STARTING', execution: id }));

  const { signal } = new AbortController();
  const calls = ids.toReversed().map(async (id) => {
    const call = { functionName: 'Look', payload: { jobId: id, execution: id } };
    await services.invokeLambda(call, signal, () => timed.push(id));
  });
  await Promise.all(calls);
  expect(most).toBe(8);
  expect(begun.toSorted()).toEqual(ids);
  expect(timed).toHaveLength(JOBS);
  // Eight had their turn as they came; of those that waited the oldest went first. How soon a step is loaded in its turn
  // is up to the machine.
  expect(timed.slice(8, 12)).toEqual(ids.slice(0, 4));
});
