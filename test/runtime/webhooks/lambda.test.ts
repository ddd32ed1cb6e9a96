import { beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '#core/errors';
import type { Job } from '#core/job';
import type { JobStore } from '#core/ports';
import { queueHandler } from '#runtime/queue';
import { webhookDoor } from '#runtime/webhooks/lambda';
import { ANYWHERE, PUBLIC_ONLY, type ReceiverRule } from '#runtime/webhooks/receivers';
import { newSecret } from '#runtime/webhooks/signature';
import { verifyWebhook } from '#runtime/webhooks/verify';
import { aJob } from '../../conformance/job-store.ts';
import { context, keepLog } from '../../helpers/lambda.ts';
import { aNotice } from '../../helpers/notice.ts';
import { aReceiver, type Receiver } from '../../helpers/receiver.ts';

const lines = keepLog();
const secret = newSecret();
let receiver: Receiver;
let job: Job | undefined;
let rule: ReceiverRule;
let postponed: { receiptHandle: string; seconds: number }[];
let queueIsDown: boolean;
const jobs: Pick<JobStore, 'get'> = { get: async () => job };

beforeEach(async () => {
  receiver = await aReceiver();
  rule = ANYWHERE;
  postponed = [];
  queueIsDown = false;
  job = aJob({ team: 'red', notify: { url: `${receiver.url}/hook` } });
});

const event = (detail: unknown = { ...aNotice(), webhook: true }) => ({
  source: 'stepreel',
  'detail-type': 'job-end',
  detail,
});
const deliver = (receives = 1, message: unknown = event()) =>
  queueHandler('webhooks', async () =>
    webhookDoor({
      jobs,
      secrets: { of: async (team) => (team === 'red' ? [secret] : ['whsec_x']) },
      rule,
      async postpone(receiptHandle, seconds) {
        if (queueIsDown) throw new TransientError('SQS is down');
        postponed.push({ receiptHandle, seconds });
      },
      once: async (_key, _context, work) => await work(),
      random: () => 0.5,
    }),
  )(
    {
      Records: [
        {
          messageId: 'm-1',
          receiptHandle: 'r-1',
          body: JSON.stringify(message),
          attributes: { ApproximateReceiveCount: `${receives}` },
        },
      ],
    },
    context,
  );
const ok = { batchItemFailures: [] };
const again = { batchItemFailures: [{ itemIdentifier: 'm-1' }] };

describe('a webhook on AWS', () => {
  it('is posted to where its job says, signed for its team', async () => {
    expect(await deliver()).toEqual(ok);
    const [{ path, headers, body }] = receiver.received as [Receiver['received'][0]];
    expect(path).toBe('/hook');
    expect(verifyWebhook({ headers, body, secret }).event).toEqual(aNotice());
    expect(lines()).toMatchObject([
      { message: 'handled', jobId: 'toy-1', webhook: 'delivered', host: expect.any(String) },
    ]);
  });

  it.each([
    { receives: 1, seconds: 5 },
    { receives: 4, seconds: 320 },
    { receives: 9, seconds: 21_600 },
  ])('that failed for the $receives. time comes again after $seconds s', async ({ receives, seconds }) => {
    receiver.answer = (_request, response) => response.writeHead(500).end();
    expect(await deliver(receives)).toEqual(again);
    expect(postponed).toEqual([{ receiptHandle: 'r-1', seconds }]);
  });

  it('comes again no sooner than the receiver asks', async () => {
    receiver.answer = (_request, response) => response.writeHead(503, { 'Retry-After': '600' }).end();
    expect(await deliver()).toEqual(again);
    expect(postponed[0]!.seconds).toBe(600);
  });

  it('comes again when its queue says, where that can’t be changed', async () => {
    receiver.answer = (_request, response) => response.writeHead(500).end();
    queueIsDown = true;
    expect(await deliver()).toEqual(again);
    expect(lines()).toContainEqual(
      expect.objectContaining({ level: 'WARN', reason: expect.stringContaining('SQS is down') }),
    );
  });

  it('is not tried again where it is not wanted or may not go (pitfall 54)', async () => {
    receiver.answer = (_request, response) => response.writeHead(410).end();
    expect(await deliver()).toEqual(ok);
    rule = PUBLIC_ONLY;
    expect(await deliver()).toEqual(ok);
    expect(receiver.received).toHaveLength(1);
    expect(lines().map(({ webhook }) => webhook)).toEqual(['stopped', 'stopped']);
  });

  it('of a job that is gone is none', async () => {
    job = undefined;
    expect(await deliver()).toEqual(ok);
    expect(receiver.received).toEqual([]);
  });

  it('whose event is not ours comes again, until it ends in the dead letters', async () => {
    expect(await deliver(1, event({ id: 'evt_1' }))).toEqual(again);
  });

  it('is logged without its secret, and without the path of the receiver, which may hold one', async () => {
    receiver.answer = (_request, response) => response.writeHead(500).end();
    job = aJob({ team: 'red', notify: { url: `${receiver.url}/hook?token=t0ken` } });
    await deliver();
    const text = JSON.stringify(lines());
    expect(text).toContain('127.0.0.1');
    expect(text).not.toMatch(/t0ken|whsec_|v1,/);
  });
});
