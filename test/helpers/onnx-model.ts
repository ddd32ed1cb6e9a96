import { bytes, varint } from './onnx-protobuf.ts';

/** Writes small ONNX models, so that tests go through the real runtime. Field numbers are those of onnx.proto3. */

export type Shape = readonly (number | string)[];

export interface Value {
  name: string;
  shape: Shape;
  type?: keyof typeof ELEMENT_TYPES;
}

export interface Node {
  op: string;
  inputs: string[];
  output: string;
  ints?: Record<string, number | number[]>;
}

export interface Graph {
  inputs: Value[];
  outputs: Value[];
  nodes: Node[];
  /** Constants by name. */
  constants?: Record<string, Constant>;
}

export interface Constant {
  shape: readonly number[];
  data: readonly number[] | Float32Array;
  type?: 'float32' | 'int64';
}

// TensorProto.DataType
const ELEMENT_TYPES = { float32: 1, uint8: 2, int64: 7 } as const;

/** The bytes of an ONNX file, opset 17. */
export function onnxModel({ inputs, outputs, nodes, constants = {} }: Graph): Buffer {
  const graph = [
    ...nodes.map((node) => bytes(1, nodeProto(node))),
    bytes(2, 'test'),
    ...Object.entries(constants).map(([name, constant]) => bytes(5, tensorProto(name, constant))),
    ...inputs.map((value) => bytes(11, valueInfo(value))),
    ...outputs.map((value) => bytes(12, valueInfo(value))),
  ];
  const opset = [bytes(1, ''), varint(2, 17)];
  return Buffer.concat([varint(1, 8), bytes(7, graph), bytes(8, opset)]);
}

/** A model that answers with the same tensors whatever it sees. */
export function constantModel(
  input: Value,
  outputs: Record<string, Constant>,
  declared: Record<string, Shape> = {},
): Buffer {
  return onnxModel({
    inputs: [input],
    outputs: Object.entries(outputs).map(([name, { shape }]) => ({ name, shape: declared[name] ?? shape })),
    nodes: Object.keys(outputs).map((name) => ({ op: 'Identity', inputs: [`${name}_value`], output: name })),
    constants: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [`${name}_value`, value])),
  });
}

/**
 * A model with an NMS-free head that sees one box of class 0 at `box`; its score is the mean of all the numbers it is
 * fed with.
 */
export function brightnessModel(input: Value, box: readonly [number, number, number, number]): Buffer {
  return onnxModel({
    inputs: [input],
    outputs: [{ name: 'output', shape: [1, 1, 6] }],
    nodes: [
      { op: 'ReduceMean', inputs: [input.name], output: 'mean', ints: { keepdims: 0 } },
      { op: 'Reshape', inputs: ['mean', 'scalar'], output: 'score' },
      { op: 'Concat', inputs: ['box', 'score', 'class'], output: 'output', ints: { axis: 2 } },
    ],
    constants: {
      scalar: { shape: [3], data: [1, 1, 1], type: 'int64' },
      box: { shape: [1, 1, 4], data: box },
      class: { shape: [1, 1, 1], data: [0] },
    },
  });
}

function nodeProto({ op, inputs, output, ints = {} }: Node): Buffer[] {
  return [
    ...inputs.map((name) => bytes(1, name)),
    bytes(2, output),
    bytes(4, op),
    ...Object.entries(ints).map(([name, value]) => bytes(5, attribute(name, value))),
  ];
}

// AttributeProto.AttributeType: 2 is INT, 7 is INTS.
function attribute(name: string, value: number | number[]): Buffer[] {
  return Array.isArray(value)
    ? [bytes(1, name), ...value.map((number) => varint(8, number)), varint(20, 7)]
    : [bytes(1, name), varint(3, value), varint(20, 2)];
}

function tensorProto(name: string, { shape, data, type = 'float32' }: Constant): Buffer[] {
  const numbers = type === 'int64' ? BigInt64Array.from(data, BigInt) : Float32Array.from(data);
  return [
    ...shape.map((size) => varint(1, size)),
    varint(2, ELEMENT_TYPES[type]),
    bytes(8, name),
    bytes(9, new Uint8Array(numbers.buffer)),
  ];
}

function valueInfo({ name, shape, type = 'float32' }: Value): Buffer[] {
  const dimensions = shape.map((size) => bytes(1, typeof size === 'number' ? varint(1, size) : bytes(2, size)));
  const tensorType = [varint(1, ELEMENT_TYPES[type]), bytes(2, dimensions)];
  return [bytes(1, name), bytes(2, bytes(1, tensorType))];
}
