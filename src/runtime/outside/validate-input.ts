import { z } from 'zod';
import { MediaError } from '#core/errors';
import { requireKnownEnding } from '#core/input-ending';
import { type AnyStep, defineStep } from '#core/step';
import type { WorkloadDefinition } from '#core/workload-definition';

/** Checks what can be told without knowing the format: that every file is there, holds something and is called as it should. */
export function validateInput({ input }: Pick<WorkloadDefinition, 'input'>): AnyStep {
  return defineStep({
    name: 'ValidateInput',
    revision: 1,
    params: z.unknown(),
    needs: {},
    output: z.object({ files: z.array(z.object({ name: z.string(), bytes: z.int() })) }),
    async run({ job, artifacts }) {
      const files: { name: string; bytes: number }[] = [];
      for (const one of job.input) {
        if (input.endings.length > 0) requireKnownEnding(one.name, input.endings, 'Send a file of one of these kinds.');
        const source = await artifacts.open(one);
        const { size } = source;
        await source.close();
        if (size === 0)
          throw new MediaError(`${one.name} is empty. Send the file again.`, { details: { uri: one.uri } });
        files.push({ name: one.name, bytes: size });
      }
      return { files };
    },
    route: ({ files }) => ({ files: files.length }),
  });
}
