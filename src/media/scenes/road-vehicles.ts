import { type Rgb, shade } from './colour.ts';
import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';
import { extrude, type Profile, rectangle } from './solids.ts';
import { GLASS, type Vehicle } from './vehicle.ts';
import { wheelPictures, wheels } from './wheels.ts';

export function car(random: Random, palette: Palette): Vehicle {
  const colour = palette.paint(random);
  const length = random.range(3.8, 4.7);
  const h = length / 2;
  const roof = random.range(1.42, 1.75);
  const boot = random.chance(0.5) ? 0.62 : 0.92;
  const body: Profile = [
    [-h, 0.32],
    [h, 0.32],
    [h, 0.72],
    [h * 0.45, 0.92],
    [h * 0.12, roof],
    [-h * 0.55, roof],
    [-h * boot, 0.98],
    [-h, 0.94],
  ];
  const window: Profile = [
    [h * 0.33, 0.96],
    [h * 0.08, roof - 0.09],
    [-h * 0.53, roof - 0.09],
    [-h * (boot - 0.1), 1.0],
  ];
  const pillar = rectangle(-h * 0.2, 0.95, -h * 0.16, roof - 0.05);
  return roadVehicle(random, { colour, body, width: 1.76, length, height: roof, glassEdges: [3, 5], wheel: 0.33 }, [
    { profile: window, colour: GLASS },
    { profile: pillar, colour },
  ]);
}

export function van(random: Random, palette: Palette): Vehicle {
  const colour = random.chance(0.5) ? ([225, 227, 228] as const) : palette.paint(random);
  const length = random.range(4.9, 6);
  const h = length / 2;
  const roof = random.range(2, 2.6);
  const body: Profile = [
    [-h, 0.38],
    [h, 0.38],
    [h, 0.95],
    [h * 0.72, 1.15],
    [h * 0.45, roof],
    [-h, roof],
  ];
  const door: Profile = [
    [h * 0.66, 1.2],
    [h * 0.42, roof - 0.2],
    [h * 0.2, roof - 0.2],
    [h * 0.2, 1.2],
  ];
  const band = rectangle(-h * 0.9, 0.85, h * 0.1, random.range(1, 1.5));
  return roadVehicle(random, { colour, body, width: 2, length, height: roof, glassEdges: [3], wheel: 0.36 }, [
    { profile: door, colour: GLASS },
    { profile: band, colour: random.chance(0.5) ? palette.paint(random) : colour },
  ]);
}

export function pickup(random: Random, palette: Palette): Vehicle {
  const colour = palette.paint(random);
  const length = random.range(4.9, 5.4);
  const h = length / 2;
  const roof = 1.8;
  const body: Profile = [
    [-h, 0.45],
    [h, 0.45],
    [h, 0.95],
    [h * 0.45, 1.08],
    [h * 0.2, roof],
    [-h * 0.2, roof],
    [-h * 0.24, 1.1],
    [-h, 1.08],
  ];
  const window: Profile = [
    [h * 0.37, 1.12],
    [h * 0.17, roof - 0.1],
    [-h * 0.16, roof - 0.1],
    [-h * 0.18, 1.14],
  ];
  return roadVehicle(random, { colour, body, width: 1.85, length, height: roof, glassEdges: [3, 5], wheel: 0.4 }, [
    { profile: window, colour: GLASS },
  ]);
}

type RoadBody = {
  colour: Rgb;
  body: Profile;
  width: number;
  length: number;
  height: number;
  glassEdges: readonly number[];
  wheel: number;
};

function roadVehicle(
  random: Random,
  { colour, body, width, length, height, glassEdges, wheel }: RoadBody,
  sides: { profile: Profile; colour: Rgb }[],
): Vehicle {
  const h = length / 2;
  const axles = [-h * 0.62, h * 0.64];
  const low = body[0]![1];
  const lamps = [
    { profile: rectangle(h * 0.9, low + 0.28, h * 0.995, low + 0.42), colour: [235, 232, 210] as const },
    { profile: rectangle(-h * 0.995, low + 0.3, -h * 0.93, low + 0.5), colour: [170, 28, 26] as const },
  ];
  const skirt = { profile: rectangle(-h, low, h, low + random.range(0.06, 0.14)), colour: shade(colour, 0.45) };
  const faces = extrude(body, -width / 2, width / 2, colour, {
    edges: Object.fromEntries(glassEdges.map((edge) => [edge, GLASS])),
    sides: [skirt, ...sides, ...lamps, ...wheelPictures(axles, wheel)],
  });
  return { parts: [wheels(axles, wheel, width), { faces }], length, width, height };
}
