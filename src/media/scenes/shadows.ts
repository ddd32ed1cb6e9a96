import { project, type Vec3 } from './camera.ts';
import { type Brush, fillPolygon } from './canvas.ts';
import { type Placement, placer, type View } from './mesh.ts';

/** What throws a shadow, as upright corner posts: where they stand in the object's metres, and how tall it is. */
export type Silhouette = { length: number; width: number; height: number };

/** Darkens the ground where the silhouette's box keeps the sun out, and right below it, where no sky reaches. */
export function drawShadow(
  brush: Brush,
  { camera, light }: View,
  { length, width, height }: Silhouette,
  at: Placement,
): void {
  const place = placer(at);
  const corners: Vec3[] = [
    [-length / 2, 0, -width / 2],
    [length / 2, 0, -width / 2],
    [length / 2, 0, width / 2],
    [-length / 2, 0, width / 2],
  ].map(([x, y, z]) => place([x!, y!, z!]));
  const thrown = corners.map(([x, , z]): Vec3 => [x + light.shadowX * height, 0, z + light.shadowZ * height]);
  const outline = (points: readonly Vec3[]) => convexHull(points.map((point) => project(camera, point)));
  const shadow = { colour: [12, 14, 22] as const, alpha: light.shadowAlpha };
  fillPolygon(brush, outline([...corners, ...thrown]), shadow);
  fillPolygon(brush, outline(corners), { ...shadow, alpha: 0.3 });
}

/** Andrew's monotone chain; flat x, y pairs. */
function convexHull(points: readonly (readonly [number, number])[]): number[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const chain = (ordered: typeof sorted) => {
    const hull: (readonly [number, number])[] = [];
    for (const point of ordered) {
      while (hull.length >= 2 && turn(hull.at(-2)!, hull.at(-1)!, point) <= 0) hull.pop();
      hull.push(point);
    }
    return hull.slice(0, -1);
  };
  return [...chain(sorted), ...chain(sorted.reverse())].flat();
}

function turn(a: readonly [number, number], b: readonly [number, number], c: readonly [number, number]): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
