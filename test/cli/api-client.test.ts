import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiClient } from '../../cli/api-client.ts';
import { ApiRefusal } from '../../cli/api-refusal.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that answers everything in one way. @returns its address and what it was asked. */
async function aServer(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/stage`, asked };
}

const problem = (status: number) => ({
  type: 'urn:stepreel:problem:Some',
  title: 'Some',
  status,
  detail: 'It is so.',
  code: 'Some',
  hint: 'Do this.',
});

const refusalOf = async (asking: Promise<unknown>): Promise<ApiRefusal> => {
  const thrown = await asking.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(thrown).toBeInstanceOf(ApiRefusal);
  return thrown;
};

describe('a problem document', () => {
  it.each([
    { status: 400, exitCode: 64 },
    { status: 401, exitCode: 77 },
    { status: 403, exitCode: 77 },
    { status: 404, exitCode: 66 },
    { status: 409, exitCode: 75 },
    { status: 413, exitCode: 64 },
    { status: 422, exitCode: 64 },
    { status: 429, exitCode: 75 },
    { status: 500, exitCode: 69 },
    { status: 501, exitCode: 69 },
    { status: 503, exitCode: 69 },
  ])('of status $status ends with $exitCode, and says what to do', async ({ status, exitCode }) => {
    const { address } = await aServer((_, response) =>
      response.writeHead(status).end(JSON.stringify({ ...problem(status), problems: ['this one'] })),
    );
    const refusal = await refusalOf(openApiClient(address).ask('GET', 'jobs', z.unknown()));
    expect(refusal).toMatchObject({ name: 'Some', message: 'It is so.', exitCode });
    expect(refusal.facts).toEqual({ status, hint: 'Do this.', problems: ['this one'] });
  });

  it('that tells when to ask again is passed on', async () => {
    const { address } = await aServer((_, response) =>
      response.writeHead(429, { 'Retry-After': '7' }).end(JSON.stringify(problem(429))),
    );
    const { facts } = await refusalOf(openApiClient(address).ask('GET', 'jobs', z.unknown()));
    expect(facts.hint).toBe('Do this. It may be asked again in 7 seconds.');
  });
});

describe('an answer that is not of the jobs API', () => {
  it.each([
    { name: "a gateway's", status: 403, body: '{"message":"Forbidden"}', exitCode: 77, hint: /STEPREEL_API_KEY/ },
    { name: 'another API', status: 200, body: '{"hello":"you"}', exitCode: 69, hint: /address/ },
    { name: 'a page', status: 200, body: '<html>', exitCode: 69, hint: /address/ },
    { name: 'a page of an error', status: 502, body: '<html>', exitCode: 69, hint: /address/ },
  ])('such as $name ends with $exitCode', async ({ status, body, exitCode, hint }) => {
    const { address } = await aServer((_, response) => response.writeHead(status).end(body));
    const asking = openApiClient(address).ask('GET', 'jobs', z.object({ jobs: z.array(z.unknown()) }));
    const refusal = await refusalOf(asking);
    expect(refusal.exitCode).toBe(exitCode);
    expect(refusal.facts.hint).toMatch(hint);
  });

  it('such as none, because nobody listens, says how to start one', async () => {
    const { address } = await aServer(() => {});
    closers.pop()!();
    const refusal = await refusalOf(openApiClient(address).ask('GET', 'jobs', z.unknown()));
    expect(refusal).toMatchObject({ name: 'Unreachable', exitCode: 69 });
    expect(refusal.facts.hint).toMatch(/stepreel dev/);
  });

  it('such as one that breaks off counts as none', async () => {
    const { address } = await aServer((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('{');
      response.socket!.destroySoon();
    });
    expect(await refusalOf(openApiClient(address).ask('GET', 'jobs', z.unknown()))).toMatchObject({ exitCode: 69 });
  });
});

describe('the key', () => {
  it('goes to the API, below the whole of its address, and along with no link', async () => {
    const { address, asked } = await aServer((_, response) => response.end('{}'));
    const client = openApiClient(address, 'secret');
    await client.ask('GET', 'jobs', z.unknown(), { query: { status: 'FAILED', cursor: undefined } });
    await client.fetchFile(`${address}/file`);
    expect(asked.map(({ url }) => url)).toEqual(['/stage/jobs?status=FAILED', '/stage/file']);
    expect(asked.map(({ headers }) => headers['x-api-key'])).toEqual(['secret', undefined]);
  });

  it('follows no redirect', async () => {
    const elsewhere = await aServer((_, response) => response.end('{}'));
    const { address } = await aServer((_, response) => response.writeHead(307, { Location: elsewhere.address }).end());
    await refusalOf(openApiClient(address, 'secret').ask('GET', 'jobs', z.unknown()));
    expect(elsewhere.asked).toEqual([]);
  });
});

it.each(['ftp://somewhere', 'somewhere', ''])('%j is no address of an API', (address) => {
  expect(() => openApiClient(address)).toThrow(/is not the address of an API/);
});
