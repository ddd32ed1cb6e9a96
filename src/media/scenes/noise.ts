/** A number in [0, 1) that depends only on the lattice point and the seed. */
export function latticeNoise(x: number, y: number, seed: number): number {
  let hash = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

/** Smooth value noise in [0, 1): lattice values joined by smoothstep. */
export function valueNoise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const u = x - column;
  const v = y - row;
  const su = u * u * (3 - 2 * u);
  const sv = v * v * (3 - 2 * v);
  const top = latticeNoise(column, row, seed);
  const bottom = latticeNoise(column, row + 1, seed);
  const upper = top + (latticeNoise(column + 1, row, seed) - top) * su;
  const lower = bottom + (latticeNoise(column + 1, row + 1, seed) - bottom) * su;
  return upper + (lower - upper) * sv;
}
