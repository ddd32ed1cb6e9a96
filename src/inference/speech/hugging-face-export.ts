import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelError } from '#core/errors';
import { digestFile } from '#core/file-digest';
import { type AcousticModelDescription, acousticModelSchema } from '../models.ts';
import { openSession } from '../session.ts';

/** Tokens and their places in a row of logits. */
const vocabularySchema = z.record(z.string(), z.int().min(0));
const configSchema = z.object({
  conv_kernel: z.array(z.int().min(1)).min(1),
  conv_stride: z.array(z.int().min(1)).min(1),
});
const preprocessorSchema = z.object({ sampling_rate: z.int(), do_normalize: z.boolean().default(true) });
// A special token is a text, or an object that has it as `content`.
const specialToken = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]);
const tokenizerSchema = z.object({
  pad_token: specialToken.default('<pad>'),
  word_delimiter_token: specialToken.default('|'),
});

/** What the files do not say. */
export type ExportName = Pick<AcousticModelDescription, 'name' | 'version' | 'license'>;

/**
 * What model.json has to say of a wav2vec2, HuBERT or WavLM model that was exported from the Hugging Face hub to ONNX, from
 * the files of the export: vocab.json (and added_tokens.json), config.json, preprocessor_config.json,
 * tokenizer_config.json and the weights.
 * @throws ModelError for a file that is missing or is not as expected.
 */
export async function describeExport(
  folder: string,
  named: ExportName,
  weights: string,
): Promise<AcousticModelDescription> {
  const path = join(folder, weights);
  const { sha256 } = await digestFile(path).catch((cause: unknown) => {
    throw new ModelError(`Expected the weights at ${path}, found no file that can be read. Export them to ONNX.`, {
      cause,
    });
  });
  const { sampling_rate: sampleRateHz, do_normalize } = await read(
    folder,
    'preprocessor_config.json',
    preprocessorSchema,
  );
  const { frameSamples, firstFrameSamples } = framesFrom(await read(folder, 'config.json', configSchema));
  const tokenizer = await read(folder, 'tokenizer_config.json', tokenizerSchema);
  return acousticModelSchema.parse({
    ...named,
    task: 'automatic-speech-recognition',
    weights: { file: weights, sha256 },
    input: {
      ...(await inputsOf(path)),
      sampleRateHz,
      normalise: do_normalize ? 'utterance' : 'none',
      minSamples: firstFrameSamples,
    },
    output: { blank: tokenizer.pad_token, separator: tokenizer.word_delimiter_token, frameSamples, firstFrameSamples },
    classes: await tokensOf(folder),
  });
}

/**
 * The strides of a row of convolutions multiply, and each kernel reaches over as many samples more as the strides before it
 * make of it: 320 and 400 for the usual seven of wav2vec2.
 */
function framesFrom({ conv_kernel, conv_stride }: z.infer<typeof configSchema>) {
  let frameSamples = 1;
  let firstFrameSamples = 1;
  for (const [at, kernel] of conv_kernel.entries()) {
    firstFrameSamples += (kernel - 1) * frameSamples;
    frameSamples *= conv_stride[at] ?? 1;
  }
  return { frameSamples, firstFrameSamples };
}

async function tokensOf(folder: string): Promise<string[]> {
  const added = await read(folder, 'added_tokens.json', vocabularySchema, {});
  const places = Object.entries({ ...(await read(folder, 'vocab.json', vocabularySchema)), ...added });
  const tokens = places.toSorted(([, one], [, other]) => one - other);
  const wrong = tokens.findIndex(([, place], at) => place !== at);
  if (wrong < 0) return tokens.map(([token]) => token);
  throw new ModelError(
    `Expected a token for each place from 0 to ${tokens.length - 1} in the vocab.json of ${folder}, found none or two for ${wrong}. Correct it.`,
  );
}

/** The names of the inputs as they were exported: samples first, then a mask over padding, if there is one. */
async function inputsOf(path: string): Promise<{ name: string; mask?: string }> {
  const session = await openSession(path, { device: 'cpu', threads: 1 });
  await session.release();
  const samples = session.inputs.find(({ type }) => type === 'float32');
  const mask = session.inputs.find(({ type }) => type === 'int64');
  if (samples) return { name: samples.name, ...(mask ? { mask: mask.name } : {}) };
  const found = session.inputs.map(({ name, type }) => `${name} of ${type}`).join(', ');
  throw new ModelError(`Expected ${path} to have an input of float32, found: ${found}. Export it with float32 inputs.`);
}

async function read<Schema extends z.ZodType>(
  folder: string,
  file: string,
  schema: Schema,
  otherwise?: z.infer<Schema>,
): Promise<z.infer<Schema>> {
  const path = join(folder, file);
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (otherwise !== undefined && cause.code === 'ENOENT') return undefined;
    throw new ModelError(`Expected ${path}, found no file that can be read. Keep it beside the weights.`, { cause });
  });
  if (text === undefined) return otherwise!;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message;
    throw new ModelError(`${path} is not as its kind is: ${why}. Correct it.`, { cause });
  }
}
