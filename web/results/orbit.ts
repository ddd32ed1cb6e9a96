/** A camera that goes round a point: angles in radians, distance in the scene's own unit. */
export interface Orbit {
  yaw: number;
  pitch: number;
  distance: number;
}

export type Vector = [number, number, number];

/** Where the middle of most points is, and how far from it they reach: a few far outliers do not count. */
export function extentOf(positions: Float32Array): { center: Vector; radius: number } {
  const step = Math.max(1, Math.floor(positions.length / 3 / 20_000)) * 3;
  const middle = (axis: number) => {
    const values: number[] = [];
    for (let i = axis; i < positions.length; i += step) values.push(positions[i]!);
    return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  };
  const center: Vector = [middle(0), middle(1), middle(2)];
  const distances: number[] = [];
  for (let i = 0; i + 2 < positions.length; i += step) {
    distances.push(Math.hypot(positions[i]! - center[0], positions[i + 1]! - center[1], positions[i + 2]! - center[2]));
  }
  distances.sort((a, b) => a - b);
  return { center, radius: distances[Math.floor(distances.length * 0.95)] || 1 };
}

/** The matrix that takes the scene to what the camera sees, by columns, as WebGL wants it. */
export function viewProjection({ yaw, pitch, distance }: Orbit, center: Vector, aspect: number): Float32Array {
  const [near, far] = [distance / 100, distance * 100];
  const focal = 1 / Math.tan(Math.PI / 8);
  const projection = [
    focal / aspect,
    0,
    0,
    0,
    0,
    focal,
    0,
    0,
    0,
    0,
    (far + near) / (near - far),
    -1,
    0,
    0,
    (2 * far * near) / (near - far),
    0,
  ];
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  // Photogrammetry has y downwards and looks along z.
  const rows: Vector[] = [
    [cy, 0, sy],
    [sp * sy, -cp, -sp * cy],
    [-cp * sy, -sp, cp * cy],
  ];
  const shift = rows.map((row) => -(row[0] * center[0] + row[1] * center[1] + row[2] * center[2]));
  const view = [0, 1, 2].flatMap((column) => [...rows.map((row) => row[column]!), 0]);
  return multiplied(projection, [...view, shift[0]!, shift[1]!, shift[2]! - distance, 1]);
}

function multiplied(a: number[], b: number[]): Float32Array {
  const product = new Float32Array(16);
  for (let column = 0; column < 4; column += 1) {
    for (let row = 0; row < 4; row += 1) {
      let sum = 0;
      for (let k = 0; k < 4; k += 1) sum += a[k * 4 + row]! * b[column * 4 + k]!;
      product[column * 4 + row] = sum;
    }
  }
  return product;
}
