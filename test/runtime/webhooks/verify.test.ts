import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newSecret, signedHeaders } from '#runtime/webhooks/signature';
import { verifyWebhook, type WebhookRefused } from '#runtime/webhooks/verify';

const secret = newSecret();
const sentAt = new Date('2026-11-21T12:00:00Z');
const body = JSON.stringify({ id: 'evt_1', type: 'job-end' });
const headers = signedHeaders('evt_1', body, [secret], sentAt);
const at = (seconds: number) => () => new Date(sentAt.getTime() + seconds * 1000);

const faultOf = (request: Partial<Parameters<typeof verifyWebhook>[0]>) => {
  try {
    verifyWebhook({ headers, body, secret, now: at(0), ...request });
    return 'none';
  } catch (thrown) {
    return (thrown as WebhookRefused).fault;
  }
};

describe('the signature', () => {
  it('is the one that the open layout of webhooks prescribes', () => {
    // The example of the layout’s own libraries.
    const known = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const text = '{"test": 2432232314}';
    const time = new Date(1614265330 * 1000);
    expect(signedHeaders('msg_p5jXN8AQM9LWM0D4loKWxJek', text, [known], time)).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is of a key of 32 bytes, which is another each time', () => {
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    expect(newSecret()).not.toBe(secret);
  });
});

describe('a webhook (pitfall 54)', () => {
  it('that is signed and fresh is taken, with what it says', () => {
    expect(verifyWebhook({ headers, body, secret, now: at(1) })).toEqual({
      id: 'evt_1',
      sentAt,
      event: { id: 'evt_1', type: 'job-end' },
    });
  });

  it.each([
    { name: 'Headers of fetch', given: new Headers(headers) },
    {
      name: 'names in capitals',
      given: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toUpperCase(), v])),
    },
  ])('may come with $name', ({ given }) => expect(faultOf({ headers: given })).toBe('none'));

  it('may come as bytes', () => expect(faultOf({ body: Buffer.from(body) })).toBe('none'));

  it.each([
    { name: 'another secret', request: { secret: newSecret() }, fault: 'no-match' },
    { name: 'another body', request: { body: `${body} ` }, fault: 'no-match' },
    { name: 'another id', request: { headers: { ...headers, 'webhook-id': 'evt_2' } }, fault: 'no-match' },
    {
      name: 'another time',
      request: { headers: { ...headers, 'webhook-timestamp': '1795262401' } },
      fault: 'no-match',
    },
    {
      name: 'a signature cut short',
      request: { headers: { ...headers, 'webhook-signature': 'v1,AAAA' } },
      fault: 'no-match',
    },
    {
      name: 'a signature of another version',
      request: { headers: { ...headers, 'webhook-signature': headers['webhook-signature']!.replace('v1,', 'v2,') } },
      fault: 'no-match',
    },
    {
      name: 'no signature',
      request: { headers: { ...headers, 'webhook-signature': undefined } },
      fault: 'missing-header',
    },
    { name: 'no id', request: { headers: { ...headers, 'webhook-id': '' } }, fault: 'missing-header' },
    {
      name: 'two ids',
      request: { headers: { ...headers, 'webhook-id': ['evt_1', 'evt_2'] } },
      fault: 'missing-header',
    },
    {
      name: 'a time that is none',
      request: { headers: { ...headers, 'webhook-timestamp': '12.5' } },
      fault: 'bad-timestamp',
    },
    { name: 'a time long ago', request: { now: at(301) }, fault: 'too-old' },
    { name: 'a time far ahead', request: { now: at(-301) }, fault: 'too-new' },
    {
      name: 'a time just past what the receiver allows',
      request: { toleranceSeconds: 10, now: at(11) },
      fault: 'too-old',
    },
    { name: 'a time within it', request: { toleranceSeconds: 10, now: at(10) }, fault: 'none' },
  ])('with $name: $fault', ({ request, fault }) => expect(faultOf(request)).toBe(fault));

  it('with a body that is no JSON is refused after its signature was checked', () => {
    const text = 'no JSON';
    expect(faultOf({ body: text, headers: signedHeaders('evt_1', text, [secret], sentAt) })).toBe('no-json');
  });
});

describe('while one secret takes the place of another', () => {
  const [older, newer] = [newSecret(), newSecret()];
  const both = signedHeaders('evt_1', body, [newer, older], sentAt);

  it.each([older, newer])('a receiver that has either of them takes what is signed with both', (known) => {
    expect(faultOf({ headers: both, secret: known })).toBe('none');
  });

  it('a receiver that has both takes what is signed with one', () => {
    expect(faultOf({ headers: signedHeaders('evt_1', body, [older], sentAt), secret: [newer, older] })).toBe('none');
  });
});

it('a secret without a key signs nothing, rather than something that anybody can sign', () => {
  expect(() => verifyWebhook({ headers, body, secret: 'whsec_', now: at(0) })).toThrow(TypeError);
  const empty = createHmac('sha256', '').update(`evt_1.${headers['webhook-timestamp']}.${body}`).digest('base64');
  expect(() =>
    verifyWebhook({ headers: { ...headers, 'webhook-signature': `v1,${empty}` }, body, secret: '', now: at(0) }),
  ).toThrow(TypeError);
});
