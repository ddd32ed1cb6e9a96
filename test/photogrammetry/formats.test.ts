import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeGlb } from '#photogrammetry/glb';
import { coarserMesh, type Mesh, meshStats } from '#photogrammetry/mesh';
import { estimateNormals } from '#photogrammetry/normals';
import { writeObj } from '#photogrammetry/obj';
import { readPly, writePly } from '#photogrammetry/ply';
import { smallestDirection } from '#photogrammetry/smallest-direction';

/** A cube of side 1, closed. */
const CUBE: Mesh = {
  positions: Float32Array.from([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1]),
  colours: Uint8Array.from({ length: 24 }, (_, at) => at * 10),
  faces: Uint32Array.from([
    ...[0, 2, 1, 0, 3, 2, 4, 5, 6, 4, 6, 7, 0, 1, 5, 0, 5, 4, 1, 2, 6, 1, 6, 5, 2, 3, 7, 2, 7, 6, 3, 0, 4, 3, 4, 7],
  ]),
};

/** A square of n by n cells, from 0 to 1. */
function sheet(n: number): Mesh {
  const places = Array.from({ length: (n + 1) ** 2 }, (_, at) => [(at % (n + 1)) / n, Math.floor(at / (n + 1)) / n, 0]);
  const faces = Array.from({ length: n * n }, (_, cell) => {
    const corner = Math.floor(cell / n) * (n + 1) + (cell % n);
    return [corner, corner + 1, corner + n + 2, corner, corner + n + 2, corner + n + 1];
  });
  return { positions: Float32Array.from(places.flat()), faces: Uint32Array.from(faces.flat()) };
}

describe('a mesh', () => {
  it('that is closed has an inside and no holes', () => {
    const { holes, openEdges, area, volume, box } = meshStats(CUBE);
    expect({ holes, openEdges, box }).toEqual({ holes: 0, openEdges: 0, box: [1, 1, 1] });
    expect(area).toBeCloseTo(6, 6);
    expect(volume).toBeCloseTo(1, 6);
  });

  it('with a side missing has one hole of four edges, and no volume', () => {
    const { holes, openEdges, volume } = meshStats({ ...CUBE, faces: CUBE.faces.slice(6) });
    expect({ holes, openEdges, volume }).toEqual({ holes: 1, openEdges: 4, volume: null });
  });

  it('becomes coarser, and keeps its size', () => {
    const coarse = coarserMesh(sheet(300), 5_000);
    expect(coarse.faces.length / 3).toBeLessThanOrEqual(5_000);
    expect(coarse.faces.length / 3).toBeGreaterThan(500);
    expect(meshStats(coarse).area).toBeGreaterThan(0.9);
  });

  it('that is small enough stays as it is', () => expect(coarserMesh(CUBE, 12)).toBe(CUBE));
});

describe('files', () => {
  it('a PLY is read as it was written: points, colours, normals, faces', () => {
    const normals = Float32Array.from(CUBE.positions, (value) => value - 0.5);
    const read = readPly(writePly({ count: 8, ...CUBE, normals }));
    expect(read).toEqual({ count: 8, ...CUBE, normals });
  });

  it('a PLY in text is refused', () => {
    expect(() => readPly(Buffer.from('ply\nformat ascii 1.0\nend_header\n'))).toThrow(/binary little-endian/);
  });

  it('an OBJ has corners with colours, and faces counted from 1', () => {
    const lines = writeObj(CUBE).split('\n');
    expect(lines[1]).toBe('v 1 0 0 0.1176 0.1569 0.1961');
    expect(lines[8]).toBe('f 1 3 2');
    expect(lines).toHaveLength(8 + 12 + 1);
  });

  it('a GLB is a glTF 2.0 whose chunks fit, with colours, y up', async () => {
    const glb = Buffer.from(await writeGlb(CUBE));
    expect(glb.toString('latin1', 0, 4)).toBe('glTF');
    expect([glb.readUInt32LE(4), glb.readUInt32LE(8)]).toEqual([2, glb.length]);
    const json = JSON.parse(glb.toString('utf8', 20, 20 + glb.readUInt32LE(12)));
    const { attributes, indices } = json.meshes[0].primitives[0];
    expect(Object.keys(attributes).sort()).toEqual(['COLOR_0', 'POSITION']);
    expect(json.accessors[indices].count).toBe(36);
    expect(json.accessors[attributes.POSITION]).toMatchObject({ min: [0, -1, -1], count: 8 });
    expect(Buffer.from(await writeGlb(CUBE)).equals(glb)).toBe(true);
  });

  it('none of the sources that write files asks for the time', async () => {
    for (const name of ['glb', 'ply', 'obj', 'cameras-json']) {
      const source = await readFile(new URL(`../../src/photogrammetry/${name}.ts`, import.meta.url), 'utf8');
      expect(source).not.toMatch(/\bDate\b/);
    }
  });
});

describe('normals', () => {
  it('stand across a flat cloud, on the side from which it was seen', () => {
    const { positions } = sheet(9);
    const count = positions.length / 3;
    const normals = estimateNormals({ count, positions }, (point) => [0.5, 0.5, point % 2 === 0 ? 3 : -3]);
    for (let point = 0; point < count; point += 1) {
      expect(normals[3 * point + 2]).toBeCloseTo(point % 2 === 0 ? 1 : -1, 5);
    }
  });

  it.each([
    { name: 'along an axis', matrix: [3, 0, 0, 2, 0, 1], direction: [0, 0, 1] },
    { name: 'between two axes', matrix: [1, -1, 0, 1, 0, 5], direction: [Math.SQRT1_2, Math.SQRT1_2, 0] },
  ])('the smallest direction lies $name', ({ matrix, direction }) => {
    const found = smallestDirection(matrix);
    const along = Math.abs(found.reduce((sum, value, axis) => sum + value * direction[axis]!, 0));
    expect(along).toBeCloseTo(1, 9);
  });
});
