import type { ExampleView } from './orbit.ts';
import { surfaceColour } from './texture.ts';

type Vector = readonly [number, number, number];

/** What a ray meets: how far away, and where on which surface. */
interface Hit {
  distance: number;
  u: number;
  v: number;
  surface: number;
}

/** Boxes from one corner to the other, in metres; z is up. They stand on the ground or on each other. */
const BOXES: readonly { low: Vector; high: Vector }[] = [
  { low: [-0.7, -0.5, 0], high: [0.3, 0.4, 0.6] },
  { low: [0.45, -0.7, 0], high: [0.95, -0.1, 1.1] },
  { low: [-0.45, -0.25, 0.6], high: [0.1, 0.2, 1.0] },
];
const BALL = { centre: [0.35, 0.75, 0.4] as Vector, radius: 0.4 };
/** Half the side of the table that everything stands on. Beyond it nothing is drawn but an even grey. */
const TABLE = 2;
const GREY: Vector = [96, 98, 102];

/** Draws what a camera sees of the scene, two by two rays a pixel. @returns rows from the top, R G B interleaved. */
export function renderView(view: ExampleView, width: number, height: number): Uint8Array {
  return renderMoving(() => view, width, height);
}

/**
 * The same for a camera that moves while the picture is taken: `viewAt` says where it is for each row, and for each of the
 * four rays of its pixels.
 */
export function renderMoving(viewAt: (row: number, ray: number) => ExampleView, width: number, height: number) {
  const rgb = new Uint8Array(width * height * 3);
  const direction: [number, number, number] = [0, 0, 0];
  for (let y = 0, at = 0; y < height; y += 1) {
    const views = [0, 1, 2, 3].map((ray) => viewAt(y, ray));
    for (let x = 0; x < width; x += 1, at += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let ray = 0; ray < 4; ray += 1) {
        const { centre, right, down, forward, focalPixels } = views[ray]!;
        const across = (x + 0.25 + 0.5 * (ray & 1) - width / 2) / focalPixels;
        const along = (y + 0.25 + 0.5 * (ray >> 1) - height / 2) / focalPixels;
        direction[0] = forward[0] + across * right[0] + along * down[0];
        direction[1] = forward[1] + across * right[1] + along * down[1];
        direction[2] = forward[2] + across * right[2] + along * down[2];
        const colour = trace(centre, direction);
        red += colour[0];
        green += colour[1];
        blue += colour[2];
      }
      rgb[at] = red / 4 + 0.5;
      rgb[at + 1] = green / 4 + 0.5;
      rgb[at + 2] = blue / 4 + 0.5;
    }
  }
  return rgb;
}

function trace(from: Vector, direction: Vector): Vector {
  let nearest = hitTable(from, direction);
  for (let number = 0; number < BOXES.length; number += 1) {
    nearest = nearer(nearest, hitBox(from, direction, BOXES[number]!, 1 + 6 * number));
  }
  nearest = nearer(nearest, hitBall(from, direction));
  return nearest ? surfaceColour(nearest.u, nearest.v, nearest.surface) : GREY;
}

function nearer(one: Hit | undefined, other: Hit | undefined): Hit | undefined {
  if (!one || !other) return one ?? other;
  return other.distance < one.distance ? other : one;
}

function hitTable(from: Vector, direction: Vector): Hit | undefined {
  if (direction[2] >= 0) return undefined;
  const distance = -from[2] / direction[2];
  const u = from[0] + distance * direction[0];
  const v = from[1] + distance * direction[1];
  return Math.abs(u) > TABLE || Math.abs(v) > TABLE ? undefined : { distance, u, v, surface: 0 };
}

/** Kay and Kajiya, "Ray Tracing Complex Scenes" (1986): where the ray is between all three pairs of sides. */
function hitBox(
  from: Vector,
  direction: Vector,
  { low, high }: (typeof BOXES)[number],
  first: number,
): Hit | undefined {
  let enter = 0;
  let leave = Infinity;
  let side = -1;
  for (let axis = 0; axis < 3; axis += 1) {
    const a = (low[axis]! - from[axis]!) / direction[axis]!;
    const b = (high[axis]! - from[axis]!) / direction[axis]!;
    const near = a < b ? a : b;
    const far = a < b ? b : a;
    if (near > enter) {
      enter = near;
      side = 2 * axis + (a > b ? 1 : 0);
    }
    if (far < leave) leave = far;
    if (enter >= leave) return undefined;
  }
  if (side < 0) return undefined;
  const [across, along] = FACE_AXES[side >> 1]!;
  const u = from[across] + enter * direction[across];
  const v = from[along] + enter * direction[along];
  return { distance: enter, u, v, surface: first + side };
}

/** The axes that lie in a side, by the axis that it stands across. */
const FACE_AXES = [
  [1, 2],
  [0, 2],
  [0, 1],
] as const;

function hitBall(from: Vector, direction: Vector): Hit | undefined {
  const { centre, radius } = BALL;
  const x = from[0] - centre[0];
  const y = from[1] - centre[1];
  const z = from[2] - centre[2];
  const [i, j, k] = direction;
  const a = i * i + j * j + k * k;
  const b = x * i + y * j + z * k;
  const root = b * b - a * (x * x + y * y + z * z - radius * radius);
  if (root < 0) return undefined;
  const distance = (-b - Math.sqrt(root)) / a;
  if (distance < 0) return undefined;
  const u = Math.atan2(y + distance * j, x + distance * i) * radius;
  const v = Math.asin(Math.max(-1, Math.min(1, (z + distance * k) / radius))) * radius;
  return { distance, u, v, surface: 99 };
}
