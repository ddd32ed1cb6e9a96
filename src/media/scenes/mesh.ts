import { type Camera, project, type Vec3 } from './camera.ts';
import { type Brush, fillPolygon } from './canvas.ts';
import { type Rgb, shade } from './colour.ts';
import { atDistance, type Light } from './light.ts';
import { cosine, sine } from './turns.ts';

/** A flat polygon in an object's own metres, seen from the side where its points run anticlockwise. */
export type Face = { points: readonly Vec3[]; colour: Rgb; decals?: readonly Decal[] };

/** A flat picture on a face, drawn right after it and hidden with it. */
export type Decal = { points: readonly Vec3[]; colour: Rgb };

/** Faces that are drawn together. Parts of one object are drawn far to near; `under` ones before all others. */
export type Part = { faces: readonly Face[]; under?: boolean };

/** Where an object stands and which way it looks: facing 0 is to the right, 0.25 away from the camera (turns). */
export type Placement = { x: number; z: number; facing: number };

export type View = { camera: Camera; light: Light };

/** Draws parts with flat shading: hidden faces dropped, the rest from far to near. */
export function drawParts(brush: Brush, { camera, light }: View, parts: readonly Part[], at: Placement): void {
  const place = placer(at);
  const placed = parts.map((part) => {
    const faces = part.faces.map((face) => placeFace(face, place)).filter((face) => facesCamera(face, camera));
    return { under: part.under === true, distance: mean(faces.map((face) => face.distance)), faces };
  });
  placed.sort((a, b) => Number(b.under) - Number(a.under) || b.distance - a.distance);
  for (const { faces } of placed) {
    faces.sort((a, b) => b.distance - a.distance);
    for (const { points, normal, face, distance } of faces) {
      const lit = brightness(light, normal);
      fillPolygon(brush, flatten(camera, points), {
        colour: atDistance(light, shade(face.colour, lit * 1.04), distance),
        to: atDistance(light, shade(face.colour, lit * 0.9), distance),
      });
      for (const decal of face.decals ?? []) {
        fillPolygon(brush, flatten(camera, decal.points.map(place)), {
          colour: atDistance(light, shade(decal.colour, 0.5 + lit / 2), distance),
        });
      }
    }
  }
}

/** From an object's own metres into the world. */
export function placer({ x, z, facing }: Placement): (point: Vec3) => Vec3 {
  const c = cosine(facing);
  const s = sine(facing);
  return ([px, py, pz]) => [x + px * c - pz * s, py, z + px * s + pz * c];
}

type PlacedFace = { face: Face; points: readonly Vec3[]; normal: Vec3; distance: number };

function placeFace(face: Face, place: (point: Vec3) => Vec3): PlacedFace {
  const points = face.points.map(place);
  return { face, points, normal: normalOf(points), distance: mean(points.map(([, , z]) => z)) };
}

function facesCamera({ points, normal }: PlacedFace, camera: Camera): boolean {
  const [x, y, z] = points[0]!;
  return x * normal[0] + (y - camera.eyeHeight) * normal[1] + z * normal[2] < 0;
}

/** Newell's method, so that slightly bent faces have a normal too; negated, because z away makes the world left-handed. */
function normalOf(points: readonly Vec3[]): Vec3 {
  let nx = 0;
  let ny = 0;
  let nz = 0;
  for (let index = 0; index < points.length; index++) {
    const [ax, ay, az] = points[index]!;
    const [bx, by, bz] = points[(index + 1) % points.length]!;
    nx += (ay - by) * (az + bz);
    ny += (az - bz) * (ax + bx);
    nz += (ax - bx) * (ay + by);
  }
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
  return [-nx / length, -ny / length, -nz / length];
}

function brightness(light: Light, [nx, ny, nz]: Vec3): number {
  // The sun stands opposite to where shadows fall; shadows are measured for 1 m of height.
  const length = Math.sqrt(light.shadowX * light.shadowX + light.shadowZ * light.shadowZ + 1);
  const towardsSun = (-light.shadowX * nx + ny - light.shadowZ * nz) / length;
  return 0.78 + 0.1 * ny + light.contrast * (towardsSun > 0 ? towardsSun : towardsSun * 0.5);
}

function flatten(camera: Camera, points: readonly Vec3[]): number[] {
  return points.flatMap((point) => project(camera, point));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);
}
