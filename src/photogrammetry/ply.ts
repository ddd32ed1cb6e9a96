import { MediaError } from '#core/errors';

/** Points, and faces where there are any. All arrays are of the points' order. */
export interface PlyModel {
  count: number;
  positions: Float64Array | Float32Array;
  colours?: Uint8Array;
  normals?: Float32Array;
  /** Three points a face. */
  faces?: Uint32Array;
}

/** A binary little-endian PLY: the form that every program of the field reads. */
export function writePly({ count, positions, colours, normals, faces }: PlyModel): Uint8Array {
  const triangles = (faces?.length ?? 0) / 3;
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    `element vertex ${count}`,
    ...['x', 'y', 'z'].map((name) => `property float ${name}`),
    ...(normals ? ['nx', 'ny', 'nz'].map((name) => `property float ${name}`) : []),
    ...(colours ? ['red', 'green', 'blue'].map((name) => `property uchar ${name}`) : []),
    ...(faces ? [`element face ${triangles}`, 'property list uchar int vertex_indices'] : []),
    'end_header\n',
  ].join('\n');
  const stride = 12 + (normals ? 12 : 0) + (colours ? 3 : 0);
  const bytes = new Uint8Array(header.length + count * stride + triangles * 13);
  bytes.set(Buffer.from(header, 'latin1'));
  const view = new DataView(bytes.buffer);
  let at = header.length;
  for (let point = 0; point < count; point += 1) {
    for (const values of normals ? [positions, normals] : [positions]) {
      for (let axis = 0; axis < 3; axis += 1, at += 4) view.setFloat32(at, values[3 * point + axis]!, true);
    }
    if (!colours) continue;
    for (let channel = 0; channel < 3; channel += 1, at += 1) bytes[at] = colours[3 * point + channel]!;
  }
  for (let face = 0; face < triangles; face += 1) {
    bytes[at] = 3;
    for (let corner = 0; corner < 3; corner += 1) view.setInt32(at + 1 + 4 * corner, faces![3 * face + corner]!, true);
    at += 13;
  }
  return bytes;
}

interface Property {
  name: string;
  type: string;
  /** Of a list: the type of its length. */
  lengthType?: string;
}

const SIZES: Record<string, number> = {
  ...{ char: 1, uchar: 1, int8: 1, uint8: 1, short: 2, ushort: 2, int16: 2, uint16: 2 },
  ...{ int: 4, uint: 4, int32: 4, uint32: 4, float: 4, float32: 4, double: 8, float64: 8 },
};

/** Reads a binary little-endian PLY, with positions and whatever of colours, normals and faces it has. */
export function readPly(bytes: Uint8Array): PlyModel {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  const end = head.indexOf('end_header\n');
  if (end < 0 || !head.includes('format binary_little_endian')) {
    throw new MediaError('Expected a binary little-endian PLY, found something else.');
  }
  const elements = elementsIn(head.slice(0, end));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const model: PlyModel = { count: 0, positions: new Float32Array(0) };
  let at = end + 'end_header\n'.length;
  for (const { name, count, properties } of elements) {
    if (name === 'vertex') at = readVertices(view, at, count, properties, model);
    else if (name === 'face') at = readFaces(view, at, count, properties, model);
    else break;
  }
  return model;
}

function elementsIn(header: string): { name: string; count: number; properties: Property[] }[] {
  const elements: { name: string; count: number; properties: Property[] }[] = [];
  for (const line of header.split('\n')) {
    const [what, a, b, c, d] = line.split(' ');
    if (what === 'element') elements.push({ name: a!, count: Number(b), properties: [] });
    if (what !== 'property') continue;
    elements.at(-1)!.properties.push(a === 'list' ? { name: d!, type: c!, lengthType: b! } : { name: b!, type: a! });
  }
  return elements;
}

function readVertices(view: DataView, from: number, count: number, properties: Property[], model: PlyModel): number {
  const places = new Map<string, { offset: number; type: string }>();
  let stride = 0;
  for (const { name, type } of properties) {
    places.set(name, { offset: stride, type });
    stride += SIZES[type]!;
  }
  const read = <Values extends Float32Array | Uint8Array>(names: string[], values: Values): Values | undefined => {
    const wanted = names.map((name) => places.get(name));
    if (wanted.some((place) => !place)) return undefined;
    for (let point = 0, at = from; point < count; point += 1, at += stride) {
      for (let axis = 0; axis < 3; axis += 1) {
        values[3 * point + axis] = numberAt(view, at + wanted[axis]!.offset, wanted[axis]!.type);
      }
    }
    return values;
  };
  const colours = read(['red', 'green', 'blue'], new Uint8Array(3 * count));
  const normals = read(['nx', 'ny', 'nz'], new Float32Array(3 * count));
  model.count = count;
  model.positions = read(['x', 'y', 'z'], new Float32Array(3 * count)) ?? new Float32Array(3 * count);
  if (colours) model.colours = colours;
  if (normals) model.normals = normals;
  return from + count * stride;
}

/** Faces of more than three corners become fans. */
function readFaces(view: DataView, from: number, count: number, properties: Property[], model: PlyModel): number {
  const faces: number[] = [];
  let at = from;
  for (let face = 0; face < count; face += 1) {
    for (const { type, lengthType } of properties) {
      const length = lengthType ? numberAt(view, at, lengthType) : 1;
      if (lengthType) at += SIZES[lengthType]!;
      const size = SIZES[type]!;
      const corner = (number: number) => numberAt(view, at + number * size, type);
      for (let second = 1; lengthType && second + 1 < length; second += 1) {
        faces.push(corner(0), corner(second), corner(second + 1));
      }
      at += length * size;
    }
  }
  model.faces = Uint32Array.from(faces);
  return at;
}

function numberAt(view: DataView, at: number, type: string): number {
  switch (type) {
    case 'float':
    case 'float32':
      return view.getFloat32(at, true);
    case 'double':
    case 'float64':
      return view.getFloat64(at, true);
    case 'uchar':
    case 'uint8':
      return view.getUint8(at);
    case 'int':
    case 'int32':
      return view.getInt32(at, true);
    case 'uint':
    case 'uint32':
      return view.getUint32(at, true);
    case 'ushort':
    case 'uint16':
      return view.getUint16(at, true);
    case 'short':
    case 'int16':
      return view.getInt16(at, true);
    default:
      return view.getInt8(at);
  }
}
