import { mix, type Rgb, shade } from './colour.ts';
import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';

/** A figure's looks. Lengths are shares of its height. */
export type Person = {
  heightMetres: number;
  build: number;
  pose: 'walk' | 'stand' | 'point' | 'bend' | 'crouch' | 'carry';
  skin: Rgb;
  hair: Rgb;
  jacket: Rgb;
  trousers: Rgb;
  boots: Rgb;
  vest: Rgb | undefined;
  helmet: Rgb | undefined;
  load: Rgb;
};

const SKINS: readonly Rgb[] = [
  [236, 196, 170],
  [214, 164, 128],
  [176, 122, 86],
  [120, 80, 56],
  [84, 56, 42],
];
const HAIR: readonly Rgb[] = [
  [30, 24, 22],
  [70, 48, 32],
  [140, 110, 70],
  [120, 118, 116],
];

export function inventPerson(random: Random, palette: Palette, walking: boolean): Person {
  return {
    heightMetres: random.range(1.56, 1.95),
    build: random.range(0.88, 1.3),
    pose: walking
      ? random.pick(['walk', 'walk', 'walk', 'carry'])
      : random.pick(['stand', 'point', 'bend', 'crouch', 'stand', 'walk']),
    skin: random.pick(SKINS),
    hair: random.pick(HAIR),
    jacket: palette.cloth(random),
    trousers: random.chance(0.6) ? mix([38, 44, 62], [70, 64, 56], random.next()) : palette.cloth(random),
    boots: shade([72, 52, 36], random.range(0.4, 1.1)),
    vest: random.chance(0.62) ? palette.vest(random) : undefined,
    helmet: random.chance(0.7) ? palette.helmet(random) : undefined,
    load: random.pick([
      [150, 112, 70],
      [120, 122, 125],
      [196, 170, 120],
    ] as const),
  };
}
