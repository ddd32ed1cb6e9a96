import { z } from 'zod';
import { ContractError } from '#core/errors';
import { letterSchema } from '../contract.ts';

/** Version 1, as the reference system wrote it: phrases by their place alone, one flag for each letter. */
const firstVersion = z.looseObject({
  schema_version: z.union([z.literal(1), z.literal('1'), z.literal('1.0'), z.literal('v1')]),
  activity_id: z.string(),
  status: z.string(),
  pipeline_results: z.looseObject({
    errors: z.array(z.array(z.boolean())),
    error_count: z.int().nonnegative(),
    total_alignments: z.int().nonnegative(),
    alignment_accuracy: z.number(),
  }),
});

const phraseResultSchema = z.object({
  phrase_index: z.int().nonnegative(),
  status: z.enum(['scored', 'failed']),
  /** Why it failed. */
  reason: z.string().exactOptional(),
  /** One for each expected letter; empty when it failed. */
  errors: z.array(z.boolean()),
  /** Each letter's verdict with its evidence; version 1 had none. */
  letters: z.array(letterSchema).exactOptional(),
  warnings: z.array(z.string()),
  /** Sequence numbers of packets that never came. */
  gaps: z.array(z.int()),
});

/**
 * `activity-results`, version 2: one document for each activity. Every phrase has its index. A phrase that failed is in it
 * and says why; its letters are in none of the counts. When and where it was made is in the receipt, not here, so that
 * the same input gives the same bytes.
 */
export const activityResultsSchema = z.object({
  schema_version: z.literal(2),
  activity_id: z.string().min(1),
  story_id: z.string().exactOptional(),
  student_id: z.string().exactOptional(),
  status: z.enum(['complete', 'partial', 'failed']),
  phrases: z.array(phraseResultSchema),
  error_count: z.int().nonnegative(),
  total_alignments: z.int().nonnegative(),
  /** Share of the letters that are right; 0 where there is none. */
  alignment_accuracy: z.number().min(0).max(1),
});

export type PhraseResult = z.infer<typeof phraseResultSchema>;
export type ActivityResults = z.infer<typeof activityResultsSchema>;

/** Reads a document of either version as the newest one. @throws ContractError for one of another form. */
export function readActivityResults(document: unknown): ActivityResults {
  const newest = activityResultsSchema.safeParse(document);
  if (newest.success) return newest.data;
  const first = firstVersion.safeParse(document);
  if (first.success) return migrated(first.data);
  const { schema_version: version } = (document ?? {}) as { schema_version?: unknown };
  const { error } = version === 2 ? newest : first;
  throw new ContractError(
    `Expected activity-results of version 1 or 2, found version ${JSON.stringify(version) ?? 'none'}: ${z.prettifyError(error)}.`,
    { details: { version: version ?? null } },
  );
}

function migrated({ activity_id, status, pipeline_results }: z.infer<typeof firstVersion>): ActivityResults {
  const { errors, error_count, total_alignments, alignment_accuracy } = pipeline_results;
  const succeeded = ['success', 'succeeded', 'complete', 'completed', 'ok'].includes(status.toLowerCase());
  return {
    schema_version: 2,
    activity_id,
    status: succeeded ? 'complete' : 'failed',
    // Version 1 left failed phrases out, so that a place is the index only as far as is known.
    phrases: errors.map((flags, place) => ({
      phrase_index: place,
      status: 'scored',
      errors: flags,
      warnings: ['the index is the place that version 1 had it in'],
      gaps: [],
    })),
    error_count,
    total_alignments,
    alignment_accuracy: Math.min(1, Math.max(0, alignment_accuracy)),
  };
}
