import { z } from 'zod';
import { artifactSchema } from './artifact.ts';

const errorSchema = z.object({
  name: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

/**
 * verdict.json: what one attempt of a step did. It is written last; a step without a verdict did not happen, whatever
 * its exit code. Nothing in it depends on when or where the step ran: those facts are in `attempt.json` beside it.
 */
export const verdictSchema = z.discriminatedUnion('status', [
  z.object({
    contract: z.literal(1),
    status: z.literal('succeeded'),
    output: z.unknown(),
    artifacts: z.array(artifactSchema),
  }),
  z.object({
    contract: z.literal(1),
    status: z.literal('rejected'),
    error: errorSchema,
    artifacts: z.array(artifactSchema),
  }),
]);

export const VERDICT = 'verdict.json';
export const ATTEMPT = 'attempt.json';

export type Verdict = z.infer<typeof verdictSchema>;

/** attempt.json: the facts of one attempt that differ from run to run. The receipt reads it, and settlement. */
export const attemptSchema = z.object({
  step: z.string(),
  shard: z.int().nonnegative().optional(),
  attempt: z.int().positive(),
  startedAt: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  cpuSeconds: z.number().nonnegative(),
  peakMemoryMiB: z.number().nonnegative(),
  /** How many files it left. */
  artifacts: z.int().nonnegative().optional(),
  /** The job that did the work, when this attempt took over its verdict. */
  reusedFrom: z.string().optional(),
  /** Why this attempt left no verdict; an attempt that was killed leaves no record at all. */
  error: errorSchema.optional(),
});

export type AttemptRecord = z.infer<typeof attemptSchema>;
