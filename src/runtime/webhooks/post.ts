import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Notice } from '#core/notices';
import { checkedLookup, ReceiverRefused, type ReceiverRule, refuseReceiver } from './receivers.ts';
import { signedHeaders } from './signature.ts';

export interface WebhookRequest {
  notice: Notice;
  url: string;
  /** What it is signed with, the newest first. */
  secrets: readonly string[];
}

export interface PostOptions {
  rule: ReceiverRule;
  now?: () => Date;
  timeoutMs?: number;
}

/** What became of one attempt. A `failed` one may be tried again, after the time that the receiver asked for if it did. */
export type PostOutcome =
  | { outcome: 'delivered'; status: number }
  | { outcome: 'stopped'; reason: string }
  | { outcome: 'failed'; reason: string; retryAfterSeconds?: number };

const TIMEOUT_MS = 10_000;
const MOST_REDIRECTS = 3;
// Nothing that a receiver answers is of use, but a connection ends better when it was read.
const MOST_ANSWER_BYTES = 4_096;
const USER_AGENT = 'stepreel-webhooks/1';

// Those that keep a POST a POST, and the older two, which every sender of webhooks reads so.
const REDIRECTS = [301, 302, 307, 308];

/** Posts a notice to its receiver once, and to where that leads, each of them checked. Never throws. */
export async function postWebhook(request: WebhookRequest, options: PostOptions): Promise<PostOutcome> {
  const { notice, secrets } = request;
  const { now = () => new Date(), timeoutMs = TIMEOUT_MS, rule } = options;
  const body = JSON.stringify(notice);
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': `${Buffer.byteLength(body)}`,
    'User-Agent': USER_AGENT,
    ...signedHeaders(notice.id, body, secrets, now()),
  };
  // One limit for all of the way: a chain of slow redirects gets no more.
  const signal = AbortSignal.timeout(timeoutMs);
  let url = request.url;
  try {
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const answer = await postOnce(url, { headers, body, rule, signal });
      if (!REDIRECTS.includes(answer.status) || answer.location === undefined) return outcomeOf(answer);
      url = targetOf(answer.location, url);
    }
    return { outcome: 'failed', reason: `it redirected more than ${MOST_REDIRECTS} times` };
  } catch (thrown) {
    if (thrown instanceof ReceiverRefused) return { outcome: 'stopped', reason: thrown.message };
    const { code, message } = (signal.aborted ? signal.reason : thrown) as NodeJS.ErrnoException;
    const reason = signal.aborted ? `no answer within ${timeoutMs / 1000} s` : (code ?? message);
    return { outcome: 'failed', reason: String(reason) };
  }
}

interface Answer {
  status: number;
  location?: string;
  retryAfter?: string;
}

interface OnePost {
  headers: Record<string, string>;
  body: string;
  rule: ReceiverRule;
  signal: AbortSignal;
}

function postOnce(url: string, { headers, body, rule, signal }: OnePost): Promise<Answer> {
  const refused = refuseReceiver(url, rule);
  if (refused) throw new ReceiverRefused(refused);
  const ask = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((answered, failed) => {
    // No agent: a connection that another attempt checked is not used again.
    const options = { method: 'POST', headers, agent: false, lookup: checkedLookup(rule), signal } as const;
    const sent = ask(url, options, (response) => {
      readAway(response);
      const { statusCode: status = 0, headers: got } = response;
      answered({
        status,
        ...(got.location === undefined ? {} : { location: got.location }),
        ...(got['retry-after'] === undefined ? {} : { retryAfter: got['retry-after'] }),
      });
    });
    sent.once('error', failed);
    sent.end(body);
  });
}

function readAway(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) response.destroy();
  });
  // The status has said all: how the body ends is nobody's concern.
  response.on('error', () => {});
}

function targetOf(location: string, from: string): string {
  if (!URL.canParse(location, from)) throw new ReceiverRefused('it redirects to what is no URL');
  return new URL(location, from).href;
}

function outcomeOf({ status, retryAfter }: Answer): PostOutcome {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  if (status === 410) return { outcome: 'stopped', reason: 'the receiver answered 410 Gone' };
  const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? { retryAfterSeconds: Number(retryAfter) } : {};
  return { outcome: 'failed', reason: `the receiver answered ${status}`, ...seconds };
}
