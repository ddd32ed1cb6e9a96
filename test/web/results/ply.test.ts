import { describe, expect, it } from 'vitest';
import { parsePly } from '../../../web/results/ply.ts';

const POINTS = [
  [0, 0, 0, 255, 0, 0],
  [1, 0, 0, 0, 255, 0],
  [1, 2, 0, 0, 0, 255],
  [0, 2, 3, 9, 9, 9],
];

const header = (format: string, hasFace: boolean) =>
  [
    'ply',
    `format ${format} 1.0`,
    'comment drawn for a test',
    `element vertex ${POINTS.length}`,
    ...['x', 'y', 'z'].map((name) => `property float ${name}`),
    ...['red', 'green', 'blue'].map((name) => `property uchar ${name}`),
    ...(hasFace ? ['element face 1', 'property list uchar int vertex_indices'] : []),
    'end_header\n',
  ].join('\n');

function ascii(hasFace: boolean): ArrayBuffer {
  const lines = [...POINTS.map((point) => point.join(' ')), ...(hasFace ? ['4 0 1 2 3'] : [])];
  return bytesOf(`${header('ascii', hasFace)}${lines.join('\n')}\n`);
}

function binary(format: 'binary_little_endian' | 'binary_big_endian'): ArrayBuffer {
  const little = format === 'binary_little_endian';
  const head = new Uint8Array(bytesOf(header(format, true)));
  const view = new DataView(new ArrayBuffer(POINTS.length * 15 + 17));
  POINTS.forEach((point, index) => {
    for (const axis of [0, 1, 2]) view.setFloat32(index * 15 + axis * 4, point[axis]!, little);
    for (const channel of [0, 1, 2]) view.setUint8(index * 15 + 12 + channel, point[3 + channel]!);
  });
  view.setUint8(POINTS.length * 15, 4);
  for (const corner of [0, 1, 2, 3]) view.setInt32(POINTS.length * 15 + 1 + corner * 4, corner, little);
  return Uint8Array.from([...head, ...new Uint8Array(view.buffer)]).buffer;
}

function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text)).buffer;
}

describe('a PLY file', () => {
  it.each([
    { name: 'ASCII', file: ascii(true) },
    { name: 'little-endian', file: binary('binary_little_endian') },
    { name: 'big-endian', file: binary('binary_big_endian') },
  ])('that is $name gives its points, their colours and its triangles', ({ file }) => {
    const { positions, colors, triangles } = parsePly(file);
    expect([...positions]).toEqual(POINTS.flatMap((point) => point.slice(0, 3)));
    expect([...colors]).toEqual(POINTS.flatMap((point) => point.slice(3)));
    expect([...triangles]).toEqual([0, 1, 2, 0, 2, 3]);
  });

  it('without faces is a cloud', () => {
    expect(parsePly(ascii(false)).triangles).toHaveLength(0);
  });

  it.each([
    { name: 'something else', text: 'solid cube', says: 'does not begin like a PLY file' },
    { name: 'another format', text: 'ply\nformat zipped 1.0\nend_header\n', says: 'Unknown PLY format zipped' },
    { name: 'nothing', text: 'ply\nformat ascii 1.0\nelement vertex 0\nend_header\n', says: 'has no points' },
  ])('that is $name is refused', ({ text, says }) => {
    expect(() => parsePly(bytesOf(text))).toThrow(says);
  });
});
