import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDeliveries } from '#adapters/local/notices-folder';
import { MOST_ATTEMPTS, type Notice } from '#core/notices';
import { openWebhooks, type Webhooks } from '#runtime/webhooks/deliver';
import { ANYWHERE, PUBLIC_ONLY } from '#runtime/webhooks/receivers';
import { newSecret } from '#runtime/webhooks/signature';
import { verifyWebhook } from '#runtime/webhooks/verify';
import { aNotice } from '../../helpers/notice.ts';
import { aReceiver, type Receiver } from '../../helpers/receiver.ts';
import { aFolder } from '../../helpers/state-folder.ts';

const secret = newSecret();
const opened: Webhooks[] = [];
let folder: string;
let receiver: Receiver;
let faults: Error[];
let time: number;

beforeEach(async () => {
  folder = aFolder();
  receiver = await aReceiver();
  faults = [];
  time = Date.now();
});
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** A process with its webhooks; what is kept outlives it. */
async function aProcess({ rule = ANYWHERE, timeoutMs = 2000 } = {}) {
  const webhooks = openWebhooks({
    deliveries: openDeliveries(folder),
    secrets: { of: async () => [secret] },
    rule,
    onFault: (thrown) => faults.push(thrown as Error),
    now: () => new Date(time),
    timeoutMs,
    random: () => 0.5,
  });
  opened.push(webhooks);
  await webhooks.resume();
  return webhooks;
}
const kept = () => openDeliveries(folder).open();
const to = () => ({ url: receiver.url });
const failing = () => (receiver.answer = (_request, response) => response.writeHead(500).end());
const working = () => (receiver.answer = (_request, response) => response.writeHead(200).end());
const idsGot = () => receiver.received.map(({ headers }) => headers['webhook-id']);

describe('a webhook at home', () => {
  it('is posted, signed, and then done with', async () => {
    const webhooks = await aProcess();
    await webhooks.publish(aNotice(), to());
    const [{ headers, body }] = (await receiver.got(1)) as [Receiver['received'][0]];
    expect(verifyWebhook({ headers, body, secret }).event).toEqual(aNotice());
    await vi.waitFor(async () => expect(await kept()).toEqual([]));
  });

  it('is not posted where nobody asked for it', async () => {
    await (await aProcess()).publish(aNotice());
    await sleep(50);
    expect(receiver.received).toEqual([]);
  });

  it('is posted once, however often it is told', async () => {
    const webhooks = await aProcess();
    await Promise.all([webhooks.publish(aNotice(), to()), webhooks.publish(aNotice(), to())]);
    await receiver.got(1);
    await webhooks.close();
    const later = await aProcess();
    await later.publish(aNotice(), to());
    await sleep(50);
    expect(receiver.received).toHaveLength(1);
  });

  it('that failed is tried again when its time has come, under the same id and a new time (pitfall 54)', async () => {
    failing();
    const first = await aProcess();
    await first.publish(aNotice(), to());
    await receiver.got(1);
    await vi.waitFor(async () => expect((await kept())[0]).toMatchObject({ failures: 1 }));
    const [delivery] = await kept();
    expect(Date.parse(delivery!.nextAt) - time).toBe(5000);
    await first.close();

    working();
    const early = await aProcess();
    await sleep(50);
    expect(receiver.received).toHaveLength(1);
    await early.close();

    time += 5000;
    await aProcess();
    await receiver.got(2);
    const [one, other] = receiver.received;
    expect(other!.headers['webhook-id']).toBe(one!.headers['webhook-id']);
    expect(Number(other!.headers['webhook-timestamp'])).toBe(Number(one!.headers['webhook-timestamp']) + 5);
    await vi.waitFor(async () => expect(await kept()).toEqual([]));
    expect(faults).toEqual([]);
  });

  it('is given up in the end, and that is told', async () => {
    failing();
    await openDeliveries(folder).add({
      notice: aNotice(),
      url: receiver.url,
      failures: MOST_ATTEMPTS - 1,
      firstAt: new Date(time).toISOString(),
      nextAt: new Date(time).toISOString(),
    });
    await aProcess();
    await vi.waitFor(() => expect(faults).toHaveLength(1));
    expect(faults[0]!.message).toMatch(
      /job-end of job toy-1 was not delivered to 127.0.0.1:\d+ after 10 attempts: .*500/,
    );
    expect(await kept()).toEqual([]);
  });

  it.each([
    { name: 'by 410', options: {}, answer: 410 },
    { name: 'by the rule', options: { rule: PUBLIC_ONLY }, answer: 200 },
  ])('is not tried again where it may not go: $name', async ({ options, answer }) => {
    receiver.answer = (_request, response) => response.writeHead(answer).end();
    await (await aProcess(options)).publish(aNotice(), to());
    await vi.waitFor(() => expect(faults).toHaveLength(1));
    expect(await kept()).toEqual([]);
  });
});

it('what was published survives the process that died before it was posted', async () => {
  // Nobody posts these: the process is gone as soon as they are kept.
  const dying = await aProcess();
  await dying.close();
  await dying.publish(aNotice({ id: 'evt_a' }), to());
  await dying.publish(aNotice({ id: 'evt_b' }), to());
  await aProcess();
  await receiver.got(2);
  expect(idsGot().sort()).toEqual(['evt_a', 'evt_b']);
});

it('a slow receiver holds up a few attempts, and nothing is posted twice', async () => {
  let atOnce = 0;
  let most = 0;
  receiver.answer = async (_request, response) => {
    most = Math.max(most, ++atOnce);
    await sleep(5);
    atOnce -= 1;
    response.writeHead(200).end();
  };
  const webhooks = await aProcess();
  const notices: Notice[] = Array.from({ length: 60 }, (_, index) => aNotice({ id: `evt_${index}` }));
  await Promise.all(notices.map((notice) => webhooks.publish(notice, to())));
  await receiver.got(60);
  await vi.waitFor(async () => expect(await kept()).toEqual([]));
  expect(most).toBeLessThanOrEqual(8);
  expect(new Set(idsGot()).size).toBe(60);
});
