import { MediaError } from '#core/errors';
import type { AcousticModelDescription } from '../models.ts';

// Keeps digital silence at zero, and is nothing beside any speech.
const LEAST_DEVIATION = 1e-5;

/**
 * Brings a recording to the scale and the shortest length that the model was trained with. Done here for every engine, so
 * that none of them gets other samples. @throws MediaError for samples that are no numbers.
 */
export function normaliserFor({
  normalise,
  minSamples,
}: Pick<AcousticModelDescription['input'], 'normalise' | 'minSamples'>): (samples: Float32Array) => Float32Array {
  return (samples) => {
    const { mean, deviation } = momentsOf(samples);
    // A new array even where nothing changes: the caller's stays its own.
    const scaled = new Float32Array(Math.max(minSamples, samples.length));
    if (normalise === 'none') scaled.set(samples);
    else
      for (let at = 0; at < samples.length; at += 1) scaled[at] = (samples[at]! - mean) / (deviation + LEAST_DEVIATION);
    return scaled;
  };
}

function momentsOf(samples: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  for (let at = 0; at < samples.length; at += 1) sum += samples[at]!;
  if (!Number.isFinite(sum)) throw notNumbers(samples);
  const mean = sum / Math.max(1, samples.length);
  let squares = 0;
  for (let at = 0; at < samples.length; at += 1) squares += (samples[at]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / Math.max(1, samples.length)) };
}

function notNumbers(samples: Float32Array): MediaError {
  const at = samples.findIndex((sample) => !Number.isFinite(sample));
  return new MediaError(
    `Expected samples from -1 to 1, found ${samples[at]} at sample ${at}. Convert the recording again.`,
    { details: { at } },
  );
}
