import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Session, TensorValue } from '#inference/session';

/** Both ends count the bytes of the JSON before the tensors. */
const JSON_LENGTH = 'inference-header-content-length';
const DATATYPES: Record<string, string> = { float32: 'FP32', int64: 'INT64' };

interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: Buffer | object;
}

export interface KserveServer {
  /** Address of the model. */
  url: string;
  received: Received[];
  /** Answers instead of the model, where it does: `silence` never, `hang up` without a word. */
  instead: ((request: Received) => Answer | 'silence' | 'hang up' | undefined) | undefined;
  isReady: boolean;
  close(): Promise<void>;
}

/** A small server of the Open Inference Protocol (KServe v2) with one model, which runs in the given session. */
export async function kserveServer(name: string, session: Session): Promise<KserveServer> {
  const place = `/v2/models/${name}`;
  const http = createServer(async (incoming, response) => {
    const { method, url: path, headers } = incoming;
    const request = { method: method!, path: path!, headers, body: await buffer(incoming) };
    server.received.push(request);
    const instead = server.instead?.(request);
    if (instead === 'silence') return;
    if (instead === 'hang up') return response.destroy();
    send(response, instead ?? (await answer(request)));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;

  async function answer(request: Received): Promise<Answer> {
    switch (request.path) {
      case '/v2/health/ready':
      case `${place}/ready`:
        // Triton's answer while a model is being loaded.
        return { status: server.isReady ? 200 : 400 };
      case place:
        return { body: { name, inputs: session.inputs.map(described), outputs: session.outputs.map(described) } };
      case `${place}/infer`:
        return infer(session, request);
      default:
        return { status: 404 };
    }
  }

  const server: KserveServer = {
    url: `http://127.0.0.1:${port}${place}`,
    received: [],
    instead: undefined,
    isReady: true,
    close: () =>
      new Promise((resolve) => {
        http.closeAllConnections();
        http.close(() => resolve());
      }),
  };
  return server;
}

function send(response: ServerResponse, { status = 200, headers = {}, body = {} }: Answer): void {
  response.writeHead(status, headers);
  response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
}

function described({ name, type, shape }: Session['inputs'][number]) {
  return { name, datatype: DATATYPES[type], shape: shape.map((size) => (typeof size === 'number' ? size : -1)) };
}

async function infer(session: Session, { body, headers }: Received): Promise<Answer> {
  let taken = Number(headers[JSON_LENGTH]);
  const { inputs, outputs } = JSON.parse(body.subarray(0, taken).toString());
  const feeds: Record<string, TensorValue> = {};
  for (const { name, shape, parameters } of inputs) {
    const bytes = Uint8Array.from(body.subarray(taken, taken + parameters.binary_data_size));
    taken += parameters.binary_data_size;
    feeds[name] = { data: new Float32Array(bytes.buffer), shape };
  }
  const wanted: string[] = outputs.map(({ name }: { name: string }) => name);
  const found = await session.run(feeds, wanted);
  const data = wanted.map((name) => Buffer.from(Float32Array.from(found[name]!.data as Float32Array).buffer));
  const head = Buffer.from(
    JSON.stringify({
      outputs: wanted.map((name, at) => ({
        name,
        datatype: 'FP32',
        shape: found[name]!.shape,
        parameters: { binary_data_size: data[at]!.length },
      })),
    }),
  );
  return { headers: { [JSON_LENGTH]: String(head.length) }, body: Buffer.concat([head, ...data]) };
}
