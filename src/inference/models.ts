import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '#core/errors';
import { digestFile } from '#core/file-digest';

/** The file that describes a model, beside its weights. */
export const MODEL_FILE = 'model.json';

const fileName = z.string().refine((name) => name !== '' && name === basename(name) && name !== '..', {
  error: 'must be a file name in the same folder as model.json',
});

/**
 * What `(pixel / 255 - mean) / std` takes: numbers for pixels from 0 to 1, as ImageNet's 0.485 and 0.229. A model that
 * wants 0..1 as it is has mean 0 and std 1; one that wants 0..255 has mean 0 and std 1/255.
 */
const channelMeans = z.array(z.number().min(-1).max(1, 'is for pixels from 0 to 1, like 0.485')).length(3);
const channelDeviations = z.array(z.number().positive().max(2, 'is for pixels from 0 to 1, like 0.229')).length(3);

const yoloOutput = {
  /** The output's name; needed when the model has more than one. */
  tensor: z.string().optional(),
  /** In which numbers boxes are given: pixels of the model's input, or 0 to 1. */
  boxes: z.enum(['pixels', 'normalised']).default('pixels'),
};

const rawYoloOutput = {
  ...yoloOutput,
  /** True for [1, C, N] in yolo-v5 and [1, N, C] in yolo-v8: the other way round than their authors export it. */
  transposed: z.boolean().default(false),
  /** `sigmoid` when the exported graph ends before the activation of the scores. */
  activation: z.enum(['none', 'sigmoid']).default('none'),
};

const outputSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('yolo-v5'), ...rawYoloOutput }),
  z.strictObject({ kind: z.literal('yolo-v8'), ...rawYoloOutput }),
  z.strictObject({ kind: z.literal('yolo-nms-free'), ...yoloOutput }),
  z.strictObject({
    kind: z.literal('detr'),
    logits: z.string().default('logits'),
    boxes: z.string().default('pred_boxes'),
    /** `softmax`: DETR, the last logit means "no object". `sigmoid`: RT-DETR, D-FINE and their kin. */
    activation: z.enum(['softmax', 'sigmoid']),
  }),
]);

/** What every model.json says, whatever the model is for. */
const anyModel = {
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/, 'has lower-case letters, digits, dots, dashes and underscores'),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'has three numbers, as in 1.0.0'),
  license: z.string().min(1),
  card: fileName.optional(),
  weights: z.strictObject({ file: fileName, sha256: z.string().regex(/^[0-9a-f]{64}$/, 'has 64 hex digits') }),
  classes: z.array(z.string().min(1)).min(1),
  /** What an evaluation must reach, by measure, for the model to be promoted. */
  gate: z.record(z.string(), z.number()).optional(),
};

export const detectorSchema = z.strictObject({
  ...anyModel,
  task: z.literal('object-detection'),
  input: z.strictObject({
    name: z.string().min(1),
    width: z.int().min(1).max(8192),
    height: z.int().min(1).max(8192),
    layout: z.enum(['nchw', 'nhwc']),
    color: z.enum(['rgb', 'bgr']),
    mean: channelMeans,
    std: channelDeviations,
    resize: z.enum(['letterbox', 'stretch']),
    pad: z.int().min(0).max(255).default(114),
  }),
  output: outputSchema,
});

/** A classifier of rows of named numbers: a [N, features] tensor in, [N, classes] probabilities out. */
const tableClassifierSchema = z.strictObject({
  ...anyModel,
  task: z.literal('table-classification'),
  input: z.strictObject({
    name: z.string().min(1),
    /** The version of the features' set, and their order. */
    featureSet: z.int().min(1),
    features: z.array(z.string().min(1)).min(1),
  }),
  output: z.strictObject({ probabilities: z.string().min(1) }),
});

/**
 * A CTC model of the wav2vec2 kind: raw samples [batch, samples] in, logits [batch, frames, tokens] out. `classes` are its
 * tokens, in the order of the logits.
 */
export const acousticModelSchema = z.strictObject({
  ...anyModel,
  task: z.literal('automatic-speech-recognition'),
  input: z.strictObject({
    name: z.string().min(1),
    /** The input that tells samples (1) from padding (0), of an export that has one. */
    mask: z.string().min(1).optional(),
    sampleRateHz: z.int().min(4_000).max(48_000),
    /** `utterance`: mean 0 and deviation 1 over each whole recording. `none`: samples from -1 to 1 as they are. */
    normalise: z.enum(['utterance', 'none']),
    /** Shorter recordings get silence behind them. */
    minSamples: z.int().min(1).default(400),
  }),
  output: z.strictObject({
    logits: z.string().min(1).default('logits'),
    /** CTC's "nothing here", which the wav2vec2 family writes as its padding. */
    blank: z.string().default('<pad>'),
    /** Stands between words. */
    separator: z.string().default('|'),
    /** From one frame to the next; 320 is 20 ms at 16 kHz. */
    frameSamples: z.int().min(1),
    /** What the first frame needs: 400 in wav2vec2, which pads nothing, 0 in a model that pads both ends. */
    firstFrameSamples: z.int().min(0).default(400),
  }),
});

