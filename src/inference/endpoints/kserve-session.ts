import { z } from 'zod';
import { ModelError } from '#core/errors';
import type { Session, TensorShape, TensorValue } from '../session.ts';
import type { CallEndpoint } from './call-endpoint.ts';

const tensorSchema = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });
const metadataSchema = z.object({ inputs: z.array(tensorSchema), outputs: z.array(tensorSchema) });
const answerSchema = z.object({
  outputs: z.array(
    tensorSchema.extend({
      data: z.array(z.number()).optional(),
      parameters: z.object({ binary_data_size: z.int().nonnegative().optional() }).optional(),
    }),
  ),
});

// Both ends count bytes of what follows the JSON in this header (the protocol's binary tensor data extension).
const JSON_LENGTH = 'inference-header-content-length';

/**
 * A model behind the Open Inference Protocol (KServe v2), as a session like one on this machine. Tensors travel as bytes;
 * a server that answers with numbers in JSON is understood too.
 * @throws ModelError when what it says of itself is not what the protocol has.
 */
export async function openKserveSession(
  name: string,
  url: string,
  call: CallEndpoint,
  signal?: AbortSignal,
): Promise<Session> {
  const { bytes } = await call({ url, method: 'GET', signal });
  const { inputs, outputs } = parsed(name, metadataSchema, bytes);
  return {
    inputs: inputs.map(toShape),
    outputs: outputs.map(toShape),
    run: (feeds, wanted) => run(name, `${url}/infer`, call, feeds, wanted, signal),
    release: async () => undefined,
  };
}

/** -1 stands for a free dimension, and FP32 for what ONNX Runtime calls float32. */
function toShape({ name, datatype, shape }: z.infer<typeof tensorSchema>): TensorShape {
  return {
    name,
    type: datatype === 'FP32' ? 'float32' : datatype,
    shape: shape.map((size, at) => (size < 0 ? `free_${at}` : size)),
  };
}

async function run(
  name: string,
  url: string,
  call: CallEndpoint,
  feeds: Record<string, TensorValue>,
  wanted: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Record<string, TensorValue>> {
  const tensors = Object.entries(feeds).map(([tensor, { data, shape }]) => ({ tensor, shape, bytes: bytesOf(data) }));
  const head = Buffer.from(
    JSON.stringify({
      inputs: tensors.map(({ tensor, shape, bytes }) => {
        return { name: tensor, datatype: 'FP32', shape, parameters: { binary_data_size: bytes.length } };
      }),
      outputs: wanted.map((tensor) => ({ name: tensor, parameters: { binary_data: true } })),
    }),
  );
  const answer = await call({
    ...{ url, method: 'POST', signal },
    headers: { 'content-type': 'application/octet-stream', [JSON_LENGTH]: String(head.length) },
    body: Buffer.concat([head, ...tensors.map(({ bytes }) => bytes)]),
  });
  const jsonLength = Number(answer.headers.get(JSON_LENGTH) ?? answer.bytes.length);
  const { outputs } = parsed(name, answerSchema, answer.bytes.subarray(0, jsonLength));
  let taken = jsonLength;
  const values = outputs.map(({ name: tensor, datatype, shape, data, parameters }) => {
    if (datatype !== 'FP32')
      throw new ModelError(`The endpoint ${name} answers ${tensor} as ${datatype}; FP32 is read here.`);
    const size = parameters?.binary_data_size;
    // A copy, because a tensor of floats begins at a multiple of four bytes.
    const bytes = Uint8Array.from(answer.bytes.subarray(taken, taken + (size ?? 0)));
    taken += size ?? 0;
    const value = size === undefined ? Float32Array.from(data ?? []) : new Float32Array(bytes.buffer);
    if (value.length !== shape.reduce((product, side) => product * side, 1)) {
      throw new ModelError(
        `The endpoint ${name} gave ${value.length} numbers for ${tensor}, which is ${shape.join('x')}.`,
      );
    }
    return [tensor, { data: value, shape }] as const;
  });
  return Object.fromEntries(values);
}

function bytesOf(data: TensorValue['data']): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function parsed<Schema extends z.ZodType>(name: string, schema: Schema, bytes: Uint8Array): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString()));
  } catch (cause) {
    throw new ModelError(`The endpoint ${name} does not answer as KServe v2 does: ${(cause as Error).message}`, {
      cause,
    });
  }
}
