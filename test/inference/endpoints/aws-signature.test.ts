import { expect, it } from 'vitest';
import { signedHeaders } from '#inference/endpoints/aws-signature';

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const INVOCATION = {
  method: 'POST',
  url: 'https://runtime.sagemaker.ap-south-1.amazonaws.com/endpoints/lighting-2/invocations',
  headers: { 'content-type': 'application/json' },
  body: '{"image":"AA=="}',
};

// The signature is what @smithy/signature-v4 5 gave for the same request, service, region, time and keys.
it('a request is signed as the SDK of AWS does it', () => {
  const how = { service: 'sagemaker', region: 'ap-south-1', now: new Date('2026-11-28T12:00:00Z') };
  expect(signedHeaders(INVOCATION, { ...how, credentials: { ...KEYS, sessionToken: 'a session' } })).toEqual({
    'content-type': 'application/json',
    'x-amz-content-sha256': '2fa7cacb5f3a1df7b06ea3a79ec8d644190e2f2163e1a8d7f386e2975b88ad39',
    'x-amz-date': '20261128T120000Z',
    'x-amz-security-token': 'a session',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261128/ap-south-1/sagemaker/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, ' +
      'Signature=44e596b346bb5388eb3337be057b572df201e2fe63793b00dd4eae86211a97da',
  });
});

it('without a session there is no token, and another body has another signature', () => {
  const how = { service: 'sagemaker', region: 'eu-west-1', credentials: KEYS, now: new Date(0) };
  const [one, other] = ['a', 'b'].map((body) => signedHeaders({ ...INVOCATION, body }, how));
  expect(Object.keys(one!)).not.toContain('x-amz-security-token');
  expect(one!.authorization).not.toBe(other!.authorization);
});
