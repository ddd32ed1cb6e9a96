/** A point cloud or a mesh, ready to be drawn: three numbers a point, three bytes of colour, three indices a triangle. */
export interface PlyScene {
  positions: Float32Array;
  colors: Uint8Array;
  triangles: Uint32Array;
}

interface Property {
  name: string;
  type: string;
  /** Of a list: the type of its length. */
  lengthType?: string;
}

interface Element {
  name: string;
  count: number;
  properties: Property[];
}

/** Reads one number at a time, forward. */
type Take = (type: string) => number;

const GREY = 200;

/**
 * Reads a PLY file (Turk, 1994), ASCII or binary. Faces of more than three corners become fans of triangles.
 * @throws Error that says what is not as the format has it.
 */
export function parsePly(buffer: ArrayBuffer): PlyScene {
  const { format, elements, bodyAt } = headerOf(buffer);
  const take =
    format === 'ascii' ? asciiReader(buffer, bodyAt) : binaryReader(buffer, bodyAt, format !== 'binary_big_endian');
  let scene: PlyScene = { positions: new Float32Array(), colors: new Uint8Array(), triangles: new Uint32Array() };
  for (const element of elements) {
    if (element.name === 'vertex') scene = { ...scene, ...readVertices(element, take) };
    else if (element.name === 'face') scene = { ...scene, triangles: readFaces(element, take) };
    else for (let i = 0; i < element.count; i += 1) skip(element, take);
  }
  if (scene.positions.length === 0) throw new Error('The PLY file has no points.');
  return scene;
}

function headerOf(buffer: ArrayBuffer): { format: string; elements: Element[]; bodyAt: number } {
  const head = new TextDecoder('latin1').decode(buffer.slice(0, 65_536));
  const end = head.match(/^end_header\r?\n/m);
  if (!head.startsWith('ply') || !end) throw new Error('The file does not begin like a PLY file.');
  const elements: Element[] = [];
  let format = '';
  for (const line of head.slice(0, end.index).split(/\r?\n/)) {
    const words = line.trim().split(/\s+/);
    if (words[0] === 'format') format = words[1] ?? '';
    if (words[0] === 'element') elements.push({ name: words[1]!, count: Number(words[2]), properties: [] });
    if (words[0] !== 'property') continue;
    const isList = words[1] === 'list';
    elements
      .at(-1)!
      .properties.push(
        isList ? { lengthType: words[2]!, type: words[3]!, name: words[4]! } : { type: words[1]!, name: words[2]! },
      );
  }
  if (!['ascii', 'binary_little_endian', 'binary_big_endian'].includes(format))
    throw new Error(`Unknown PLY format ${format}.`);
  return { format, elements, bodyAt: end.index! + end[0].length };
}

function asciiReader(buffer: ArrayBuffer, bodyAt: number): Take {
  const numbers = new TextDecoder().decode(new Uint8Array(buffer, bodyAt)).split(/\s+/);
  let at = numbers[0] === '' ? 1 : 0;
  return () => Number(numbers[at++]);
}

const READERS: Record<string, [bytes: number, read: (view: DataView, at: number, little: boolean) => number]> = {
  char: [1, (view, at) => view.getInt8(at)],
  uchar: [1, (view, at) => view.getUint8(at)],
  short: [2, (view, at, little) => view.getInt16(at, little)],
  ushort: [2, (view, at, little) => view.getUint16(at, little)],
  int: [4, (view, at, little) => view.getInt32(at, little)],
  uint: [4, (view, at, little) => view.getUint32(at, little)],
  float: [4, (view, at, little) => view.getFloat32(at, little)],
  double: [8, (view, at, little) => view.getFloat64(at, little)],
};

const OTHER_NAMES: Record<string, string> = {
  int8: 'char',
  uint8: 'uchar',
  int16: 'short',
  uint16: 'ushort',
  int32: 'int',
  uint32: 'uint',
  float32: 'float',
  float64: 'double',
};

function binaryReader(buffer: ArrayBuffer, bodyAt: number, little: boolean): Take {
  const view = new DataView(buffer, bodyAt);
  let at = 0;
  return (type) => {
    const [bytes, read] = READERS[OTHER_NAMES[type] ?? type] ?? unknownType(type);
    const value = read(view, at, little);
    at += bytes;
    return value;
  };
}

function unknownType(type: string): never {
  throw new Error(`Unknown PLY type ${type}.`);
}

function readVertices({ count, properties }: Element, take: Take): Pick<PlyScene, 'positions' | 'colors'> {
  const positions = new Float32Array(count * 3);
  const colors = new Uint8Array(count * 3).fill(GREY);
  const axis = new Map([
    ['x', 0],
    ['y', 1],
    ['z', 2],
  ]);
  const channel = new Map([
    ['red', 0],
    ['green', 1],
    ['blue', 2],
    ['diffuse_red', 0],
    ['diffuse_green', 1],
    ['diffuse_blue', 2],
  ]);
  for (let i = 0; i < count; i += 1) {
    for (const property of properties) {
      const value = takeProperty(property, take).at(-1)!;
      const [place, color] = [axis.get(property.name), channel.get(property.name)];
      if (place !== undefined) positions[i * 3 + place] = value;
      if (color !== undefined) colors[i * 3 + color] = property.type.startsWith('float') ? value * 255 : value;
    }
  }
  return { positions, colors };
}

function readFaces({ count, properties }: Element, take: Take): Uint32Array {
  const triangles: number[] = [];
  for (let i = 0; i < count; i += 1) {
    for (const property of properties) {
      const values = takeProperty(property, take);
      if (!/^vertex_ind(ex|ices)$/.test(property.name)) continue;
      for (let corner = 2; corner < values.length; corner += 1)
        triangles.push(values[0]!, values[corner - 1]!, values[corner]!);
    }
  }
  return Uint32Array.from(triangles);
}

function takeProperty({ type, lengthType }: Property, take: Take): number[] {
  return lengthType === undefined ? [take(type)] : Array.from({ length: take(lengthType) }, () => take(type));
}

function skip({ properties }: Element, take: Take): void {
  for (const property of properties) takeProperty(property, take);
}
