import { type DrawBackdrop as Draw, span } from './backdrop.ts';
import { project, scaleAt, type Vec3 } from './camera.ts';
import { fillPolygon } from './canvas.ts';
import { shade } from './colour.ts';
import { atDistance } from './light.ts';
import { drawParts } from './mesh.ts';
import { box, rectangle } from './solids.ts';

export const hoarding: Draw = (brush, view, random, palette) => {
  const z = random.range(46, 70);
  const [left, right] = span(view, z);
  const colour = random.chance(0.5) ? shade([210, 212, 214], random.range(0.7, 1)) : palette.paint(random);
  const height = random.range(2, 2.8);
  const panel = random.range(2, 3);
  for (let x = left - panel; x < right + panel; x += panel) {
    const tone = shade(colour, random.range(0.92, 1.06));
    const faces = box(panel * 0.98, height, 0.1, 0, tone, {
      sides: [
        { profile: rectangle(-panel * 0.49, height * 0.86, panel * 0.49, height * 0.92), colour: shade(tone, 0.8) },
      ],
    });
    drawParts(brush, view, [{ faces }], { x, z, facing: 0 });
  }
};

export const fence: Draw = (brush, view, random) => {
  const { camera, light } = view;
  const z = random.range(40, 60);
  const [left, right] = span(view, z);
  const colour = atDistance(light, [112, 116, 120], z);
  const line = (from: Vec3, to: Vec3, thick: number, alpha: number) => {
    const [ax, ay] = project(camera, from);
    const [bx, by] = project(camera, to);
    const half = (thick * scaleAt(camera, z)) / 2;
    const upright = Math.abs(bx - ax) < Math.abs(by - ay);
    const [dx, dy] = upright ? [half, 0] : [0, half];
    fillPolygon(brush, [ax - dx, ay - dy, bx - dx, by - dy, bx + dx, by + dy, ax + dx, ay + dy], { colour, alpha });
  };
  for (let x = left; x < right; x += 0.25) line([x, 0.1, z], [x, 2, z], 0.02, 0.8);
  for (let x = left; x < right; x += 3.4) line([x, 0, z], [x, 2.1, z], 0.09, 1);
  for (const y of [0.15, 1.05, 2]) line([left, y, z], [right, y, z], 0.05, 1);
};

export const containers: Draw = (brush, view, random, palette) => {
  const z = random.range(46, 75);
  const [left, right] = span(view, z);
  for (let x = left; x < right + 6; x += random.range(6.2, 9)) {
    const colours = Array.from({ length: random.int(0, 3) }, () => palette.paint(random));
    colours.forEach((colour, level) => {
      const ribs = Array.from({ length: 14 }, (_, rib) => ({
        profile: rectangle(-2.9 + rib * 0.42, level * 2.6 + 0.15, -2.7 + rib * 0.42, level * 2.6 + 2.45),
        colour: shade(colour, 0.84),
      }));
      drawParts(brush, view, [{ faces: box(6, 2.55, 2.4, level * 2.6, colour, { sides: ribs }) }], {
        x,
        z: z + random.range(-0.3, 0.3),
        facing: 0,
      });
    });
  }
};
