import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export type Respond = (
  request: Received,
  call: number,
) => { status?: number; headers?: Record<string, string>; body?: unknown; afterMs?: number; hangUp?: boolean };

export interface EndpointServer {
  url: string;
  received: Received[];
  close(): Promise<void>;
}

/** A small server on this machine that answers as a test wants it; `call` counts the POSTs from 0. */
export async function endpointServer(respond: Respond): Promise<EndpointServer> {
  const received: Received[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = {
      method: incoming.method!,
      path: incoming.url!,
      headers: incoming.headers,
      body: Buffer.concat(chunks),
    };
    received.push(request);
    const call = received.filter(({ method }) => method === 'POST').length - 1;
    answer(response, respond(request, call));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answer(
  response: ServerResponse,
  { status = 200, headers = {}, body, afterMs = 0, hangUp }: ReturnType<Respond>,
): void {
  setTimeout(() => {
    if (hangUp) return response.destroy();
    response.writeHead(status, headers);
    response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body ?? {}));
  }, afterMs);
}
