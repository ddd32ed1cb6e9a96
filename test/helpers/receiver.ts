import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll } from 'vitest';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** What the next requests are answered with. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Settles when that many webhooks have come. */
  got(count: number): Promise<Received[]>;
}

/** Somebody who receives webhooks, on this machine. */
export async function aReceiver(): Promise<Receiver> {
  const waiting: (() => void)[] = [];
  const receiver: Receiver = {
    url: '',
    received: [],
    answer: (_request, response) => response.writeHead(204).end(),
    async got(count) {
      while (receiver.received.length < count) await new Promise<void>((done) => waiting.push(done));
      return receiver.received;
    },
  };
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    receiver.received.push({ method, path, headers, body: await text(request) });
    receiver.answer(request, response);
    for (const done of waiting.splice(0)) done();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}
