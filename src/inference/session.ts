import { stat } from 'node:fs/promises';
import { env, InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { CapacityError, ModelError } from '#core/errors';
import type { Device } from '#core/workload';

// What goes wrong is thrown, and tells the reader what to do; the runtime's own log lines would be written over our
// progress and say the same in other words.
env.logLevel = 'fatal';

/** A tensor that goes into a model or comes out of it. */
export interface TensorValue {
  data: Float32Array | Uint8Array | BigInt64Array | Int32Array;
  shape: readonly number[];
}

/** What a model file says about one input or output; a name instead of a size is a free dimension. */
export interface TensorShape {
  name: string;
  type: string;
  shape: readonly (number | string)[];
}

export interface SessionOptions {
  device: Device;
  /** How many threads one run may use. */
  threads: number;
}

/** An opened model. */
export interface Session {
  inputs: readonly TensorShape[];
  outputs: readonly TensorShape[];
  /**
   * Runs the model once. The feeds' arrays are read in place and may be written again for the next run; the outputs are
   * new arrays, because the binding copies even into ones that it is given.
   * @throws ModelError when the model refuses the feeds or fails.
   */
  run(feeds: Record<string, TensorValue>, wanted: readonly string[]): Promise<Record<string, TensorValue>>;
  release(): Promise<void>;
}

/**
 * Opens an ONNX file; this is the only door to ONNX Runtime. A session that was asked for a GPU runs there or not at
 * all: the runtime's own silent change to the CPU is turned into an error.
 *
 * The runtime's binding runs synchronously on the calling thread, so whoever wants two runs at a time opens two
 * sessions in two worker threads.
 * @throws ModelError when the file is no model that the runtime can load.
 * @throws CapacityError when the device is not there.
 */
export async function openSession(path: string, { device, threads }: SessionOptions): Promise<Session> {
  await assertIsFile(path);
  if (device === 'gpu') assertGpuIsBuiltIn();
  const session = await create(path, device, threads);
  return {
    inputs: session.inputMetadata.map(describe),
    outputs: session.outputMetadata.map(describe),
    run: (feeds, wanted) => run(session, path, feeds, wanted),
    release: () => session.release(),
  };
}

/** The version of ONNX Runtime that sessions run on. */
export function runtimeVersion(): string {
  return env.versions.node ?? env.versions.common;
}

async function assertIsFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return;
  throw new ModelError(
    `Expected an ONNX file at ${path}, found ${found ? 'something else' : 'nothing'}. Add the file.`,
  );
}

function assertGpuIsBuiltIn(): void {
  const backends = listSupportedBackends().map(({ name }) => name);
  if (backends.includes('cuda')) return;
  throw new CapacityError(
    `A GPU was asked for, but this ONNX Runtime has only: ${backends.join(', ')}. ` +
      'Run on a Linux x64 machine with CUDA, or ask for the CPU.',
    { details: { backends } },
  );
}

async function create(path: string, device: Device, threads: number): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, {
      // Only the one provider is named: with a list the runtime would go on to the next without a word.
      executionProviders: [device === 'gpu' ? 'cuda' : 'cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // 4 is "fatal", as above.
      logSeverityLevel: 4,
    });
  } catch (cause) {
    const reason = messageOf(cause);
    if (device === 'gpu' && /cuda|provider|cudnn|gpu/i.test(reason)) {
      throw new CapacityError(
        `A GPU was asked for, but ONNX Runtime could not start CUDA: ${reason}. ` +
          'Check the driver and that the CUDA provider libraries are installed, or ask for the CPU.',
        { cause },
      );
    }
    throw new ModelError(
      `ONNX Runtime could not load ${path}: ${reason}. Export the model again, with an opset that this runtime knows.`,
      { cause },
    );
  }
}

function describe(value: InferenceSession.ValueMetadata): TensorShape {
  return value.isTensor
    ? { name: value.name, type: value.type, shape: value.shape }
    : { name: value.name, type: 'not a tensor', shape: [] };
}

async function run(
  session: InferenceSession,
  path: string,
  feeds: Record<string, TensorValue>,
  wanted: readonly string[],
): Promise<Record<string, TensorValue>> {
  try {
    const inputs = Object.entries(feeds).map(([name, value]) => [name, toTensor(value)] as const);
    const outputs = await session.run(Object.fromEntries(inputs), wanted);
    return Object.fromEntries(wanted.map((name) => [name, fromTensor(outputs[name] as Tensor)]));
  } catch (cause) {
    throw new ModelError(
      `ONNX Runtime failed in ${path}: ${messageOf(cause)}. Compare model.json with the inputs of the model.`,
      { cause },
    );
  }
}

function toTensor({ data, shape }: TensorValue): Tensor {
  return new Tensor(data, shape);
}

function fromTensor({ data, dims }: Tensor): TensorValue {
  return { data: data as TensorValue['data'], shape: dims };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.trim().replace(/\.$/, '') : String(thrown);
}
