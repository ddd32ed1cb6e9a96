import { type DrawBackdrop as Draw, span } from './backdrop.ts';
import type { Brush } from './canvas.ts';
import { type Rgb, shade } from './colour.ts';
import { drawParts, type Face, type View } from './mesh.ts';
import type { Random } from './random.ts';
import { box, type Profile, rectangle } from './solids.ts';

export const skyline: Draw = (brush, view, random, palette) => {
  const z = random.range(150, 260);
  const [left, right] = span(view, z);
  for (let x = left; x < right; ) {
    const width = random.range(8, 30);
    const height = random.range(8, 45);
    const colour = shade(random.chance(0.6) ? [150, 146, 140] : palette.paint(random), random.range(0.6, 1.1));
    drawParts(brush, view, [{ faces: withWindows(width, height, 10, colour, random, 3.2) }], {
      x: x + width / 2,
      z,
      facing: 0,
    });
    x += width * random.range(0.7, 1.3);
  }
};

export const houses: Draw = (brush, view, random) => {
  const z = random.range(55, 85);
  const [left, right] = span(view, z);
  for (let x = left; x < right + 5; ) {
    const width = random.range(7, 12);
    const wall = shade(
      random.pick([
        [186, 120, 92],
        [214, 204, 186],
        [200, 190, 170],
      ] as const),
      random.range(0.75, 1.1),
    );
    const floors = random.int(1, 3) * 3;
    drawParts(brush, view, [{ faces: withWindows(width, floors, 8, wall, random, 3) }], {
      x: x + width / 2,
      z,
      facing: 0,
    });
    drawParts(
      brush,
      view,
      [{ faces: box(width + 0.6, 0.9, 8.6, floors, shade([110, 62, 50], random.range(0.7, 1.2))) }],
      { x: x + width / 2, z, facing: 0 },
    );
    x += width + random.range(0, 4);
  }
};

export const scaffold: Draw = (brush, view, random) => {
  const z = random.range(48, 70);
  const [left, right] = span(view, z);
  const start = random.range(left, left * 0.2);
  const width = random.range(14, right - left);
  const floors = random.int(2, 5);
  const wall = shade(
    random.pick([
      [170, 110, 84],
      [168, 166, 160],
      [190, 176, 150],
    ] as const),
    random.range(0.7, 1.1),
  );
  drawParts(brush, view, [{ faces: withWindows(width, floors * 3, 9, wall, random, 3) }], {
    x: start + width / 2,
    z: z + 6,
    facing: 0,
  });
  grid(brush, view, { left: start, right: start + width, z, floors, bay: 2.4 }, [130, 132, 136], [172, 140, 96]);
};

export const frame: Draw = (brush, view, random) => {
  const z = random.range(50, 75);
  const [left, right] = span(view, z);
  const start = random.range(left, 0);
  const width = random.range(12, (right - left) * 0.8);
  const concrete = shade([168, 166, 160], random.range(0.75, 1.1));
  const floors = random.int(2, 6);
  for (let floor = floors; floor >= 0; floor--) {
    const at = { x: start + width / 2, z, facing: 0 };
    drawParts(brush, view, [{ faces: box(width, 0.35, 9, floor * 3.2, concrete) }], at);
    if (floor === floors) continue;
    for (let x = -width / 2 + 0.4; x < width / 2; x += 4) {
      drawParts(brush, view, [{ faces: box(0.5, 2.85, 0.5, floor * 3.2 + 0.35, shade(concrete, 0.9)) }], {
        x: at.x + x,
        z: z - 4,
        facing: 0,
      });
    }
  }
};

/** A long hall of corrugated sheet over brick, with roller doors. */
export const warehouse: Draw = (brush, view, random, palette) => {
  const z = random.range(48, 66);
  const [left, right] = span(view, z);
  const width = (right - left) * random.range(0.8, 1.3);
  const sheet = shade(palette.paint(random), 0.95);
  const height = random.range(7, 11);
  const sides: { profile: Profile; colour: Rgb }[] = [
    { profile: rectangle(-width / 2, 0, width / 2, 2), colour: [134, 78, 62] },
  ];
  for (let y = 2.2; y < height; y += 0.5) {
    sides.push({ profile: rectangle(-width / 2, y, width / 2, y + 0.18), colour: shade(sheet, 0.84) });
  }
  for (let x = -width / 2 + 3; x < width / 2 - 5; x += random.range(7, 11)) {
    sides.push({ profile: rectangle(x, 0, x + 4, 4.4), colour: shade([190, 194, 196], random.range(0.6, 1)) });
    for (let y = 0.4; y < 4.2; y += 0.5) {
      sides.push({ profile: rectangle(x + 0.1, y, x + 3.9, y + 0.08), colour: [110, 114, 118] });
    }
  }
  drawParts(brush, view, [{ faces: box(width, height, 10, 0, sheet, { sides }) }], {
    x: random.range(-6, 6),
    z: z + 5,
    facing: 0,
  });
};

function withWindows(
  width: number,
  height: number,
  depth: number,
  colour: Rgb,
  random: Random,
  storey: number,
): Face[] {
  const sides: { profile: Profile; colour: Rgb }[] = [];
  const pitch = random.range(1.8, 3);
  const dark = shade([70, 84, 96], random.range(0.6, 1.2));
  for (let y = storey * 0.3; y < height - storey * 0.5; y += storey) {
    for (let x = -width / 2 + pitch * 0.4; x < width / 2 - pitch * 0.6; x += pitch) {
      sides.push({
        profile: rectangle(x, y, x + pitch * 0.5, y + storey * 0.45),
        colour: shade(dark, random.range(0.8, 1.3)),
      });
    }
  }
  return box(width, height, depth, 0, colour, { sides });
}

type Grid = { left: number; right: number; z: number; floors: number; bay: number };

function grid(brush: Brush, view: View, { left, right, z, floors, bay }: Grid, steel: Rgb, deck: Rgb): void {
  for (let floor = 1; floor <= floors; floor++) {
    drawParts(brush, view, [{ faces: box(right - left, 0.16, 1, floor * 2.1, deck) }], {
      x: (left + right) / 2,
      z,
      facing: 0,
    });
    drawParts(brush, view, [{ faces: box(right - left, 0.07, 0.07, floor * 2.1 + 1, steel) }], {
      x: (left + right) / 2,
      z,
      facing: 0,
    });
  }
  for (let x = left; x <= right; x += bay) {
    drawParts(brush, view, [{ faces: box(0.1, floors * 2.1 + 1, 0.1, 0, steel) }], { x, z: z - 0.5, facing: 0 });
  }
}
