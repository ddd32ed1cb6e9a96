import { type DrawBackdrop as Draw, span } from './backdrop.ts';
import { project, scaleAt, type Vec3 } from './camera.ts';
import { type Brush, fillPolygon } from './canvas.ts';
import { type Rgb, shade } from './colour.ts';
import { atDistance } from './light.ts';
import type { View } from './mesh.ts';
import { valueNoise } from './noise.ts';
import type { Random } from './random.ts';
import { cosine, sine } from './turns.ts';

export const trees: Draw = (brush, view, random) => {
  const z = random.range(60, 110);
  const [left, right] = span(view, z);
  for (let x = left - 3; x < right + 3; x += random.range(1.2, 4)) {
    const depth = z + random.range(-6, 6);
    const height = random.range(5, 13);
    const green: Rgb = [random.range(38, 84), random.range(70, 108), random.range(34, 60)];
    for (let puff = 0; puff < 7; puff++) {
      const radius = height * random.range(0.14, 0.26);
      const centre: Vec3 = [x + random.range(-0.2, 0.2) * height, height * (0.15 + 0.1 * puff), depth];
      blob(brush, view, centre, radius, shade(green, random.range(0.75, 1.15)), random);
    }
  }
};

function blob(brush: Brush, { camera, light }: View, centre: Vec3, radius: number, colour: Rgb, random: Random): void {
  const [x, y] = project(camera, centre);
  const unit = radius * scaleAt(camera, centre[2]);
  const points = Array.from({ length: 16 }, (_, index) => {
    const reach = unit * random.range(0.8, 1.15);
    return [x + cosine(index / 16) * reach * 1.15, y + sine(index / 16) * reach];
  }).flat();
  fillPolygon(brush, points, {
    colour: atDistance(light, shade(colour, 1.15), centre[2]),
    to: atDistance(light, shade(colour, 0.7), centre[2]),
  });
}

/** Rock steps of a quarry. */
export const terraces: Draw = (brush, view, random) => {
  const rock = shade(
    random.pick([
      [196, 172, 132],
      [176, 160, 140],
      [188, 150, 116],
    ] as const),
    random.range(0.85, 1.1),
  );
  for (let level = 3; level >= 0; level--) {
    const z = 60 + level * 22;
    const [left, right] = span(view, z);
    const height = 4 + level * 5;
    const count = 40;
    const { camera, light } = view;
    const seed = random.int(0, 1e6);
    const crest = Array.from({ length: count + 1 }, (_, index) => {
      const x = left + ((right - left) * index) / count;
      return project(camera, [x, height * (0.8 + 0.4 * valueNoise(index / 4, level, seed)), z]);
    }).flat();
    fillPolygon(brush, [...project(camera, [left, 0, z]), ...crest, ...project(camera, [right, 0, z])], {
      colour: atDistance(light, shade(rock, 1.05 - level * 0.04), z),
      to: atDistance(light, shade(rock, 0.72), z),
    });
    for (let crack = 0; crack < 60; crack++) {
      const x = random.range(left, right);
      const low = random.range(0, height * 0.7);
      const tall = random.range(0.5, 2.5);
      const points = [
        project(camera, [x, low, z]),
        project(camera, [x + random.range(0.2, 1.4), low + tall * 0.3, z]),
        project(camera, [x + 0.2, low + tall, z]),
      ];
      fillPolygon(brush, points.flat(), {
        colour: atDistance(light, shade(rock, random.range(0.55, 1.15)), z),
        alpha: 0.5,
      });
    }
  }
};
