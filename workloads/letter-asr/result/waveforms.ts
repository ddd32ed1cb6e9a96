import { z } from 'zod';
import { SAMPLE_RATE_HZ } from '../defaults.ts';
import type { JoinedActivity } from './join-results.ts';

/** `waveforms`: what the sound of a phrase looks like, for who draws it below its letters. */
export const waveformSchema = z.object({
  activity: z.string(),
  index: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  /** Loudest sample of each of equal stretches of the phrase, 0 to 100. */
  outline: z.array(z.int()),
});

export type WaveformLine = z.infer<typeof waveformSchema>;

/** A line for each phrase that has a sound, in the order of phrases.jsonl. */
export function waveformLines({ prepared, scored }: Pick<JoinedActivity, 'prepared' | 'scored'>): WaveformLine[] {
  const seconds = new Map(prepared.phrases.map(({ index, samples }) => [index, samples / SAMPLE_RATE_HZ]));
  return Array.from(scored.values(), ({ activity, index, outline }) => ({
    activity,
    index,
    seconds: seconds.get(index)!,
    outline,
  }));
}
