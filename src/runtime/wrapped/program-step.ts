import { z } from 'zod';
import type { Container } from '#adapters/local/docker';
import { type AnyStep, defineStep } from '#core/step';
import type { ProgramStep } from '#core/workload-definition';
import { gatherInputs, type ProgramContext } from './program-inputs.ts';
import { runBare } from './run-bare.ts';
import { runWrapped } from './run-wrapped.ts';

/** What a step that is somebody's program leaves in its verdict. */
export const programOutputSchema = z.object({
  /** The job's own input files. */
  input: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.int() })),
  models: z.array(z.object({ name: z.string(), version: z.string(), sha256: z.string() })),
  degraded: z.array(z.object({ step: z.string(), reason: z.string() })),
  /** output.json, or what the verdict of a bare program says. */
  document: z.record(z.string(), z.unknown()),
});

export type ProgramOutput = z.infer<typeof programOutputSchema>;

/** A program as a step of a workload from outside. */
export interface Program {
  name: string;
  definition: ProgramStep;
  /** The part of the job's parameters that it reads. */
  params: z.ZodType;
  /** Where it is started. */
  folder: string;
  /** The image that it runs in; a process of this machine without one. */
  container?: Container;
  /** The step whose files it reads; the first program of a workload reads the job's input. */
  before?: string;
  /** Whether what it leaves is the job's result. */
  isLast: boolean;
}

/**
 * A step that runs somebody's program by the container contract. Attempts, verdicts, progress and artifacts are those of
 * every step; the program sees files, or addresses.
 */
export function programStep(program: Program): AnyStep {
  const { name, definition, params, before } = program;
  const document = definition.output ? z.fromJSONSchema(definition.output) : z.unknown();
  const run = definition.door === 'bare' ? runBare : runWrapped;
  return defineStep({
    name,
    revision: 1,
    params,
    needs: before === undefined ? {} : { [before]: programOutputSchema },
    output: programOutputSchema.extend({ document: programOutputSchema.shape.document.and(document) }),
    async run(given) {
      const context = given as unknown as ProgramContext;
      const gathered = await gatherInputs(program, context);
      const { device, plannedDevice } = context;
      return {
        input: gathered.jobInputs,
        models: gathered.models.map(({ id }) => id),
        degraded:
          device === plannedDevice ? [] : [{ step: name, reason: `ran on ${device}: no ${plannedDevice} came` }],
        document: await run(program, gathered, context),
      };
    },
  });
}
