import { z } from 'zod';
import { defineWorkload } from '#core/workload';

const container = {
  runs: 'container',
  image: 'media',
  devices: ['cpu'],
  vcpu: 1,
  memoryMiB: 512,
  diskGiB: 20,
  runSeconds: 60,
} as const;
const lambda = { runs: 'lambda', memoryMiB: 256, timeoutSeconds: 30 } as const;

/** A workload without media, of the usual shape: its input is a text, its result the letters of every word. */
export default defineWorkload({
  name: 'toy',
  version: '1.0.0',
  title: 'Letters of words',
  description: 'Counts the letters of every word.',
  params: z.strictObject({
    fault: z.string().optional(),
    routeBytes: z.int().min(0).optional(),
    partial: z.boolean().optional(),
    color: z.enum(['red', 'green']).default('red'),
  }),
  input: { min: 1, max: 1, endings: ['.txt'] },
  steps: {
    CheckWords: { ...lambda, load: () => import('./steps/check-words.ts') },
    SplitWords: { ...container, load: () => import('./steps/split-words.ts') },
    PlanCounts: { ...lambda, load: () => import('./steps/plan-counts.ts') },
    CountLetters: { ...container, load: () => import('./steps/count-letters.ts') },
    WriteReport: { ...lambda, load: () => import('./steps/write-report.ts') },
  },
});
