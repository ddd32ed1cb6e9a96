import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listening } from './aws-in-process.ts';

/** What goes wrong with a request on its way. */
export type Fault =
  /** The service is not asked; this is the answer. */
  | { answer: { status: number; body: string } }
  /** The service does what was asked, and its answer gets lost. */
  | { loseAnswer: true }
  /** The whole object comes for a part of it, as HTTP allows. */
  | { ignoreRange: true }
  /** The connection breaks after so many bytes of the answer's body. */
  | { cutAfterBytes: number }
  /** After so many bytes of the answer's body nothing comes any more, on a connection that stays. */
  | { stallAfterBytes: number };

export interface PassingRequest {
  method: string;
  path: string;
  /** The operation, where the protocol has it in a header. */
  operation: string;
  body: string;
  range: string | undefined;
}

/**
 * A line to a service on which things go wrong: `fault` says for each request what, or nothing.
 * @returns where it listens, and what came by.
 */
export async function faultyLine(
  service: string,
  fault: (request: PassingRequest) => Fault | undefined | Promise<Fault | undefined>,
) {
  const seen: PassingRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const request = describe(incoming, body);
    seen.push(request);
    const wrong = await fault(request);
    if (wrong && 'answer' in wrong) {
      response.writeHead(wrong.answer.status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(wrong.answer.body);
      return;
    }
    if (wrong && 'ignoreRange' in wrong) delete incoming.headers.range;
    const answer = await forward(service, incoming, body);
    if (wrong && 'loseAnswer' in wrong) {
      response.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers);
    if (wrong && 'stallAfterBytes' in wrong) response.write(answer.body.subarray(0, wrong.stallAfterBytes));
    else if (wrong && 'cutAfterBytes' in wrong)
      response.write(answer.body.subarray(0, wrong.cutAfterBytes), () => response.destroy());
    else response.end(answer.body);
  });
  return { endpoint: await listening(server), seen };
}

/** A fault for the first requests that `matches` is true of, `times` of them. */
export function firstTimes(times: number, matches: (request: PassingRequest) => boolean, fault: Fault) {
  let left = times;
  return (request: PassingRequest): Fault | undefined => {
    if (left === 0 || !matches(request)) return undefined;
    left -= 1;
    return fault;
  };
}

/** An error as the JSON protocols have it. */
export function jsonError(name: string, status = 400): Fault {
  return {
    answer: { status, body: JSON.stringify({ __type: `com.amazonaws#${name}`, message: `${name} for a test` }) },
  };
}

function describe({ method = '', url = '', headers }: IncomingMessage, body: Buffer): PassingRequest {
  const operation = String(headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1)!;
  return { method, path: url, operation, body: body.toString(), range: headers.range };
}

async function forward(service: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  const outgoing = send(new URL(url!, service), { method: method!, headers });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode!, headers: answer.headers, body: await buffer(answer) };
}
