import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AcousticModelDescription, loadAcousticModel, type VerifiedAcousticModel } from '#inference/models';
import { type Node, onnxModel, type Shape } from './onnx-model.ts';

/** Samples of a frame, and from one to the next. */
export const FRAME = 320;

// Tokens lie so far from each other in loudness, and the nearest one wins by so much.
const STEP = 1 / 64;
const SHARPNESS = 40_000;

export const TINY_TOKENS = ['<pad>', '|', 'b', 'd', 'iː', 'eɪ', 's', 'k'];

export interface TinyLetters {
  tokens?: readonly string[];
  /** How many tokens the graph has logits for, if not as many as there are. */
  logits?: number;
  /** The shape that the graph says its input has. */
  shape?: Shape;
  mask?: boolean;
  /** A frame is heard together with so many before and after it, as networks do. */
  around?: number;
  description?: {
    input?: Partial<AcousticModelDescription['input']>;
    output?: Partial<AcousticModelDescription['output']>;
  };
}

/**
 * A CTC model that hears each frame as the token whose loudness is the nearest: enough to know what must come out, and
 * quick. Its logits are linear in the samples: -(x - c)² without the x² that all tokens share.
 */
export async function tinyLetters(folder: string, options: TinyLetters = {}): Promise<VerifiedAcousticModel> {
  const { tokens = TINY_TOKENS, description = {}, mask = false } = options;
  const onnx = graph({ ...options, tokens });
  const place = join(folder, 'tiny-letters');
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'model.onnx'), onnx);
  const model = {
    name: 'tiny-letters',
    version: '1.0.0',
    task: 'automatic-speech-recognition',
    license: 'Apache-2.0',
    weights: { file: 'model.onnx', sha256: createHash('sha256').update(onnx).digest('hex') },
    classes: tokens,
    input: {
      name: 'samples',
      ...(mask ? { mask: 'attention_mask' } : {}),
      sampleRateHz: 16_000,
      normalise: 'none',
      minSamples: FRAME,
      ...description.input,
    },
    output: { frameSamples: FRAME, firstFrameSamples: options.around ? 0 : FRAME, ...description.output },
  };
  await writeFile(join(place, 'model.json'), JSON.stringify(model));
  return loadAcousticModel(place);
}

/** Samples that a tiny model hears as this path, a frame a token. */
export function spoken(path: readonly string[], tokens: readonly string[] = TINY_TOKENS): Float32Array {
  const samples = new Float32Array(path.length * FRAME);
  for (const [at, token] of path.entries()) samples.fill(tokens.indexOf(token) * STEP, at * FRAME, (at + 1) * FRAME);
  return samples;
}

function graph({
  tokens = TINY_TOKENS,
  logits = tokens.length,
  shape = ['batch', 'samples'],
  mask = false,
  around = 0,
}: TinyLetters): Buffer {
  const kernel = around > 0 ? (2 * around + 1) * FRAME : FRAME;
  const weight = Float32Array.from({ length: logits * kernel }, (_, at) => {
    return (2 * SHARPNESS * STEP * Math.floor(at / kernel)) / kernel;
  });
  const unmasked: Node[] = [
    { op: 'Unsqueeze', inputs: [mask ? 'masked' : 'samples', 'one'], output: 'channel' },
    {
      op: 'Conv',
      inputs: ['channel', 'weight', 'bias'],
      output: 'scores',
      // So padded that a frame more comes out than fits, as in a network that centres its frames.
      ints: { kernel_shape: [kernel], strides: [FRAME], ...(around > 0 ? { pads: [kernel / 2, kernel / 2] } : {}) },
    },
    { op: 'Transpose', inputs: ['scores'], output: 'logits', ints: { perm: [0, 2, 1] } },
  ];
  const masking: Node[] = [
    { op: 'Cast', inputs: ['attention_mask'], output: 'kept', ints: { to: 1 } },
    { op: 'Mul', inputs: ['samples', 'kept'], output: 'masked' },
  ];
  return onnxModel({
    inputs: [{ name: 'samples', shape }, ...(mask ? [{ name: 'attention_mask', shape, type: 'int64' as const }] : [])],
    outputs: [{ name: 'logits', shape: [shape[0]!, 'frames', logits] }],
    nodes: mask ? [...masking, ...unmasked] : unmasked,
    constants: {
      one: { shape: [1], data: [1], type: 'int64' },
      weight: { shape: [logits, 1, kernel], data: weight },
      bias: { shape: [logits], data: Array.from({ length: logits }, (_, at) => -SHARPNESS * (at * STEP) ** 2) },
    },
  });
}