/** A model for somebody's own program, in whatever format: of it only the digest is known. */
const customSchema = z.strictObject({
  ...anyModel,
  task: z.literal('custom'),
  classes: z.array(z.string().min(1)).default([]),
});

export const modelSchema = z.discriminatedUnion('task', [
  detectorSchema,
  tableClassifierSchema,
  acousticModelSchema,
  customSchema,
]);

/** What model.json says of a model for any task. */
export type AnyModelDescription = z.infer<typeof modelSchema>;
export type TableClassifierDescription = z.infer<typeof tableClassifierSchema>;
export type AcousticModelDescription = z.infer<typeof acousticModelSchema>;
/** What model.json says of a detector. */
export type ModelDescription = z.infer<typeof detectorSchema>;
export type ModelInput = ModelDescription['input'];
export type ModelOutput = ModelDescription['output'];

interface Loaded {
  folder: string;
  /** Path of the ONNX file, whose digest has been checked. */
  weightsPath: string;
}

export type Model = ModelDescription & Loaded;
export type TableClassifier = TableClassifierDescription & Loaded;
/** A model of speech whose weights have been checked. */
export type VerifiedAcousticModel = AcousticModelDescription & Loaded;
export type AnyModel = AnyModelDescription & Loaded;

/**
 * Reads a detector's model.json and checks the weights it names against their digest.
 * @throws ModelError that says what is missing, not as described, for another task, or has another digest.
 */
export async function loadModel(folder: string): Promise<Model> {
  const model = await loadAnyModel(folder);
  if (model.task === 'object-detection') return model;
  throw anotherTask(model, 'object-detection');
}

/** The same for a classifier of rows of numbers. @throws ModelError */
export async function loadTableClassifier(folder: string): Promise<TableClassifier> {
  const model = await loadAnyModel(folder);
  if (model.task === 'table-classification') return model;
  throw anotherTask(model, 'table-classification');
}

/** The same for a model of speech. @throws ModelError */
export async function loadAcousticModel(folder: string): Promise<VerifiedAcousticModel> {
  const model = await loadAnyModel(folder);
  if (model.task === 'automatic-speech-recognition') return model;
  throw anotherTask(model, 'automatic-speech-recognition');
}

/** The same for a model of any task. @throws ModelError */
export async function loadAnyModel(folder: string): Promise<AnyModel> {
  const description = await readDescription(folder);
  const weightsPath = join(folder, description.weights.file);
  await verifyWeights(weightsPath, description);
  return { ...description, folder, weightsPath };
}

function anotherTask({ name, version, task }: AnyModelDescription, expected: AnyModelDescription['task']): ModelError {
  return new ModelError(
    `Expected a model for ${expected}, found that ${name}@${version} is for ${task}. Name one of the other kind.`,
  );
}

/** Reads and checks model.json alone. @throws ModelError */
export async function readDescription(folder: string): Promise<AnyModelDescription> {
  const path = join(folder, MODEL_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ModelError(`Expected a ${MODEL_FILE} in ${folder}, found none that can be read. Add one.`, { cause });
  });
  const parsed = modelSchema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  throw new ModelError(`${path} does not describe a model: ${z.prettifyError(parsed.error)}. Correct these fields.`, {
    details: { path, issues: parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })) },
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelError(`${path} is not JSON: ${(cause as Error).message}. Correct it.`, { cause });
  }
}

async function verifyWeights(path: string, { name, version, weights }: AnyModelDescription): Promise<void> {
  const { sha256: found } = await digestFile(path).catch((cause: unknown) => {
    throw new ModelError(
      `Expected the weights of ${name}@${version} at ${path}, found no file that can be read. Add it.`,
      { cause },
    );
  });
  if (found === weights.sha256) return;
  throw new ModelError(
    `The weights of ${name}@${version} are not the ones that ${MODEL_FILE} pins: expected sha256 ${weights.sha256}, ` +
      `found ${found} in ${path}. Fetch the model again, or pin the new digest if the change is meant.`,
    { details: { model: `${name}@${version}`, expected: weights.sha256, found } },
  );
}
