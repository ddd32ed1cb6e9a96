import { z } from 'zod';
import { ContractError } from '#core/errors';
import type { PreparedActivity } from '../contract.ts';
import { SAMPLE_RATE_HZ } from '../defaults.ts';

const firstVersion = z.looseObject({
  activityId: z.string().min(1),
  phraseIndex: z.int().nonnegative(),
  start_ms: z.number().nonnegative(),
  end_ms: z.number().nonnegative(),
  s3_uri: z.string().min(1),
});

/** `segments`, version 2: where a file lies in its activity's sound. */
export const segmentsSchema = z.object({
  schema_version: z.literal(2),
  activity_id: z.string().min(1),
  phrase_index: z.int().nonnegative(),
  sequence: z.int().nonnegative().nullable(),
  start_ms: z.number().nonnegative(),
  end_ms: z.number().nonnegative(),
  /** The file's name; where it lies is known by whoever submitted it. */
  file: z.string().min(1),
});

export type SegmentLine = z.infer<typeof segmentsSchema>;

/** Reads a document of either version as the newest one. @throws ContractError for one of another form. */
export function readSegmentLine(document: unknown): SegmentLine {
  const newest = segmentsSchema.safeParse(document);
  if (newest.success) return newest.data;
  const first = firstVersion.safeParse(document);
  if (first.success) {
    const { activityId, phraseIndex, start_ms, end_ms, s3_uri } = first.data;
    const file = s3_uri.slice(s3_uri.lastIndexOf('/') + 1);
    return {
      schema_version: 2,
      activity_id: activityId,
      phrase_index: phraseIndex,
      sequence: null,
      start_ms,
      end_ms,
      file,
    };
  }
  throw new ContractError(`Expected a line of segments of version 1 or 2: ${z.prettifyError(newest.error)}.`);
}

/** The lines of an activity: a line for each file of each phrase. */
export function segmentLines({ id, phrases }: PreparedActivity): SegmentLine[] {
  return phrases.flatMap(({ index, segments }) =>
    segments.map(({ file, sequence = null, first, samples }) => ({
      schema_version: 2 as const,
      activity_id: id,
      phrase_index: index,
      sequence,
      start_ms: milliseconds(first),
      end_ms: milliseconds(first + samples),
      file,
    })),
  );
}

function milliseconds(samples: number): number {
  return Math.round((samples * 1000) / SAMPLE_RATE_HZ);
}
