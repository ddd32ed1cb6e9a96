import { z } from 'zod';
import { defineWorkload } from '#core/workload';
import { toyStepParams as params } from './step-params.ts';

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
  revisions: Object.fromEntries(Object.keys(params).map((step) => [step, { revision: 1, sources: '' }])),
  steps: {
    CheckWords: { ...lambda, params: params.CheckWords, load: () => import('./steps/check-words.ts') },
    SplitWords: { ...container, params: params.SplitWords, load: () => import('./steps/split-words.ts') },
    PlanCounts: { ...lambda, params: params.PlanCounts, load: () => import('./steps/plan-counts.ts') },
    CountLetters: { ...container, params: params.CountLetters, load: () => import('./steps/count-letters.ts') },
    WriteReport: { ...lambda, params: params.WriteReport, load: () => import('./steps/write-report.ts') },
  },
});
