import { scaleAt } from './camera.ts';
import type { Brush, Canvas } from './canvas.ts';
import { mix, type Rgb, shade } from './colour.ts';
import { atDistance } from './light.ts';
import type { View } from './mesh.ts';
import { latticeNoise, valueNoise } from './noise.ts';

export type Ground = {
  /** Two colours that patches of `patchMetres` move between. */
  colours: readonly [Rgb, Rgb];
  patchMetres: number;
  /** How strongly single grains of `grainMetres` differ (0 to 1). */
  grain: number;
  grainMetres: number;
  marks: 'none' | 'lanes' | 'slabs' | 'ruts';
  seed: number;
};

/** Paints every pixel below the horizon with the ground that it shows. */
export function drawGround({ canvas }: Brush, view: View, ground: Ground): void {
  const { camera, light } = view;
  for (let row = Math.max(0, Math.ceil(camera.horizon)); row < canvas.height; row++) {
    const z = (camera.focal * camera.eyeHeight) / (row + 0.5 - camera.horizon);
    // Grains smaller than a pixel average out.
    const grain = ground.grain * Math.min(1, (ground.grainMetres * scaleAt(camera, z)) / 1.2);
    const near = atDistance(light, ground.colours[0], z);
    const far = atDistance(light, ground.colours[1], z);
    drawRow(canvas, row, z, view, ground, grain, near, far);
  }
}

function drawRow(
  canvas: Canvas,
  row: number,
  z: number,
  { camera }: View,
  ground: Ground,
  grain: number,
  a: Rgb,
  b: Rgb,
) {
  const step = z / camera.focal;
  let byte = row * canvas.width * 3;
  for (let column = 0; column < canvas.width; column++, byte += 3) {
    const x = (column + 0.5 - camera.width / 2) * step;
    const patch =
      0.65 * valueNoise(x / ground.patchMetres, z / ground.patchMetres, ground.seed) +
      0.35 * valueNoise((x / ground.patchMetres) * 3.7, (z / ground.patchMetres) * 3.7, ground.seed + 1);
    const fine = valueNoise(x / ground.grainMetres, z / ground.grainMetres, ground.seed + 2) - 0.5;
    const speck = latticeNoise(column, row, ground.seed + 3) - 0.5;
    const factor = (1 + grain * fine + 0.06 * speck) * markFactor(ground, x, z);
    const share = Math.min(1, Math.max(0, (patch - 0.25) * 2));
    canvas.rgb[byte] = Math.min(255, (a[0] + (b[0] - a[0]) * share) * factor);
    canvas.rgb[byte + 1] = Math.min(255, (a[1] + (b[1] - a[1]) * share) * factor);
    canvas.rgb[byte + 2] = Math.min(255, (a[2] + (b[2] - a[2]) * share) * factor);
  }
}

function markFactor({ marks, seed }: Ground, x: number, z: number): number {
  switch (marks) {
    case 'none':
      return 1;
    case 'lanes': {
      const lane = Math.abs(x - 3.6 * Math.floor(x / 3.6 + 0.5));
      return lane < 0.07 && z - 6 * Math.floor(z / 6) < 3.2 ? 1.75 : 1;
    }
    case 'slabs': {
      const u = x - 4 * Math.floor(x / 4);
      const v = z - 4 * Math.floor(z / 4);
      const tone = 0.95 + 0.1 * latticeNoise(Math.floor(x / 4), Math.floor(z / 4), seed);
      return u < 0.05 || v < 0.09 ? 0.72 : tone;
    }
    case 'ruts': {
      const wander = 1.5 * valueNoise(z / 9, 0, seed + 4);
      const u = Math.abs(x + wander - 5 * Math.floor((x + wander) / 5 + 0.5));
      return u > 0.75 && u < 1.15 ? 0.82 : 1;
    }
  }
}

/** A ground colour pair from one colour: as is, and `depth` darker. */
export function tones(colour: Rgb, depth: number): readonly [Rgb, Rgb] {
  return [shade(colour, 1 + depth / 2), mix(shade(colour, 1 - depth), colour, 0.2)];
}
