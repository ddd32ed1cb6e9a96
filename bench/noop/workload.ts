import { z } from 'zod';
import { defineWorkload } from '#core/workload';

const lambda = { runs: 'lambda', memoryMiB: 256, timeoutSeconds: 30 } as const;

/** Does nothing, in two steps of the usual kinds: what is left is the job control path itself. */
export default defineWorkload({
  name: 'noop',
  version: '1.0.0',
  title: 'Nothing',
  description: 'Looks at its input and writes one small file.',
  params: z.strictObject({ note: z.string().max(100).optional() }),
  input: { min: 1, max: 1, endings: ['.txt'] },
  steps: {
    ValidateInput: { ...lambda, load: () => import('./steps/validate-input.ts') },
    WriteReport: { ...lambda, load: () => import('./steps/write-report.ts') },
  },
});
