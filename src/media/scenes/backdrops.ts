import type { DrawBackdrop } from './backdrop.ts';
import { frame, houses, scaffold, skyline, warehouse } from './buildings.ts';
import type { Brush } from './canvas.ts';
import { containers, fence, hoarding } from './enclosures.ts';
import { terraces, trees } from './landforms.ts';
import type { View } from './mesh.ts';
import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';

const BACKDROPS = {
  skyline,
  trees,
  hoarding,
  fence,
  containers,
  scaffold,
  frame,
  houses,
  terraces,
  warehouse,
} satisfies Record<string, DrawBackdrop>;

export type Backdrop = keyof typeof BACKDROPS;

export function drawBackdrop(brush: Brush, view: View, kind: Backdrop, random: Random, palette: Palette): void {
  BACKDROPS[kind](brush, view, random, palette);
}
