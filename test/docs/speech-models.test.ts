import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loopbackSpeechEndpointSchema } from '#inference/endpoints/speech-config';
import { acousticModelSchema } from '#inference/models';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/speech-models.md'), 'utf8');

it('the model.json of docs/speech-models.md is one that is understood', () => {
  const [, json] = /```json\n(.*?)```/s.exec(text)!;
  const description = JSON.parse(json!.replace('…64 hex digits…', '0'.repeat(64)));
  expect(acousticModelSchema.safeParse(description).error).toBeUndefined();
});

it('docs/speech-models.md names fields that there are, and files that there are', () => {
  const fields = Array.from(text.matchAll(/^\| `(\w+)\.(\w+)`/gm), ([, group, field]) => [group!, field!] as const);
  expect(fields.length).toBeGreaterThan(5);
  const { input, output } = acousticModelSchema.shape;
  const known = { input: input.shape, output: output.shape } as Record<string, object>;
  for (const [group, field] of fields) expect(known[group], `${group}.${field}`).toHaveProperty(field);
  for (const [, path] of text.matchAll(/((?:scripts|workloads)\/[\w./-]+)/g))
    expect(existsSync(join(root, path!)), path).toBe(true);
});

it('docs/speech-models.md says the limits that an endpoint has unless it says otherwise', () => {
  const { connectSeconds, callSeconds, retries, breaker } = loopbackSpeechEndpointSchema.parse({
    url: 'https://triton.example/v2/models/letters',
  });
  expect({ connectSeconds, callSeconds, retries, breaker }).toEqual({
    connectSeconds: 5,
    callSeconds: 10,
    retries: 2,
    breaker: { failures: 5, restSeconds: 30 },
  });
  expect(text).toMatch(/has 5 s and a try 10 s, and two more tries follow\. After five failures .* alone for 30 s/);
});
