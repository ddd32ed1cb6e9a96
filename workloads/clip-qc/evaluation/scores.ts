import { z } from 'zod';
import { ARTIFACTS, CATEGORIES, type Category } from '../result.ts';

/** A clip whose category is known, and the one that was found. */
export interface JudgedClip {
  clipId: string;
  expected: Category;
  found: Category;
}

/** What a category must reach to be released (V4): on at least so many clips in all, and on some of each category. */
export const GATE = { recall: 0.85, precision: 0.7, f1: 0.7, clips: 10 } as const;

const scoreSchema = z.object({
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  /** Clips that have this category. */
  support: z.int().nonnegative(),
});

const criterionSchema = z.object({ name: z.string(), value: z.number(), threshold: z.number(), passed: z.boolean() });

const category = z.enum(CATEGORIES);

/** eval_results.json */
export const evaluationSchema = z.object({
  model: z.object({ name: z.string(), version: z.string(), sha256: z.string() }),
  text_engine: z.object({ name: z.string(), version: z.string() }),
  threshold: z.number(),
  clips: z.int().nonnegative(),
  /** Rows are what clips are, columns what was found, both in the order of `classes`. */
  classes: z.array(z.string()),
  confusion_matrix: z.array(z.array(z.int().nonnegative())),
  per_class: z.record(z.string(), scoreSchema),
  binary: scoreSchema,
  criteria: z.array(criterionSchema),
  /** Clips that were taken for something else than they are. */
  mistaken_clips: z.array(z.object({ clip_id: z.string(), expected: category, found: category })),
  failed_clips: z.array(z.object({ clip_id: z.string(), error: z.string() })),
});

export type Evaluation = z.infer<typeof evaluationSchema>;
export type Score = z.infer<typeof scoreSchema>;

type Scores = Omit<Evaluation, 'model' | 'text_engine' | 'threshold' | 'failed_clips'>;

/** Counts what was found against what is there, and holds it against the gate. */
export function scoresOf(judged: readonly JudgedClip[]): Scores {
  const count = (expected: Category, found: Category) =>
    judged.filter((clip) => clip.expected === expected && clip.found === found).length;
  const isArtifact = (category: Category) => category !== 'NONE';
  const perClass = Object.fromEntries(
    CATEGORIES.map((name) => [name, scoreFor(judged, (category) => category === name)]),
  ) as Record<Category, Score>;
  return {
    clips: judged.length,
    classes: [...CATEGORIES],
    confusion_matrix: CATEGORIES.map((expected) => CATEGORIES.map((found) => count(expected, found))),
    per_class: perClass,
    binary: scoreFor(judged, isArtifact),
    criteria: [
      { name: 'clips', value: judged.length, threshold: GATE.clips, passed: judged.length >= GATE.clips },
      ...ARTIFACTS.flatMap((name) =>
        (['recall', 'precision', 'f1'] as const).map((what) => ({
          name: `${name} ${what}`,
          value: perClass[name][what],
          threshold: GATE[what],
          passed: perClass[name][what] >= GATE[what],
        })),
      ),
    ],
    mistaken_clips: judged
      .filter(({ expected, found }) => expected !== found)
      .map(({ clipId, expected, found }) => ({ clip_id: clipId, expected, found })),
  };
}

/** A score without anything to count is 0: nothing was shown. */
function scoreFor(judged: readonly JudgedClip[], belongs: (category: Category) => boolean): Score {
  const right = judged.filter(({ expected, found }) => belongs(expected) && belongs(found)).length;
  const support = judged.filter(({ expected }) => belongs(expected)).length;
  const named = judged.filter(({ found }) => belongs(found)).length;
  const precision = named === 0 ? 0 : right / named;
  const recall = support === 0 ? 0 : right / support;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { precision, recall, f1, support };
}
