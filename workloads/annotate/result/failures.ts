import type { TrackedFrame } from '../contract.ts';

// The rest is counted: a report is read by people.
const NAMED = 20;

/** Collects on which frames which detector gave no answer. */
export function collectFailures() {
  const byDetector = new Map<string, { count: number; first: number[] }>();
  return {
    note({ frame, failed = [] }: Pick<TrackedFrame, 'frame' | 'failed'>): void {
      for (const detector of failed) {
        const known = byDetector.get(detector) ?? { count: 0, first: [] };
        known.count += 1;
        if (known.first.length < NAMED) known.first.push(frame);
        byDetector.set(detector, known);
      }
    },
    /** What is missing of the result, a sentence each detector. */
    sentences(): string[] {
      return [...byDetector].map(([detector, { count, first }]) => {
        const more = count > first.length ? ` and ${count - first.length} more` : '';
        return `what ${detector} would have found on ${count} ${count === 1 ? 'frame' : 'frames'}: ${first.join(', ')}${more}`;
      });
    },
  };
}
