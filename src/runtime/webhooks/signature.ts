import { createHmac, randomBytes } from 'node:crypto';

/**
 * The open layout of webhooks (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`, under a secret that is
 * written as `whsec_` and the key in base64.
 */
export const SECRET_PREFIX = 'whsec_';
export const SIGNATURE_VERSION = 'v1';

// The layout asks for 24 to 64 bytes.
const KEY_BYTES = 32;

export function newSecret(): string {
  return `${SECRET_PREFIX}${randomBytes(KEY_BYTES).toString('base64')}`;
}

/** The HMAC of a webhook under one secret. @throws when the secret has no key. */
export function signatureOf(id: string, timestamp: number | string, body: string | Uint8Array, secret: string): Buffer {
  return createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}

function keyOf(secret: string): Buffer {
  const text = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret;
  const key = Buffer.from(text, 'base64');
  if (key.length > 0) return key;
  throw new TypeError(
    `The webhook secret has no key. Expected ${SECRET_PREFIX} and the key in base64, as the API gives it.`,
  );
}

/** The headers of an attempt: signed with each of the secrets, so that receivers may have any of them. */
export function signedHeaders(id: string, body: string, secrets: readonly string[], now: Date): Record<string, string> {
  const timestamp = Math.floor(now.getTime() / 1000);
  const signatures = secrets.map(
    (secret) => `${SIGNATURE_VERSION},${signatureOf(id, timestamp, body, secret).toString('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': `${timestamp}`, 'webhook-signature': signatures.join(' ') };
}
