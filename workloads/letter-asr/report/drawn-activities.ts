import type { ScoredPhrase } from '../contract.ts';
import { SAMPLE_RATE_HZ } from '../defaults.ts';
import type { ActivityResults } from '../result/activity-results.ts';
import type { JoinedActivity } from '../result/join-results.ts';

/** An activity as the report draws it. */
export interface DrawnActivity {
  results: ActivityResults;
  phrases: { index: number; seconds: number; scored: ScoredPhrase | undefined }[];
  /** Phrases beyond those that are drawn. */
  undrawn: number;
}

// A page of more than this is read by nobody, and every waveform takes 2 KB of it.
const MOST_PHRASES = 120;
const MOST_ACTIVITIES = 40;

/** Keeps an activity for the report, while there is room; the first ones are drawn, the rest is in the documents. */
export function keepForReport(drawn: DrawnActivity[], { prepared, scored, results }: JoinedActivity): void {
  const used = drawn.reduce((sum, { phrases }) => sum + phrases.length, 0);
  if (drawn.length >= MOST_ACTIVITIES || used >= MOST_PHRASES) return;
  const shown = prepared.phrases.slice(0, MOST_PHRASES - used);
  drawn.push({
    results,
    phrases: shown.map(({ index, samples }) => ({
      index,
      seconds: samples / SAMPLE_RATE_HZ,
      scored: scored.get(index),
    })),
    undrawn: prepared.phrases.length - shown.length,
  });
}
