/** The parts of the protocol buffer wire format that an ONNX file needs. */

/** A field whose value is a whole number. */
export function varint(field: number, value: number | bigint): Buffer {
  return Buffer.concat([key(field, 0), base128(value)]);
}

/** A field whose value is a text, bytes, or a message. */
export function bytes(field: number, value: string | Uint8Array | Uint8Array[]): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value) : Array.isArray(value) ? Buffer.concat(value) : value;
  return Buffer.concat([key(field, 2), base128(content.length), content]);
}

function key(field: number, wireType: number): Buffer {
  return base128((field << 3) | wireType);
}

function base128(value: number | bigint): Buffer {
  const groups: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); groups.length === 0 || rest > 0n; rest >>= 7n) {
    groups.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
  }
  return Buffer.from(groups);
}
