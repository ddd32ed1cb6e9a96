import type { Rgb } from './colour.ts';
import type { Part } from './mesh.ts';
import { circle, extrude, type Profile } from './solids.ts';

export const TYRE: Rgb = [30, 30, 32];

const HUB: Rgb = [150, 152, 155];

/** The near wheels, painted on a body's sides; the far ones show below it. */
export function wheelPictures(axles: readonly number[], radius: number): { profile: Profile; colour: Rgb }[] {
  return axles.flatMap((x) => [
    { profile: circle(x, radius, radius * 1.12), colour: [18, 18, 20] as const },
    { profile: circle(x, radius, radius), colour: TYRE },
    { profile: circle(x, radius, radius * 0.55, 10), colour: HUB },
  ]);
}

export function wheels(axles: readonly number[], radius: number, width: number): Part {
  const faces = axles.flatMap((x) => [
    ...extrude(circle(x, radius, radius), -width / 2, -width / 2 + 0.25, TYRE),
    ...extrude(circle(x, radius, radius), width / 2 - 0.25, width / 2, TYRE),
  ]);
  return { faces, under: true };
}
