import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { endpointNamed } from '#inference/endpoints/endpoint-config';

const text = readFileSync(join(import.meta.dirname, '../../docs/endpoints.md'), 'utf8');
const example = /```json\n([\s\S]*?)```/.exec(text)![1]!;

it.each(['lighting', 'signs'])('the endpoint %s of docs/endpoints.md is one that is understood', async (name) => {
  const endpoint = await endpointNamed(name, { STEPREEL_ENDPOINTS: example });
  expect(text).toContain(`\`${endpoint.protocol}\``);
  // The defaults in the table are those in the schema.
  expect([endpoint.timeoutSeconds, endpoint.concurrency, endpoint.retries]).toEqual([30, 4, 3]);
});
