import { z } from 'zod';
import { CATEGORIES, type Finding } from './result.ts';

const share = z.number().min(0).max(1);

/** A finding in the shape that clients of the reference system know. */
export const predictionSchema = z
  .object({
    clip_id: z.string().min(1),
    artifact: z.boolean(),
    confidence: share,
    artifact_category: z.enum(CATEGORIES),
    class_probabilities: z.object({ NONE: share, TEXT_INCONSISTENCY: share, TEMPORAL_FLICKER: share }),
    evidence: z
      .object({
        timestamps: z.array(z.number()),
        bounding_boxes: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
        frames: z.array(z.int().nonnegative()),
        notes: z.string(),
      })
      .nullable(),
  })
  .refine(({ artifact, artifact_category: category }) => artifact === (category !== 'NONE'), {
    error: 'artifact is true if and only if artifact_category is not NONE',
    path: ['artifact_category'],
  })
  .refine(({ artifact, evidence }) => artifact || evidence === null, {
    error: 'a clip without an artifact has no evidence',
    path: ['evidence'],
  });

export type Prediction = z.infer<typeof predictionSchema>;

/** The old shape: frames and times sorted and unique, boxes in the order of the evidence. */
export function toPrediction({ clipId, artifact, confidence, category, probabilities, evidence }: Finding): Prediction {
  const byFrame = new Map(evidence?.boxes.map(({ frame, seconds }) => [frame, seconds]));
  const frames = [...byFrame.keys()].sort((a, b) => a - b);
  return {
    clip_id: clipId,
    artifact,
    confidence,
    artifact_category: category,
    class_probabilities: probabilities,
    evidence: evidence && {
      timestamps: frames.map((frame) => byFrame.get(frame)!),
      bounding_boxes: evidence.boxes.map(({ box }) => box),
      frames,
      notes: `${evidence.level}: ${[...new Set(evidence.boxes.map(({ note }) => note))].join('; ')}`,
    },
  };
}
