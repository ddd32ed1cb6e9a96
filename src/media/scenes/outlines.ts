import { cosine, sine } from './turns.ts';

/** A point of a figure, in shares of its height: x from its middle, y up from the ground. */
export type Joint = readonly [x: number, y: number];

export function along(from: Joint, to: Joint, share: number): Joint {
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}

/** A trunk from hip to neck; `taper` is the width at the hip as a share of the width at the shoulders. */
export function trunk(low: Joint, high: Joint, half: number, taper = 0.85): Joint[] {
  const dx = high[0] - low[0];
  const dy = high[1] - low[1];
  const length = Math.sqrt(dx * dx + dy * dy);
  const nx = dy / length;
  const ny = -dx / length;
  const corner = (joint: Joint, width: number): Joint => [joint[0] + nx * width, joint[1] + ny * width];
  const shoulder = along(low, high, 0.9);
  return [
    corner(low, -half * taper),
    corner(shoulder, -half),
    corner(high, -half * (taper === 1 ? 1 : 0.6)),
    corner(high, half * (taper === 1 ? 1 : 0.6)),
    corner(shoulder, half),
    corner(low, half * taper),
  ];
}

export function capsule(from: Joint, to: Joint, fromWidth: number, toWidth: number): Joint[] {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const length = Math.sqrt(dx * dx + dy * dy);
  const ux = length === 0 ? 1 : dx / length;
  const uy = length === 0 ? 0 : dy / length;
  const cap = ([x, y]: Joint, radius: number, turn: number): Joint[] =>
    [0, 0.125, 0.25, 0.375, 0.5].map((step): Joint => {
      const c = cosine(turn + step) * radius;
      const s = sine(turn + step) * radius;
      return [x + ux * c - uy * s, y + uy * c + ux * s];
    });
  return [...cap(to, toWidth / 2, -0.25), ...cap(from, fromWidth / 2, 0.25)];
}

export function oval([x, y]: Joint, rx: number, ry: number): Joint[] {
  return Array.from({ length: 14 }, (_, index): Joint => [x + rx * cosine(index / 14), y + ry * sine(index / 14)]);
}

/** The upper half of an oval. */
export function dome([x, y]: Joint, rx: number, ry: number): Joint[] {
  return Array.from({ length: 9 }, (_, index): Joint => [x + rx * cosine(index / 16), y + ry * sine(index / 16)]);
}
