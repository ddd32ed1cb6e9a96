import type { Contrast } from './local-contrast.ts';

export type InkKind = 'light' | 'dark';

/** A patch of connected pixels that are all lighter, or all darker, than their surroundings; x2 and y2 are outside of it. */
export interface Blob {
  ink: InkKind;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  pixels: number;
  /** Pixels with a neighbour outside of the patch: above, below, left or right. */
  edge: number;
}

/** The 8-connected patches of pixels that stand out by more than `contrast`, in the order of their first pixels. */
export function blobsOf({ width, height, differences }: Contrast, contrast: number): Blob[] {
  const kinds = new Uint8Array(differences.length);
  for (let at = 0; at < kinds.length; at += 1) {
    const difference = differences[at]!;
    kinds[at] = difference > contrast ? 1 : difference < -contrast ? 2 : 0;
  }
  const seen = new Uint8Array(kinds.length);
  const stack = new Int32Array(kinds.length);
  const blobs: Blob[] = [];
  for (let start = 0; start < kinds.length; start += 1) {
    const kind = kinds[start]!;
    if (kind === 0 || seen[start]) continue;
    const blob: Blob = { ink: kind === 1 ? 'light' : 'dark', x1: width, y1: height, x2: 0, y2: 0, pixels: 0, edge: 0 };
    let depth = 0;
    seen[start] = 1;
    stack[depth++] = start;
    while (depth > 0) {
      const at = stack[--depth]!;
      const x = at % width;
      const y = (at - x) / width;
      blob.pixels += 1;
      if (x < blob.x1) blob.x1 = x;
      if (y < blob.y1) blob.y1 = y;
      if (x >= blob.x2) blob.x2 = x + 1;
      if (y >= blob.y2) blob.y2 = y + 1;
      const isInside = x > 0 && y > 0 && x < width - 1 && y < height - 1;
      if (
        !isInside ||
        kinds[at - 1] !== kind ||
        kinds[at + 1] !== kind ||
        kinds[at - width] !== kind ||
        kinds[at + width] !== kind
      ) {
        blob.edge += 1;
      }
      for (let ny = y > 0 ? y - 1 : y; ny <= y + 1 && ny < height; ny += 1) {
        for (let nx = x > 0 ? x - 1 : x; nx <= x + 1 && nx < width; nx += 1) {
          const next = ny * width + nx;
          if (seen[next] || kinds[next] !== kind) continue;
          seen[next] = 1;
          stack[depth++] = next;
        }
      }
    }
    blobs.push(blob);
  }
  return blobs;
}
