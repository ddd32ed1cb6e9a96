import { type Rgb, shade } from './colour.ts';
import type { Part } from './mesh.ts';
import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';
import { box, turned } from './solids.ts';

export type Cone = { heightMetres: number; parts: readonly Part[] };

/** A traffic cone: a rubber foot, an orange body with no, one or two white bands, worn to some degree. */
export function inventCone(random: Random, palette: Palette): Cone {
  const height = random.range(0.5, 1);
  const orange = palette.cone(random);
  const white = shade([240, 240, 236], random.range(0.78, 1));
  const foot: Rgb = random.chance(0.5) ? shade(orange, 0.8) : [40, 38, 38];
  const bands = random.int(0, 2);
  const width = height * random.range(0.19, 0.24);
  const cuts: readonly number[] = [
    [0.06, 1],
    [0.06, 0.42, 0.68, 1],
    [0.06, 0.3, 0.47, 0.64, 0.8, 1],
  ][bands]!;
  const rings = cuts.map((share) => [width * (1.02 - 0.84 * share), height * share] as const);
  const colours = cuts.slice(1).map((_, band) => (band % 2 === 0 ? orange : white));
  return {
    heightMetres: height,
    parts: [
      { faces: box(height * 0.52, height * 0.06, height * 0.52, 0, foot), under: true },
      { faces: turned(rings, colours) },
    ],
  };
}
