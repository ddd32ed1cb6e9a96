import type { Vec3 } from './camera.ts';
import type { Rgb } from './colour.ts';
import type { Decal, Face } from './mesh.ts';
import { cosine, sine } from './turns.ts';

/** x, y pairs in metres, seen from the side and running anticlockwise (y up). */
export type Profile = readonly (readonly [number, number])[];

/** How a face of an extruded profile differs from the body colour: by edge (edge i starts at point i) or by side. */
export type Finish = {
  edges?: Readonly<Record<number, Rgb>>;
  /** Pictures on both sides, as profiles. */
  sides?: readonly { profile: Profile; colour: Rgb }[];
};

/** Pulls a profile out along z, from `back` to `front` (metres; front is nearer to a camera at facing 0). */
export function extrude(profile: Profile, front: number, back: number, colour: Rgb, finish: Finish = {}): Face[] {
  const at = (z: number) => profile.map(([x, y]): Vec3 => [x, y, z]);
  const pictures = (z: number, flip: boolean): Decal[] =>
    (finish.sides ?? []).map((side) => {
      const points = side.profile.map(([x, y]): Vec3 => [x, y, z]);
      return { points: flip ? points.reverse() : points, colour: side.colour };
    });
  const strips = profile.map(([x, y], index): Face => {
    const [nextX, nextY] = profile[(index + 1) % profile.length]!;
    return {
      points: [
        [x, y, front],
        [x, y, back],
        [nextX, nextY, back],
        [nextX, nextY, front],
      ],
      colour: finish.edges?.[index] ?? colour,
    };
  });
  return [
    { points: at(front), colour, decals: pictures(front, false) },
    { points: at(back).reverse(), colour, decals: pictures(back, true) },
    ...strips,
  ];
}

/** A box on its own middle: length along x, width along z, standing at height `bottom` (metres). */
export function box(
  length: number,
  height: number,
  width: number,
  bottom: number,
  colour: Rgb,
  finish?: Finish,
): Face[] {
  return extrude(rectangle(-length / 2, bottom, length / 2, bottom + height), -width / 2, width / 2, colour, finish);
}

export function rectangle(left: number, bottom: number, right: number, top: number): Profile {
  return [
    [left, bottom],
    [right, bottom],
    [right, top],
    [left, top],
  ];
}

export function circle(x: number, y: number, radius: number, corners = 14): Profile {
  return Array.from({ length: corners }, (_, index): [number, number] => [
    x + radius * cosine(index / corners),
    y + radius * sine(index / corners),
  ]);
}

/** An upright round body: rings of [radius, height], from the bottom up, each band with its own colour. */
export function turned(rings: readonly (readonly [number, number])[], colours: readonly Rgb[], corners = 12): Face[] {
  const ring = ([radius, y]: readonly [number, number]) =>
    Array.from(
      { length: corners },
      (_, index): Vec3 => [radius * cosine(index / corners), y, radius * sine(index / corners)],
    );
  const bands = rings.slice(1).flatMap((upper, band) => {
    const low = ring(rings[band]!);
    const high = ring(upper);
    return low.map((point, index): Face => {
      const next = (index + 1) % corners;
      return { points: [point, low[next]!, high[next]!, high[index]!], colour: colours[band % colours.length]! };
    });
  });
  const lid: Face = { points: ring(rings.at(-1)!), colour: colours.at(-1)! };
  return [...bands, lid];
}
