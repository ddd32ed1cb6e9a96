import { shade } from './colour.ts';
import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';
import { box, circle, extrude, type Profile, rectangle } from './solids.ts';
import { GLASS, type Vehicle } from './vehicle.ts';
import { TYRE } from './wheels.ts';

export function excavator(random: Random, palette: Palette): Vehicle {
  const colour = palette.machine(random);
  const dark = shade(colour, 0.35);
  const track: Profile = [
    [-1.5, 0],
    [1.5, 0],
    [1.9, 0.4],
    [1.5, 0.85],
    [-1.5, 0.85],
    [-1.9, 0.4],
  ];
  const rollers = [-1.1, -0.4, 0.3, 1].map((x) => ({
    profile: circle(x, 0.4, 0.22, 8),
    colour: [70, 70, 72] as const,
  }));
  const tracks = [-1.35, 0.8].flatMap((z) => extrude(track, z, z + 0.55, [40, 39, 38], { sides: rollers }));
  const house = box(2.6, 1, 2.3, 0.95, colour, {
    sides: [{ profile: rectangle(-1.25, 1, -0.4, 1.8), colour: dark }],
  }).map((face) => ({ ...face, points: face.points.map(([x, y, z]) => [x - 0.5, y, z] as const) }));
  const cabProfile: Profile = [
    [-0.5, 1.1],
    [0.9, 1.1],
    [0.9, 2],
    [0.6, 2.75],
    [-0.5, 2.75],
  ];
  const cab = extrude(cabProfile, -1.15, -0.1, colour, {
    edges: { 1: GLASS, 2: GLASS },
    sides: [
      { profile: rectangle(-0.35, 1.75, 0.2, 2.6), colour: GLASS },
      {
        profile: [
          [0.28, 1.4],
          [0.8, 1.4],
          [0.8, 2],
          [0.54, 2.6],
          [0.28, 2.6],
        ],
        colour: GLASS,
      },
    ],
  });
  const lift = random.range(-0.5, 0.9);
  const reach = random.range(-0.6, 0.8);
  const elbow = [3 + reach * 0.4, 4 + lift] as const;
  const wrist = [4.4 + reach, 1.6 + lift] as const;
  const boom = limb([0.7, 1.6], [1.8, 3.7 + lift * 0.9], 0.5).concat(limb([1.8, 3.7 + lift * 0.9], elbow, 0.42));
  const arms = [...boom, ...limb([elbow[0] - 0.4, elbow[1] + 0.2], wrist, 0.34)].map((profile) =>
    extrude(profile, 0.05, 0.45, colour),
  );
  const [bx, by] = wrist;
  const bucket = extrude(
    [
      [bx - 0.9, by - 0.9],
      [bx - 0.1, by - 1.1],
      [bx + 0.25, by],
      [bx - 0.15, by + 0.15],
    ],
    -0.35,
    0.85,
    [74, 72, 70],
  );
  return {
    parts: [
      { faces: tracks, under: true },
      { faces: house },
      { faces: cab },
      ...arms.map((faces) => ({ faces })),
      { faces: bucket },
    ],
    length: 5,
    width: 2.7,
    height: 2.75,
  };
}

export function loader(random: Random, palette: Palette): Vehicle {
  const colour = palette.machine(random);
  const body: Profile = [
    [-2.7, 0.8],
    [1, 0.8],
    [1, 1.5],
    [-0.4, 1.75],
    [-2.7, 1.75],
  ];
  const axles = [-1.7, 1.2];
  const hull = extrude(body, -1.1, 1.1, colour, {
    sides: [{ profile: rectangle(-2.5, 1.1, -1.2, 1.6), colour: shade(colour, 0.4) }],
  });
  const cab = extrude(rectangle(-0.9, 1.7, 0.5, 3.1), -0.75, 0.75, colour, {
    edges: { 1: GLASS },
    sides: [{ profile: rectangle(-0.75, 1.85, 0.38, 2.9), colour: GLASS }],
  });
  const lift = random.range(0, 1.2);
  const arms = limb([0.7, 1.4], [2.6, 0.75 + lift], 0.3).map((profile) => extrude(profile, -0.5, 0.5, colour));
  const bucket = extrude(
    [
      [2.4, 0.2 + lift],
      [3.5, 0.15 + lift],
      [2.75, 0.7 + lift],
      [2.7, 1.3 + lift],
      [2.4, 1.1 + lift],
    ],
    -1.3,
    1.3,
    shade(colour, 0.8),
  );
  const tyres = axles.flatMap((x) =>
    [-1.3, 0.75].flatMap((z) =>
      extrude(circle(x, 0.72, 0.72), z, z + 0.55, TYRE, { sides: [{ profile: circle(x, 0.72, 0.38, 10), colour }] }),
    ),
  );
  return {
    parts: [
      { faces: hull, under: true },
      { faces: tyres, under: false },
      { faces: cab },
      ...arms.map((faces) => ({ faces })),
      { faces: bucket },
    ],
    length: 6,
    width: 2.6,
    height: 3.1,
  };
}

/** A beam in the side view, anticlockwise, `thick` metres across. */
function limb(from: readonly [number, number], to: readonly [number, number], thick: number): Profile[] {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const length = Math.sqrt(dx * dx + dy * dy);
  const nx = (-dy / length) * (thick / 2);
  const ny = (dx / length) * (thick / 2);
  return [
    [
      [from[0] - nx, from[1] - ny],
      [to[0] - nx * 0.8, to[1] - ny * 0.8],
      [to[0] + nx * 0.8, to[1] + ny * 0.8],
      [from[0] + nx, from[1] + ny],
    ],
  ];
}
