import { scaleAt } from './camera.ts';
import type { Brush } from './canvas.ts';
import type { View } from './mesh.ts';
import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';

/** Draws one kind of background across the whole picture. */
export type DrawBackdrop = (brush: Brush, view: View, random: Random, palette: Palette) => void;

/** Metres across the picture at a distance, from its left edge to its right edge. */
export function span({ camera }: View, z: number): [number, number] {
  const half = camera.width / 2 / scaleAt(camera, z);
  return [-half, half];
}
