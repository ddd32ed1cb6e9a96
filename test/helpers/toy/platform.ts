import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#asl/clock';
import { systemClock } from '#asl/clock';
import type { Machine } from '#asl/definition';
import { ModelError } from '#core/errors';
import type { ModelSource } from '#core/step';
import type { SubmitRequest } from '#jobs/submit';
import { type LocalPlatform, type LocalPlatformOptions, openLocalPlatform } from '#runtime/local';
import { toyMachine } from './machine.ts';

/** Time in which back-offs take none; limits and everything else go by the real clock. */
export const impatientClock: Clock = { ...systemClock, sleep: async () => {} };

export const noModels: ModelSource = {
  async fetch(ref) {
    throw new ModelError(`The toy has no models, and ${ref} was asked for.`);
  },
};

export const toyWorkloads = { toy: async () => (await import('./workload.ts')).default };

export interface ToyPlatform extends LocalPlatform {
  folder: string;
  stateFolder: string;
  /** A request for a toy job on these words. */
  request(words: string, params?: Record<string, unknown>): Promise<SubmitRequest>;
}

/** A platform that runs the toy workload and keeps everything in `folder`. */
export async function openToyPlatform(
  folder: string,
  options: Partial<LocalPlatformOptions> = {},
  machine: Machine = toyMachine(),
): Promise<ToyPlatform> {
  const stateMachines = join(folder, 'statemachines');
  await mkdir(stateMachines, { recursive: true });
  await writeFile(join(stateMachines, 'toy.asl.json'), JSON.stringify(machine));
  const stateFolder = join(folder, 'state');
  const platform = await openLocalPlatform({
    stateFolder,
    workloads: toyWorkloads,
    models: noModels,
    stateMachines,
    program: join(import.meta.dirname, 'toy-task.ts'),
    clock: impatientClock,
    graceMs: 2000,
    ...options,
  });
  return {
    ...platform,
    folder,
    stateFolder,
    async request(words, params = {}) {
      const uri = join(folder, 'words.txt');
      await writeFile(uri, words);
      return { workload: 'toy', input: [{ name: 'words.txt', uri }], params };
    },
  };
}
