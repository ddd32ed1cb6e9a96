import { beforeEach, describe, expect, it } from 'vitest';
import { type PostOptions, postWebhook } from '#runtime/webhooks/post';
import { PUBLIC_ONLY, type ReceiverRule } from '#runtime/webhooks/receivers';
import { newSecret } from '#runtime/webhooks/signature';
import { verifyWebhook } from '#runtime/webhooks/verify';
import { aNotice } from '../../helpers/notice.ts';
import { aReceiver, type Receiver } from '../../helpers/receiver.ts';

const secret = newSecret();
let receiver: Receiver;
let asked: string[];
// This machine's first address stands for the public internet, and its others for what is private.
const rule: ReceiverRule = {
  allows: (address) => address === '127.0.0.1',
  async resolve(host) {
    asked.push(host);
    const address = host.startsWith('private') ? '127.0.0.2' : '127.0.0.1';
    return [{ address, family: 4 }];
  },
};

beforeEach(async () => {
  receiver = await aReceiver();
  asked = [];
});

const post = (url: string, options: Partial<PostOptions> = {}) =>
  postWebhook({ notice: aNotice(), url, secrets: [secret] }, { rule, ...options });
const port = () => new URL(receiver.url).port;
const redirecting = (to: string, status = 307) => {
  receiver.answer = ({ url }, response) =>
    url === '/end' ? response.writeHead(200).end() : response.writeHead(status, { Location: to }).end();
};

describe('a webhook that is posted', () => {
  it('arrives as JSON that its receiver can verify', async () => {
    expect(await post(`${receiver.url}/hook?token=1`)).toEqual({ outcome: 'delivered', status: 204 });
    const [{ method, path, headers, body }] = receiver.received as [Receiver['received'][0]];
    expect([method, path, headers['content-type']]).toEqual(['POST', '/hook?token=1', 'application/json']);
    expect(verifyWebhook({ headers, body, secret })).toMatchObject({ id: aNotice().id, event: aNotice() });
  });

  it('goes to the address that was looked up and checked, under the name that was asked for (pitfall 54)', async () => {
    expect(await post(`http://receiver.test:${port()}/`)).toMatchObject({ outcome: 'delivered' });
    expect(receiver.received[0]!.headers.host).toBe(`receiver.test:${port()}`);
    expect(asked).toEqual(['receiver.test']);
  });

  it.each([
    { status: 200, outcome: 'delivered' },
    { status: 299, outcome: 'delivered' },
    { status: 303, outcome: 'failed' },
    { status: 400, outcome: 'failed' },
    { status: 404, outcome: 'failed' },
    { status: 410, outcome: 'stopped' },
    { status: 500, outcome: 'failed' },
  ])('and answered with $status is $outcome', async ({ status, outcome }) => {
    receiver.answer = (_request, response) => response.writeHead(status, { Location: '/end' }).end('x');
    expect(await post(receiver.url)).toMatchObject({ outcome });
    expect(receiver.received).toHaveLength(1);
  });

  it('is tried again no sooner than the receiver asks', async () => {
    receiver.answer = (_request, response) => response.writeHead(429, { 'Retry-After': '120' }).end();
    expect(await post(receiver.url)).toEqual({
      outcome: 'failed',
      reason: 'the receiver answered 429',
      retryAfterSeconds: 120,
    });
  });

  it('has failed when nobody answers in time, and says so', async () => {
    receiver.answer = () => {};
    expect(await post(receiver.url, { timeoutMs: 50 })).toEqual({
      outcome: 'failed',
      reason: 'no answer within 0.05 s',
    });
  });

  it('has failed when nobody listens', async () => {
    expect(await post('http://127.0.0.1:1/')).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED' });
  });

  it('does not wait for the end of an answer, nor read it', async () => {
    let written = 0;
    receiver.answer = (_request, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024))) written += 64 * 1024;
      };
      response.on('drain', more).on('error', () => {});
      more();
    };
    const start = performance.now();
    expect(await post(receiver.url)).toMatchObject({ outcome: 'delivered' });
    expect(performance.now() - start).toBeLessThan(5_000);
    await new Promise((done) => setTimeout(done, 100));
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });
});

describe('a receiver that may not receive (pitfall 54)', () => {
  it.each([
    { name: 'by its address', url: () => `http://127.0.0.2:${port()}/` },
    { name: 'by what its name leads to', url: () => `http://private.test:${port()}/` },
    { name: 'by its protocol', url: () => 'ftp://127.0.0.1/' },
  ])('gets nothing: $name', async ({ url }) => {
    expect(await post(url())).toMatchObject({ outcome: 'stopped' });
    expect(receiver.received).toEqual([]);
  });

  it.each([
    { name: 'an address', to: () => `http://127.0.0.2:${port()}/end` },
    { name: 'a name', to: () => `http://private.test:${port()}/end` },
    { name: 'another protocol', to: () => 'file:///etc/passwd' },
    { name: 'a user', to: () => `http://user@127.0.0.1:${port()}/end` },
  ])('gets nothing by a redirect either: $name', async ({ to }) => {
    redirecting(to());
    expect(await post(receiver.url)).toMatchObject({ outcome: 'stopped' });
    expect(receiver.received).toHaveLength(1);
  });

  it('gets nothing when its name leads elsewhere the second time', async () => {
    let times = 0;
    const rebinding = async () => [{ address: times++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    redirecting('/again');
    const outcome = await post(`http://rebound.test:${port()}/`, { rule: { ...rule, resolve: rebinding } });
    expect(outcome).toMatchObject({ outcome: 'stopped', reason: expect.stringContaining('127.0.0.2') });
    expect(receiver.received).toHaveLength(1);
  });

  it('gets nothing by the rule of the product: this machine is not of the public internet', async () => {
    expect(await post(receiver.url, { rule: PUBLIC_ONLY })).toMatchObject({ outcome: 'stopped' });
    const named = `http://localhost:${port()}/`;
    expect(await post(named, { rule: PUBLIC_ONLY })).toMatchObject({ outcome: 'stopped' });
    expect(receiver.received).toEqual([]);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 307, 308])('by %d takes the whole webhook along', async (status) => {
    redirecting('/end', status);
    expect(await post(receiver.url)).toEqual({ outcome: 'delivered', status: 200 });
    const [first, second] = receiver.received;
    expect(second).toMatchObject({ method: 'POST', path: '/end', body: first!.body });
  });

  it('leads on three times and no further', async () => {
    redirecting('/again');
    expect(await post(receiver.url)).toEqual({ outcome: 'failed', reason: 'it redirected more than 3 times' });
    expect(receiver.received).toHaveLength(4);
  });
});
