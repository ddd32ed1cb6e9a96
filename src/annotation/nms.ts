import type { Candidate } from './detections.ts';

export interface SuppressionRule {
  /** A box goes when it overlaps a better one of its class by more than this; 0 keeps only boxes that touch nothing. */
  iou: number;
  /** How many boxes to keep at most, of all classes together. */
  maxDetections: number;
}

/**
 * Greedy, class-aware non-maximum suppression: the best box first, ties in the order they came, and no later box of
 * the same class that overlaps a kept one by more than `iou`.
 * @returns the kept candidates, best first.
 */
export function suppress<T extends Candidate>(candidates: readonly T[], { iou, maxDetections }: SuppressionRule): T[] {
  const kept: T[] = [];
  const keptOfClass = new Map<number, KeptBoxes>();
  for (const candidate of bestFirst(candidates)) {
    if (kept.length >= maxDetections) break;
    const rivals = keptOfClass.get(candidate.classIndex) ?? new KeptBoxes();
    if (rivals.overlap(candidate, iou)) continue;
    rivals.add(candidate);
    keptOfClass.set(candidate.classIndex, rivals);
    kept.push(candidate);
  }
  return kept;
}

/** Candidates by falling score; equal scores keep their order. */
export function bestFirst<T extends { score: number }>(candidates: readonly T[]): T[] {
  return candidates.toSorted((a, b) => b.score - a.score);
}

/** The kept boxes of one class as plain numbers, five a box, which the inner loop reads several times faster. */
class KeptBoxes {
  readonly #numbers: number[] = [];

  add({ corners: [x1, y1, x2, y2] }: Candidate): void {
    this.#numbers.push(x1, y1, x2, y2, (x2 - x1) * (y2 - y1));
  }

  overlap({ corners: [x1, y1, x2, y2] }: Candidate, limit: number): boolean {
    const numbers = this.#numbers;
    const area = (x2 - x1) * (y2 - y1);
    for (let at = 0; at < numbers.length; at += 5) {
      const width = Math.min(x2, numbers[at + 2]!) - Math.max(x1, numbers[at]!);
      if (width <= 0) continue;
      const height = Math.min(y2, numbers[at + 3]!) - Math.max(y1, numbers[at + 1]!);
      if (height <= 0) continue;
      const shared = width * height;
      if (shared / (area + numbers[at + 4]! - shared) > limit) return true;
    }
    return false;
  }
}
