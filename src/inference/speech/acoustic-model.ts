import { setImmediate as turn } from 'node:timers/promises';
import type { AcousticModelDescription, VerifiedAcousticModel } from '../models.ts';
import { openSession, type Session, type SessionOptions } from '../session.ts';
import { type BatchLimits, batchesOf } from './batches.ts';
import { normaliserFor } from './normalise.ts';
import { openTensors } from './speech-tensors.ts';
import { piecesOf, stitched, type WindowRule } from './windows.ts';

/** What a model says of one recording: a row of scores for its tokens each `frameSeconds`. */
export interface Logits {
  frames: number;
  tokens: number;
  /** Row by row, `frames` times `tokens`. */
  values: Float32Array;
  /** What answered: `local`, or the name of an endpoint. */
  engine: string;
}

/** Hears recordings of one channel at the model's sample rate, samples from -1 to 1. */
export interface AcousticModel {
  /** By their place in a row of logits. */
  tokens: readonly string[];
  blank: string;
  separator: string;
  sampleRateHz: number;
  frameSeconds: number;
  /**
   * The logits of each recording, in their order.
   * @throws MediaError for samples that are no numbers, ModelError for a model that is not what model.json says or whose
   * answer is no number, the signal's reason when it aborts.
   */
  hear(utterances: readonly Float32Array[], signal?: AbortSignal): Promise<Logits[]>;
  close(): Promise<void>;
}

export interface AcousticModelOptions extends Partial<WindowRule>, Partial<BatchLimits> {}

/** The engine of a model that runs on this machine. */
export const LOCAL_ENGINE = 'local';

// A large model of the wav2vec2 kind hears a minute in some 500 MB.
const DEFAULTS = { windowSeconds: 30, overlapSeconds: 4, batchUtterances: 1, batchSeconds: 60 };
// A processor is as quick with one recording at a time, whose logits then don't depend, in their last digits, on what else
// was heard with it; a GPU is not.
const GPU_BATCH = 8;

/** Opens a model whose weights were checked. @throws ModelError when the model is not what model.json says. */
export async function openAcousticModel(
  model: VerifiedAcousticModel,
  { device, threads, ...options }: SessionOptions & AcousticModelOptions,
): Promise<AcousticModel> {
  const session = await openSession(model.weightsPath, { device, threads });
  try {
    const batchUtterances = device === 'gpu' ? GPU_BATCH : DEFAULTS.batchUtterances;
    return acousticModelOn(session, model, { batchUtterances, ...options, engine: LOCAL_ENGINE });
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
}

/** A model on a session that is open already, wherever it runs. @throws ModelError when the two do not fit. */
export function acousticModelOn(
  session: Session,
  model: AcousticModelDescription,
  { engine, ...options }: AcousticModelOptions & { engine: string },
): AcousticModel {
  const { input, output, classes } = model;
  const rule = { ...DEFAULTS, ...options };
  const tensors = openTensors(session, model);
  const normalise = normaliserFor(input);

  return {
    tokens: classes,
    blank: output.blank,
    separator: output.separator,
    sampleRateHz: input.sampleRateHz,
    frameSeconds: output.frameSamples / input.sampleRateHz,
    async hear(utterances, signal) {
      // Over the whole recording, so that all of its windows are scaled alike.
      const pieces = utterances.map(normalise).map((samples) => piecesOf(samples, model, rule));
      const heard = new Map<Float32Array, Float32Array>();
      for (const batch of batchesOf(pieces.flat(), tensors.canMix, { ...rule, sampleRateHz: input.sampleRateHz })) {
        // The runtime holds the thread while it works: here an abort can come in.
        await turn();
        signal?.throwIfAborted();
        const rows = await tensors.run(batch.map(({ samples }) => samples));
        for (const [at, { samples }] of batch.entries()) heard.set(samples, rows[at]!);
      }
      return pieces.map((ofOne) => {
        const values = stitched(
          ofOne.map((piece) => ({ ...piece, values: heard.get(piece.samples)! })),
          classes.length,
        );
        return { frames: values.length / classes.length, tokens: classes.length, values, engine };
      });
    },
    close: () => session.release(),
  };
}
