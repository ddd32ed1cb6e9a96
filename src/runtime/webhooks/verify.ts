import { timingSafeEqual } from 'node:crypto';
import { SIGNATURE_VERSION, signatureOf } from './signature.ts';

export interface VerifyRequest {
  /** The request's, as Node, fetch or a framework gives them. */
  headers: Headers | Record<string, string | string[] | undefined>;
  /** The body as it came, byte for byte: JSON that was parsed and written again has another signature. */
  body: string | Uint8Array;
  /** The secret, or several while one takes the place of another. */
  secret: string | readonly string[];
  /** How old a webhook may be, or how far ahead its clock; five minutes if not given. */
  toleranceSeconds?: number;
  now?: () => Date;
}

export type WebhookFault = 'missing-header' | 'bad-timestamp' | 'too-old' | 'too-new' | 'no-match' | 'no-json';

/** What came is not a webhook of ours, or not a fresh one. Answer it with 400 and do nothing. */
export class WebhookRefused extends Error {
  override readonly name = 'WebhookRefused';
  readonly fault: WebhookFault;

  constructor(fault: WebhookFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

export interface VerifiedWebhook {
  /** The same for a webhook that is sent again: what was done for it once need not be done again. */
  id: string;
  /** When it was sent. */
  sentAt: Date;
  /** What the body says. */
  event: unknown;
}

const TOLERANCE_SECONDS = 300;

/** Checks that a webhook was signed with the secret, and not long ago. @throws WebhookRefused when not. */
export function verifyWebhook(request: VerifyRequest): VerifiedWebhook {
  const { headers, body, secret, toleranceSeconds = TOLERANCE_SECONDS, now = () => new Date() } = request;
  const id = requireHeader(headers, 'webhook-id');
  const timestamp = requireHeader(headers, 'webhook-timestamp');
  const signatures = requireHeader(headers, 'webhook-signature');
  const seconds = requireFresh(timestamp, toleranceSeconds, now());
  const secrets = typeof secret === 'string' ? [secret] : secret;
  const expected = secrets.map((each) => signatureOf(id, timestamp, body, each));
  const given = signaturesIn(signatures);
  // Every pair is compared, so that the time tells nothing of which one it was.
  const matches = expected.flatMap((one) => given.map((other) => isSame(one, other)));
  if (!matches.includes(true)) {
    throw new WebhookRefused('no-match', 'No signature of the webhook is of this secret and this body.');
  }
  return { id, sentAt: new Date(seconds * 1000), event: eventIn(body) };
}

function requireHeader(headers: VerifyRequest['headers'], name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : valueIn(headers, name);
  if (value) return value;
  throw new WebhookRefused('missing-header', `The request has no header ${name}: it is not a webhook.`);
}

function valueIn(headers: Record<string, string | string[] | undefined>, name: string): string | undefined {
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  return typeof entry?.[1] === 'string' ? entry[1] : undefined;
}

function requireFresh(timestamp: string, toleranceSeconds: number, now: Date): number {
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new WebhookRefused('bad-timestamp', 'The header webhook-timestamp is not a number of seconds.');
  }
  const age = now.getTime() / 1000 - Number(timestamp);
  const fault = age > toleranceSeconds ? 'too-old' : age < -toleranceSeconds ? 'too-new' : undefined;
  if (!fault) return Number(timestamp);
  throw new WebhookRefused(
    fault,
    `The webhook was sent ${Math.round(age)} s ago; at most ${toleranceSeconds} s are taken.`,
  );
}

/** `v1,<base64> v1a,<base64> …`: other versions are somebody else's. */
function signaturesIn(header: string): Buffer[] {
  return header.split(' ').flatMap((each) => {
    const [version, text = ''] = each.split(',');
    return version === SIGNATURE_VERSION ? [Buffer.from(text, 'base64')] : [];
  });
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function eventIn(body: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString());
  } catch {
    throw new WebhookRefused('no-json', 'The body of the webhook is not JSON, though its signature is right.');
  }
}
