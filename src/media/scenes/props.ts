import { type Rgb, shade } from './colour.ts';
import type { Part } from './mesh.ts';
import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';
import { box, extrude, rectangle, turned } from './solids.ts';

/** Things of a site that carry no label, some of them a little like things that do. `radius` in metres, on the ground. */
export type Prop = { parts: readonly Part[]; radius: number };

export function inventProp(random: Random, palette: Palette): Prop {
  return random.pick([barrel, crate, crate, pallets, sign, bollard, cabinToilet, skip, tank, pipes, barrier, heap])(
    random,
    palette,
  );
}

function barrel(random: Random, palette: Palette): Prop {
  const colour = palette.paint(random);
  const rings = [
    [0.29, 0],
    [0.3, 0.3],
    [0.3, 0.6],
    [0.29, 0.88],
  ] as const;
  return { parts: [{ faces: turned(rings, [colour, shade(colour, 0.85), colour]) }], radius: 0.4 };
}

function crate(random: Random): Prop {
  const wood = shade([166, 128, 84], random.range(0.6, 1.1));
  const [length, height, width] = [random.range(0.6, 1.8), random.range(0.4, 1.4), random.range(0.6, 1.4)];
  const slats = [0.3, 0.6].map((share) => ({
    profile: rectangle(-length / 2, height * share, length / 2, height * share + 0.05),
    colour: shade(wood, 0.6),
  }));
  return { parts: [{ faces: box(length, height, width, 0, wood, { sides: slats }) }], radius: length * 0.7 };
}

function pallets(random: Random, palette: Palette): Prop {
  const wood = shade([172, 138, 96], random.range(0.7, 1.05));
  const goods = random.chance(0.5) ? palette.paint(random) : shade([160, 158, 150], random.range(0.7, 1.1));
  const height = random.range(0.3, 1.3);
  return {
    parts: [{ faces: box(1.2, 0.15, 1, 0, wood), under: true }, { faces: box(1.1, height, 0.9, 0.15, goods) }],
    radius: 0.9,
  };
}

function sign(random: Random, palette: Palette): Prop {
  const colour = random.chance(0.5) ? ([236, 236, 232] as const) : palette.paint(random);
  const height = random.range(1.4, 2.4);
  const board = random.range(0.5, 1);
  const picture = rectangle(-board * 0.3, height - board * 0.5, board * 0.3, height - board * 0.2);
  return {
    parts: [
      { faces: box(0.07, height, 0.07, 0, [110, 112, 115]), under: true },
      {
        faces: extrude(rectangle(-board / 2, height - board * 0.75, board / 2, height), -0.06, -0.03, colour, {
          sides: [{ profile: picture, colour: palette.paint(random) }],
        }),
      },
    ],
    radius: 0.5,
  };
}

function bollard(random: Random, palette: Palette): Prop {
  const colour = random.chance(0.5) ? shade([150, 150, 148], random.range(0.6, 1.2)) : palette.paint(random);
  const height = random.range(0.7, 1.2);
  const rings = [
    [0.1, 0],
    [0.1, height * 0.7],
    [0.1, height * 0.85],
    [0.1, height],
  ] as const;
  return { parts: [{ faces: turned(rings, [colour, [230, 230, 226], colour]) }], radius: 0.3 };
}

function cabinToilet(random: Random, palette: Palette): Prop {
  const colour = palette.paint(random);
  const door = rectangle(-0.4, 0.2, 0.4, 2);
  const faces = box(1.15, 2.25, 1.15, 0, colour, { sides: [{ profile: door, colour: shade(colour, 0.82) }] });
  return { parts: [{ faces }, { faces: box(1.2, 0.12, 1.2, 2.25, [225, 226, 224]) }], radius: 1 };
}

function skip(random: Random, palette: Palette): Prop {
  const colour = palette.paint(random);
  const inside: Rgb = [88, 78, 66];
  const faces = extrude(
    [
      [-1.3, 0],
      [1.3, 0],
      [1.9, 1.3],
      [-1.9, 1.3],
    ],
    -0.85,
    0.85,
    colour,
    {
      edges: { 2: inside },
      sides: [{ profile: rectangle(-1.7, 1.1, 1.7, 1.2), colour: shade(colour, 0.7) }],
    },
  );
  return { parts: [{ faces }], radius: 2.1 };
}

function tank(random: Random, palette: Palette): Prop {
  const colour = random.chance(0.6) ? shade([228, 230, 230], random.range(0.8, 1)) : palette.paint(random);
  const height = random.range(1, 1.4);
  return {
    parts: [
      { faces: box(1.2, 0.14, 1, 0, [90, 88, 84]), under: true },
      { faces: box(1.15, height, 0.95, 0.14, colour) },
    ],
    radius: 0.9,
  };
}

function pipes(random: Random, palette: Palette): Prop {
  const colour = random.chance(0.5) ? shade([150, 148, 144], random.range(0.7, 1.1)) : palette.paint(random);
  const length = random.range(2, 4.5);
  const parts = [0, 0.32, 0.64].map((bottom, row) => ({
    faces: box(length, 0.28, 1.1 - row * 0.3, bottom, shade(colour, 1 - row * 0.06)),
    under: row === 0,
  }));
  return { parts, radius: length / 2 };
}

function barrier(random: Random, palette: Palette): Prop {
  const colour = random.chance(0.6) ? shade([170, 168, 162], random.range(0.8, 1.1)) : palette.paint(random);
  const length = random.range(1.6, 3);
  const faces = box(length, 0.8, 0.35, 0, colour, {
    sides: [{ profile: rectangle(-length * 0.45, 0.5, length * 0.45, 0.65), colour: [228, 228, 224] }],
  });
  return { parts: [{ faces }], radius: length / 2 };
}

function heap(random: Random): Prop {
  const colour = shade([140, 118, 92], random.range(0.6, 1.2));
  const radius = random.range(0.8, 2.2);
  const rings = [
    [radius, 0],
    [radius * 0.75, radius * 0.28],
    [radius * 0.4, radius * 0.5],
    [0.08, radius * 0.62],
  ] as const;
  return { parts: [{ faces: turned(rings, [colour, shade(colour, 1.05)], 10) }], radius };
}
