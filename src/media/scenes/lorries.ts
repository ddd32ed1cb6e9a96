import { mix, type Rgb, shade } from './colour.ts';
import type { Part } from './mesh.ts';
import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';
import { circle, extrude, type Profile, rectangle } from './solids.ts';
import { GLASS, type Vehicle } from './vehicle.ts';
import { wheelPictures, wheels } from './wheels.ts';

export function lorry(random: Random, palette: Palette): Vehicle {
  const cab = palette.paint(random);
  const cargo = random.chance(0.5) ? shade([230, 230, 226], random.range(0.8, 1)) : palette.paint(random);
  const length = random.range(6.8, 8.6);
  const h = length / 2;
  const height = random.range(2.9, 3.5);
  const load = rectangle(-h, 1.05, h - 2, height);
  const stripe = rectangle(-h * 0.9, 1.9, h - 2.3, random.range(2.1, 2.5));
  const faces = extrude(load, -1.22, 1.22, cargo, {
    sides: random.chance(0.6) ? [{ profile: stripe, colour: palette.paint(random) }] : [],
  });
  return {
    parts: [...chassis(h), { faces }, cabin(h, cab)],
    length,
    width: 2.45,
    height,
  };
}

export function tipper(random: Random, palette: Palette): Vehicle {
  const cab = random.chance(0.5) ? palette.machine(random) : palette.paint(random);
  const tub = random.chance(0.5) ? palette.machine(random) : shade([120, 122, 126], random.range(0.6, 1.1));
  const length = random.range(6.4, 7.6);
  const h = length / 2;
  const height = 2.75;
  const body: Profile = [
    [-h + 0.5, 1.05],
    [h - 2, 1.05],
    [h - 1.85, height - 0.3],
    [-h, height - 0.3],
  ];
  const ribs = [0.15, 0.4, 0.65, 0.9].map((share) => {
    const x = -h + 0.5 + share * (length - 2.6);
    return { profile: rectangle(x - 0.05, 1.1, x + 0.05, height - 0.35), colour: shade(tub, 0.7) };
  });
  const faces = extrude(body, -1.22, 1.22, tub, {
    sides: ribs,
    edges: { 2: shade(mix(tub, [110, 95, 75], 0.8), 0.8) },
  });
  return { parts: [...chassis(h), { faces }, cabin(h, cab)], length, width: 2.45, height };
}

function chassis(h: number): Part[] {
  const axles = [-h * 0.72, -h * 0.72 + 1.25, h - 1.3];
  const frame = extrude(rectangle(-h, 0.6, h, 1.05), -1.1, 1.1, [52, 52, 55], {
    sides: wheelPictures(axles, 0.52),
  });
  return [{ ...wheels(axles, 0.52, 2.3) }, { faces: frame, under: true }];
}

function cabin(h: number, colour: Rgb): Part {
  const cab: Profile = [
    [h - 1.9, 0.75],
    [h, 0.75],
    [h, 1.6],
    [h - 0.15, 2.65],
    [h - 1.9, 2.65],
  ];
  const window: Profile = [
    [h - 1.1, 1.65],
    [h - 0.15, 1.65],
    [h - 0.28, 2.4],
    [h - 1.1, 2.4],
  ];
  return {
    faces: extrude(cab, -1.2, 1.2, colour, {
      edges: { 2: GLASS },
      sides: [
        { profile: window, colour: GLASS },
        { profile: circle(h - 1.3, 0.52, 0.6).map(([x, y]) => [x, Math.max(0.75, y)] as const), colour: [20, 20, 22] },
      ],
    }),
  };
}
