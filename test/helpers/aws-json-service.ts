import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { listening } from './aws-in-process.ts';

/** What a service answers with instead, as AWS does. */
export class ServiceFault extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status = 400) {
    super(code);
    this.code = code;
    this.status = status;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what is sent is the SDK's affair, and a test says what it expects of it.
export type Operation = (request: any) => unknown;

/** A service of AWS that speaks JSON, in this process: what its operations answer. @returns where it listens. */
export async function startJsonService(operations: Record<string, Operation>): Promise<string> {
  const server = createServer(async (request, response) => {
    const name = String(request.headers['x-amz-target']).split('.').at(-1)!;
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    try {
      answer(200, operations[name]!(await json(request)));
    } catch (thrown) {
      const { code = 'InternalFailure', status = 500, message } = thrown as Partial<ServiceFault>;
      answer(status, { __type: code, message });
    }
  });
  return await listening(server);
}
