import { expect, it } from 'vitest';
import { z } from 'zod';
import { defineWorkload, type Workload } from '#core/workload';
import { contentKeys } from '#jobs/content-key';

const lambda = { runs: 'lambda', memoryMiB: 128, timeoutSeconds: 1, load: () => Promise.reject(new Error()) } as const;

function aWorkload(models: Workload['steps'][string]['models']): Workload {
  return defineWorkload({
    name: 'film',
    version: '1.0.0',
    title: 'Film',
    description: 'A film.',
    params: z.object({}),
    input: { min: 1, max: 1, endings: ['.mp4'] },
    steps: { Cut: lambda, Detect: { ...lambda, ...(models && { models }) }, Draw: lambda, WriteReport: lambda },
    revisions: Object.fromEntries(
      ['Cut', 'Detect', 'Draw', 'WriteReport'].map((step) => [step, { revision: 1, sources: 'aa' }]),
    ),
  });
}

const ports = {
  artifacts: { inputStamp: async () => 'stamp', inputDigest: async () => 'digest' },
  models: { digest: async (ref: string) => `digest of ${ref}` },
};
const content = { team: 'red', params: {}, input: [{ name: 'a.mp4', uri: '/a.mp4' }] };

it.each([
  { name: 'of all steps but the last', models: () => ['worksite@1.0.0'], keys: ['Cut', 'Detect', 'Draw'] },
  { name: 'of a workload without models', models: undefined, keys: ['Cut', 'Detect', 'Draw'] },
  { name: 'up to a step that asks what no digest stands for', models: () => undefined, keys: ['Cut'] },
])('there are keys $name', async ({ models, keys }) => {
  const known = await contentKeys(content, aWorkload(models), {}, ports);
  expect(Object.keys(known.keys)).toEqual(keys);
});
