import { z } from 'zod';
import { activitySchema } from './activities/activity.ts';
import { DEFAULTS } from './defaults.ts';

/** The parameters of a letter-asr job, with their defaults. A parameter that is not here is refused. */
export const letterAsrParams = z.strictObject({
  activities: z
    .array(z.string().min(1))
    .min(1)
    .max(1000)
    .optional()
    .describe('Only these activities of the export; all of them by default.'),
  activityFrom: z
    .enum(['name', 'folder'])
    .default('name')
    .describe('Whether the name or the folder of a wav file says which activity it belongs to.'),
  source: z
    .enum(['auto', 'segments', 'recording'])
    .default('auto')
    .describe('Score segments, or a complete recording by its phrase times; auto takes segments where there are any.'),
  contextSeconds: z
    .number()
    .min(0)
    .max(30)
    .default(DEFAULTS.contextSeconds)
    .describe('Seconds of the neighbouring phrases that are heard around a phrase, and never scored in it.'),
  model: z.string().min(1).default(DEFAULTS.model).describe('The acoustic model, as name@version or a folder.'),
  endpoint: z
    .string()
    .min(1)
    .optional()
    .describe('A remote model by the name that the operator gave it; the local one answers where it does not.'),
  decoder: z.enum(['greedy', 'beam']).default('greedy').describe('How tokens are chosen from the logits.'),
  beamWidth: z.int().min(1).max(256).default(DEFAULTS.beamWidth).describe('Prefixes that a beam search keeps.'),
  strict: z.boolean().default(false).describe('Fail a phrase in which a sound belongs to no phonetic unit.'),
  confidenceWeighting: z.boolean().default(false).describe('Let unsure units count for less in the alignment.'),
  phrasesPerShard: z
    .int()
    .min(1)
    .default(DEFAULTS.phrasesPerShard)
    .describe('Phrases for which another scoring task is worth starting.'),
  publish: z
    .string()
    .min(1)
    .optional()
    .describe('A GraphQL endpoint by the name that the operator gave it; each result is sent there.'),
});

export type LetterAsrParams = z.infer<typeof letterAsrParams>;

const shape = z.object(letterAsrParams.shape);
const selection = { activities: true, activityFrom: true, source: true } as const;

/** The part of the parameters that each step reads. WriteReport reads them all. */
export const stepParams = {
  ValidateInput: shape.pick(selection),
  PrepareAudio: shape.pick(selection),
  PlanShards: shape.pick({ phrasesPerShard: true }),
  ScorePhrases: shape.pick({
    contextSeconds: true,
    model: true,
    endpoint: true,
    decoder: true,
    beamWidth: true,
    strict: true,
    confidenceWeighting: true,
  }),
  PublishResults: shape.pick({ publish: true }),
  WriteReport: letterAsrParams,
};

/** The output of ValidateInput. */
export const validatedSchema = z.object({
  activities: z.int().positive(),
  phrases: z.int().positive(),
  recordings: z.int().positive(),
  seconds: z.number().nonnegative(),
});

const levelSchema = z.object({ rmsDb: z.number(), peakDb: z.number(), clippedShare: z.number() });

/** A phrase in the prepared sound of its activity, in samples; without sound it says why. */
export const preparedPhraseSchema = z.object({
  index: z.int().nonnegative(),
  expected: z.array(z.string()),
  reference: z.array(z.string()).exactOptional(),
  first: z.int().nonnegative(),
  samples: z.int().nonnegative(),
  level: levelSchema.exactOptional(),
  /** Sequence numbers of packets that never came. */
  gaps: z.array(z.int()),
  warnings: z.array(z.string()),
  failure: z.string().exactOptional(),
  /** Where each file lies in the activity's sound. */
  segments: z.array(
    z.object({ file: z.string(), sequence: z.int().exactOptional(), first: z.int(), samples: z.int() }),
  ),
});

export type PreparedPhrase = z.infer<typeof preparedPhraseSchema>;

/** A line of activities.jsonl: an activity whose sound was prepared. */
export const preparedActivitySchema = activitySchema.pick({ id: true, storyId: true, studentId: true }).extend({
  /** Its sound, as an artifact's name; missing when there is none. */
  audio: z.string().exactOptional(),
  phrases: z.array(preparedPhraseSchema),
});

export type PreparedActivity = z.infer<typeof preparedActivitySchema>;

/** The output of PrepareAudio. */
export const preparedSchema = z.object({
  input: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.int() })),
  activities: z.int().nonnegative(),
  phrases: z.int().nonnegative(),
  /** Phrases with sound; the shards are cut from these. */
  usable: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  notes: z.array(z.string()),
});

export type Prepared = z.infer<typeof preparedSchema>;

/** The output of PlanShards: which of the usable phrases each shard scores. */
export const shardsSchema = z.object({ shards: z.array(z.object({ first: z.int(), count: z.int() })) });

export const letterSchema = z.object({
  item: z.string(),
  verdict: z.enum(['correct', 'wrong', 'missing']),
  heard: z.string().nullable(),
  startSeconds: z.number().nullable(),
  endSeconds: z.number().nullable(),
  confidence: z.number().min(0).max(1),
  reason: z.string(),
});

export type Letter = z.infer<typeof letterSchema>;

/** A line of a shard's phrases.jsonl. Times are seconds from the beginning of the phrase. */
export const scoredPhraseSchema = z.object({
  activity: z.string(),
  index: z.int().nonnegative(),
  failure: z.string().exactOptional(),
  letters: z.array(letterSchema),
  heard: z.array(
    z.object({ unit: z.string(), confidence: z.number(), startSeconds: z.number(), endSeconds: z.number() }),
  ),
  /** What answered: `local`, or the name of an endpoint. */
  engine: z.string().exactOptional(),
  /** Loudest sample of each of equal stretches of the phrase, 0 to 100. */
  outline: z.array(z.int()),
});

export type ScoredPhrase = z.infer<typeof scoredPhraseSchema>;

/** The output of one shard of ScorePhrases. */
export const scoredSchema = z.object({
  phrases: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  device: z.enum(['cpu', 'gpu']),
  plannedDevice: z.enum(['cpu', 'gpu']),
  model: z.object({ name: z.string(), version: z.string(), sha256: z.string() }),
  /** Phrases by what answered. */
  engines: z.record(z.string(), z.int()),
});

export type Scored = z.infer<typeof scoredSchema>;

/** The output of PublishResults. */
export const publishedSchema = z.object({ endpoint: z.string().nullable(), published: z.int().nonnegative() });

/** The output of WriteReport. */
export const reportedSchema = z.object({
  outcome: z.enum(['complete', 'partial']),
  missing: z.array(z.string()),
  degraded: z.array(z.object({ step: z.string(), reason: z.string() })),
});

/** Names of the files that go from step to step. */
export const ACTIVITIES_FILE = 'activities.jsonl';
export const PHRASES_FILE = 'phrases.jsonl';
