/** A surface of triangles. */
export interface Mesh {
  positions: Float32Array;
  colours?: Uint8Array;
  /** Three corners each. */
  faces: Uint32Array;
}

/** What a mesh is like, in the units of its model, which only known lengths make metres. */
export interface MeshStats {
  vertices: number;
  faces: number;
  area: number;
  /** Null where the surface is open: then it has no inside. */
  volume: number | null;
  /** Lengths of the box around it along x, y, z. */
  box: [number, number, number];
  /** Closed rings of edges that have a face on one side only. */
  holes: number;
  openEdges: number;
}

export function meshStats({ positions, faces }: Mesh): MeshStats {
  let area = 0;
  let volume = 0;
  for (let at = 0; at < faces.length; at += 3) {
    const [a, b, c] = [3 * faces[at]!, 3 * faces[at + 1]!, 3 * faces[at + 2]!];
    const [ux, uy, uz] = difference(positions, b, a);
    const [vx, vy, vz] = difference(positions, c, a);
    const normal = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx] as const;
    area += Math.hypot(...normal) / 2;
    // Signed volumes of the tetrahedra to the origin add up to the inside of a closed surface.
    volume += (positions[a]! * normal[0] + positions[a + 1]! * normal[1] + positions[a + 2]! * normal[2]) / 6;
  }
  const { holes, openEdges } = openRings(faces);
  return {
    vertices: positions.length / 3,
    faces: faces.length / 3,
    area,
    volume: openEdges === 0 && faces.length > 0 ? Math.abs(volume) : null,
    box: [0, 1, 2].map((axis) => spanOf(positions, axis)) as MeshStats['box'],
    holes,
    openEdges,
  };
}

/** Joins the edges that belong to one face alone into rings. */
function openRings(faces: Uint32Array): { holes: number; openEdges: number } {
  const seen = new Map<string, [number, number]>();
  for (let at = 0; at < faces.length; at += 3) {
    for (let corner = 0; corner < 3; corner += 1) {
      const [from, to] = [faces[at + corner]!, faces[at + ((corner + 1) % 3)]!];
      const key = from < to ? `${from} ${to}` : `${to} ${from}`;
      if (!seen.delete(key)) seen.set(key, [from, to]);
    }
  }
  const parents = new Map<number, number>();
  const rootOf = (point: number): number => {
    let root = point;
    while ((parents.get(root) ?? root) !== root) root = parents.get(root)!;
    return root;
  };
  for (const [from, to] of seen.values()) {
    const [a, b] = [rootOf(from), rootOf(to)];
    parents.set(from, parents.get(from) ?? from);
    parents.set(to, parents.get(to) ?? to);
    parents.set(a, b);
  }
  const roots = new Set([...parents.keys()].map(rootOf));
  return { holes: roots.size, openEdges: seen.size };
}

/**
 * A mesh of at most about `mostFaces` faces that looks the same from afar: corners in one cell of a grid become one, and
 * faces without an area go. Rossignac and Borrel, "Multi-resolution 3D approximations" (1993).
 */
export function coarserMesh(mesh: Mesh, mostFaces: number): Mesh {
  let result = mesh;
  for (let cells = 256; result.faces.length / 3 > mostFaces && cells >= 8; cells = Math.floor(cells / 1.4)) {
    result = clustered(mesh, cells);
  }
  return result;
}

function clustered({ positions, colours, faces }: Mesh, cells: number): Mesh {
  const low = [0, 1, 2].map((axis) => lowest(positions, axis));
  const side = Math.max(...[0, 1, 2].map((axis) => spanOf(positions, axis))) / cells || 1;
  const numbers = new Map<number, number>();
  const sums: number[] = [];
  const newNumber = new Uint32Array(positions.length / 3);
  for (let point = 0; point < newNumber.length; point += 1) {
    let cell = 0;
    for (let axis = 0; axis < 3; axis += 1) {
      cell = cell * 1024 + Math.floor((positions[3 * point + axis]! - low[axis]!) / side);
    }
    const number = numbers.get(cell) ?? numbers.size;
    numbers.set(cell, number);
    newNumber[point] = number;
    for (let axis = 0; axis < 3; axis += 1) {
      sums[7 * number + axis] = (sums[7 * number + axis] ?? 0) + positions[3 * point + axis]!;
      sums[7 * number + 3 + axis] = (sums[7 * number + 3 + axis] ?? 0) + (colours?.[3 * point + axis] ?? 0);
    }
    sums[7 * number + 6] = (sums[7 * number + 6] ?? 0) + 1;
  }
  const mean = (first: number) => (_: unknown, at: number) => {
    const number = Math.floor(at / 3);
    return sums[7 * number + first + (at % 3)]! / sums[7 * number + 6]!;
  };
  const kept: number[] = [];
  for (let at = 0; at < faces.length; at += 3) {
    const [a, b, c] = [newNumber[faces[at]!]!, newNumber[faces[at + 1]!]!, newNumber[faces[at + 2]!]!];
    if (a !== b && b !== c && c !== a) kept.push(a, b, c);
  }
  return {
    positions: Float32Array.from({ length: 3 * numbers.size }, mean(0)),
    ...(colours ? { colours: Uint8Array.from({ length: 3 * numbers.size }, mean(3)) } : {}),
    faces: Uint32Array.from(kept),
  };
}

function difference(positions: Float32Array, to: number, from: number): [number, number, number] {
  return [
    positions[to]! - positions[from]!,
    positions[to + 1]! - positions[from + 1]!,
    positions[to + 2]! - positions[from + 2]!,
  ];
}

function lowest(positions: Float32Array, axis: number): number {
  let low = Infinity;
  for (let at = axis; at < positions.length; at += 3) low = Math.min(low, positions[at]!);
  return low;
}

function spanOf(positions: Float32Array, axis: number): number {
  let high = -Infinity;
  for (let at = axis; at < positions.length; at += 3) high = Math.max(high, positions[at]!);
  return positions.length === 0 ? 0 : high - lowest(positions, axis);
}
