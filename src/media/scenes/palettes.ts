import { hsv, type Rgb } from './colour.ts';
import type { Random } from './random.ts';

/** Training and held-out scenes paint with hues from arcs that do not meet. */
export type PaletteName = 'training' | 'held-out';

export type Palette = {
  /** Cars, lorries, containers, boards. */
  paint(random: Random): Rgb;
  /** Diggers and loaders: safety yellows and their neighbours. */
  machine(random: Random): Rgb;
  cloth(random: Random): Rgb;
  vest(random: Random): Rgb;
  helmet(random: Random): Rgb;
  cone(random: Random): Rgb;
};

type Arc = readonly [from: number, to: number];

type Arcs = { paint: readonly Arc[]; machine: readonly Arc[]; orange: Arc; lime: Arc };

/** Hues in turns. The arcs of one palette share no hue with the other's. */
export const HUE_ARCS: Record<PaletteName, Arcs> = {
  training: {
    paint: [
      [0.96, 1.01],
      [0.1, 0.16],
      [0.3, 0.4],
      [0.52, 0.63],
      [0.74, 0.82],
    ],
    machine: [
      [0.11, 0.15],
      [0.02, 0.045],
    ],
    orange: [0.025, 0.055],
    lime: [0.17, 0.21],
  },
  'held-out': {
    paint: [
      [0.05, 0.09],
      [0.2, 0.28],
      [0.42, 0.5],
      [0.65, 0.72],
      [0.85, 0.94],
    ],
    machine: [
      [0.065, 0.1],
      [0.155, 0.165],
    ],
    orange: [0.056, 0.07],
    lime: [0.215, 0.24],
  },
};

export function paletteNamed(name: PaletteName): Palette {
  const arcs = HUE_ARCS[name];
  const hueIn = (random: Random, [from, to]: Arc) => random.range(from, to);
  const grey = (random: Random): Rgb => {
    const value = random.range(25, 235);
    return [value, value + random.range(-4, 4), value + random.range(-6, 8)];
  };
  const helmets: readonly ((random: Random) => Rgb)[] = [
    (random) => hsv(0.14, random.range(0, 0.08), random.range(0.88, 0.97)),
    (random) => hsv(hueIn(random, arcs.machine[0]!), 0.85, random.range(0.85, 0.95)),
    (random) => hsv(hueIn(random, random.pick(arcs.paint)), 0.8, random.range(0.55, 0.85)),
  ];
  return {
    paint: (random) =>
      random.chance(0.45)
        ? grey(random)
        : hsv(hueIn(random, random.pick(arcs.paint)), random.range(0.45, 0.9), random.range(0.3, 0.85)),
    machine: (random) =>
      random.chance(0.85)
        ? hsv(hueIn(random, random.pick(arcs.machine)), random.range(0.75, 0.95), random.range(0.75, 0.95))
        : hsv(hueIn(random, random.pick(arcs.paint)), random.range(0.6, 0.8), random.range(0.5, 0.8)),
    cloth: (random) =>
      random.chance(0.5)
        ? grey(random)
        : hsv(hueIn(random, random.pick(arcs.paint)), random.range(0.2, 0.75), random.range(0.15, 0.75)),
    vest: (random) =>
      random.chance(0.5)
        ? hsv(hueIn(random, arcs.orange), random.range(0.85, 1), random.range(0.88, 1))
        : hsv(hueIn(random, arcs.lime), random.range(0.75, 0.95), random.range(0.85, 1)),
    helmet: (random) => random.pick(helmets)(random),
    cone: (random) => hsv(hueIn(random, arcs.orange) - 0.01, random.range(0.82, 1), random.range(0.75, 1)),
  };
}
