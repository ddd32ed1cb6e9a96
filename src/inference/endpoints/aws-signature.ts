import { createHash, createHmac } from 'node:crypto';
import type { AwsCredentials } from './aws-credentials.ts';

export interface UnsignedRequest {
  method: string;
  /** With no query, and no character in its path that would have to be escaped. */
  url: string;
  headers?: Record<string, string>;
  body?: Uint8Array | string;
}

/**
 * The headers that let a request into a service of AWS, those it had among them. Source: Signature Version 4, "Create a
 * signed AWS API request" in the IAM user guide.
 */
export function signedHeaders(
  { method, url, headers = {}, body = '' }: UnsignedRequest,
  { service, region, credentials, now }: { service: string; region: string; credentials: AwsCredentials; now: Date },
): Record<string, string> {
  const { host, pathname } = new URL(url);
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), region, service, 'aws4_request'];
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const sent = {
    ...headers,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': time,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };
  // fetch adds the host itself.
  const signed = Object.entries({ ...sent, host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = [method, pathname, '', lines, names, sha256(body)].join('\n');
  const key = scope.reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n'));
  const credential = `Credential=${accessKeyId}/${scope.join('/')}`;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature.toString('hex')}`,
  };
}

function sha256(text: Uint8Array | string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
