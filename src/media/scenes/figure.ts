import { project, scaleAt } from './camera.ts';
import { type Brush, fillPolygon } from './canvas.ts';
import { type Rgb, shade } from './colour.ts';
import { atDistance, type Light } from './light.ts';
import type { View } from './mesh.ts';
import { along, capsule, dome, type Joint, oval, trunk } from './outlines.ts';
import type { Person } from './people.ts';
import { type Arm, type Leg, type Skeleton, skeleton } from './skeleton.ts';
import { cosine, sine } from './turns.ts';

/** Where a figure stands, which way it looks (turns; 0 right, 0.25 away) and how far into its stride it is (turns). */
export type Stance = { x: number; z: number; facing: number; stride: number };

/** Draws a figure as a flat cut-out that turns with its facing: limbs are capsules, clothes are polygons on top. */
export function drawPerson(brush: Brush, view: View, person: Person, stance: Stance): void {
  const pen = penFor(brush, view, person, stance);
  // 1 when it is seen from the side and looks right, -1 when it looks left, 0 from the front and from behind.
  const side = cosine(stance.facing);
  const body = skeleton(person, side, stance.stride);
  const [farArm, nearArm] = body.arms;
  const [farLeg, nearLeg] = body.legs;

  drawArm(pen, person, farArm, FAR_SHADE);
  drawLeg(pen, person, farLeg, side, FAR_SHADE);
  drawLeg(pen, person, nearLeg, side, 1);
  drawTorso(pen, person, body, side, view.light);
  if (person.pose === 'carry') drawLoad(pen, person, nearArm);
  drawHead(pen, person, body, side, sine(stance.facing) > 0.35);
  drawArm(pen, person, nearArm, 1);
}

/** Limbs on the far side get less light. */
const FAR_SHADE = 0.72;
const REFLECTOR: Rgb = [226, 230, 228];

type Pen = {
  /** Fills points given in shares of the figure's height; `fade` is the brightness at the polygon's foot. */
  polygon(points: readonly Joint[], colour: Rgb, fade?: number, alpha?: number): void;
  /** A rounded limb of a width in shares of the height, `end` times as wide at its end. */
  limb(from: Joint, to: Joint, width: number, colour: Rgb, end?: number): void;
};

function penFor(brush: Brush, { camera, light }: View, person: Person, { x, z }: Stance): Pen {
  const [footX, footY] = project(camera, [x, 0, z]);
  const unit = person.heightMetres * scaleAt(camera, z);
  const polygon: Pen['polygon'] = (points, colour, fade = 0.8, alpha = 1) =>
    fillPolygon(
      brush,
      points.flatMap(([px, py]) => [footX + px * unit, footY - py * unit]),
      { colour: atDistance(light, colour, z), to: atDistance(light, shade(colour, fade), z), alpha },
    );
  const limb: Pen['limb'] = (from, to, width, colour, end = 0.75) =>
    polygon(capsule(from, to, width * person.build, width * end * person.build), colour);
  return { polygon, limb };
}

function drawLeg(
  { limb }: Pen,
  { trousers, boots }: Person,
  { hip, knee, foot }: Leg,
  side: number,
  lit: number,
): void {
  limb(hip, knee, 0.118, shade(trousers, lit));
  limb(knee, foot, 0.092, shade(trousers, lit * 0.95), 0.8);
  limb([foot[0] - 0.01, foot[1] + 0.005], [foot[0] + 0.055 * side, foot[1]], 0.055, shade(boots, lit), 0.9);
}

function drawArm({ limb }: Pen, { jacket, skin }: Person, { shoulder, elbow, hand }: Arm, lit: number): void {
  limb(shoulder, elbow, 0.082, shade(jacket, lit), 0.85);
  limb(elbow, hand, 0.066, shade(jacket, lit), 0.75);
  limb(hand, hand, 0.045, shade(skin, lit));
}

function drawTorso(pen: Pen, person: Person, { hip, neck }: Skeleton, side: number, light: Light): void {
  const half = (0.125 - 0.03 * Math.abs(side)) * person.build;
  pen.polygon(trunk(hip, neck, half), person.jacket);
  if (person.vest) drawVest(pen, person.vest, hip, neck, half, side);

  // A lighter strip towards the sun and a darker one away from it make the cut-out look round.
  const strip = trunk(along(hip, neck, 0.05), along(hip, neck, 0.95), half * 0.42);
  const shift = (offset: number) => strip.map(([x, y]): Joint => [x + offset, y]);
  const towardsSun = light.shadowX > 0 ? -half * 0.5 : half * 0.5;
  pen.polygon(shift(towardsSun), [255, 250, 235], 1, light.contrast * 0.3);
  pen.polygon(shift(-towardsSun * 1.1), [0, 0, 10], 1, light.contrast * 0.45);
}

function drawVest({ polygon, limb }: Pen, colour: Rgb, hip: Joint, neck: Joint, half: number, side: number): void {
  const between = (from: number, to: number, taper?: number) =>
    trunk(along(hip, neck, from), along(hip, neck, to), half * 1.04, taper);
  polygon(between(0.04, 0.97), colour, 0.86);
  for (const share of [0.22, 0.46]) polygon(between(share, share + 0.09, 1), REFLECTOR, 0.95);
  if (Math.abs(side) >= 0.8) return;
  for (const offset of [-0.5, 0.5]) {
    const shift = ([x, y]: Joint): Joint => [x + offset * half, y];
    limb(shift(along(hip, neck, 0.5)), shift(along(hip, neck, 0.93)), 0.022, REFLECTOR, 1);
  }
}

function drawLoad({ polygon }: Pen, { load }: Person, { hand: [x, y] }: Arm): void {
  const [left, right, low, high] = [x - 0.12, x + 0.12, y - 0.07, y + 0.1];
  polygon(
    [
      [left, low],
      [right, low],
      [right, high],
      [left, high],
    ],
    load,
  );
}

const HEAD_RADIUS = 0.063;

function drawHead(
  { polygon, limb }: Pen,
  { skin, hair, helmet }: Person,
  { neck, head }: Skeleton,
  side: number,
  away: boolean,
): void {
  const [x, y] = head;
  const r = HEAD_RADIUS;
  limb(neck, head, 0.06, shade(skin, 0.85), 1);
  polygon(oval(head, r * 0.86, r * 1.12), away ? hair : skin);
  if (!away) {
    polygon(oval([x - 0.4 * r * side, y + 0.35 * r], r * 0.85, r * 0.85), hair);
    if (!helmet) polygon(oval([x + 0.25 * r * side, y - 0.2 * r], r * 0.66, r * 0.8), skin);
  }
  if (!helmet) return;
  const rim = y + r * 0.35;
  polygon(dome([x, rim], r * 1.12, r * 1.05), helmet, 0.85);
  polygon(oval([x + r * 0.35 * side, rim], r * 1.3, r * 0.2), shade(helmet, 0.82));
}
