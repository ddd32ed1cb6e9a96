import { z } from 'zod';

/** What a clip may be found to have. */
export const CATEGORIES = ['NONE', 'TEXT_INCONSISTENCY', 'TEMPORAL_FLICKER'] as const;
export type Category = (typeof CATEGORIES)[number];
/** The categories that are findings; a model that knows more of them may be taken in here. */
export const ARTIFACTS = ['TEXT_INCONSISTENCY', 'TEMPORAL_FLICKER'] as const satisfies Category[];
export type ArtifactCategory = (typeof ARTIFACTS)[number];

const share = z.number().min(0).max(1);

/** A place in a sampled frame that shows what was found. */
export const evidenceBoxSchema = z.strictObject({
  /** Number of the sampled frame, from 0. */
  frame: z.int().nonnegative(),
  /** Number of the frame in the source, from 0. */
  sourceFrame: z.int().nonnegative(),
  seconds: z.number(),
  /** Left, top, right, bottom in pixels of the sampled frame. */
  box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  note: z.string(),
});

export type EvidenceBox = z.infer<typeof evidenceBoxSchema>;

export const evidenceSchema = z.strictObject({
  /**
   * `strict`: the rule of the category holds. `relaxed`: the three strongest of its weaker signs. `strongest`: the
   * classifier saw something that no rule does; this is what changes most.
   */
  level: z.enum(['strict', 'relaxed', 'strongest']),
  boxes: z.array(evidenceBoxSchema).min(1),
});

export type Evidence = z.infer<typeof evidenceSchema>;

/** What is found in a clip. A finding has evidence, and evidence has a finding. */
export const findingSchema = z
  .strictObject({
    clipId: z.string().min(1),
    artifact: z.boolean(),
    category: z.enum(CATEGORIES),
    /** 1 - P(NONE), with or without a finding: a score to which any threshold can be put. */
    confidence: share,
    probabilities: z.strictObject({ NONE: share, TEXT_INCONSISTENCY: share, TEMPORAL_FLICKER: share }),
    evidence: evidenceSchema.nullable(),
    /** A weaker sign of another category in the same clip. */
    secondary: z.enum(ARTIFACTS).optional(),
    /** Where a rule overruled the larger probability, in words. */
    override: z.string().optional(),
    warnings: z.array(z.string()),
  })
  .refine(({ artifact, category }) => artifact === (category !== 'NONE'), {
    error: 'a clip has an artifact if and only if its category is not NONE',
    path: ['category'],
  })
  .refine(({ artifact, evidence }) => artifact === (evidence !== null), {
    error: 'a finding has evidence, and evidence has a finding',
    path: ['evidence'],
  });

export type Finding = z.infer<typeof findingSchema>;
