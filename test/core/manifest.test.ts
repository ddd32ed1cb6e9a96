import { expect, it } from 'vitest';
import { isSealIntact, type Manifest, manifestSchema, markerFor, sealManifest } from '#core/manifest';
import { sha256Hex } from '#core/names';

const manifest: Omit<Manifest, 'seal'> = {
  manifest: 1,
  workload: 'toy',
  workloadVersion: '1.0.0',
  outcome: 'complete',
  missing: [],
  degraded: [],
  input: [{ name: 'a.mp4', sha256: sha256Hex('a'), bytes: 1 }],
  params: { every: 30 },
  models: [],
  files: { 'images/0.jpg': { sha256: sha256Hex('b'), bytes: 1, mediaType: 'image/jpeg' } },
};

it('says everything it was given, and the same text each time', () => {
  const text = sealManifest(manifest);
  const { seal, ...rest } = manifestSchema.parse(JSON.parse(text));
  expect(rest).toEqual(manifest);
  expect(seal).toMatch(/^[0-9a-f]{64}$/);
  expect(sealManifest(manifest)).toBe(text);
});

it('no byte of it can change unseen', () => {
  const text = sealManifest(manifest);
  expect(isSealIntact(text)).toBe(true);
  expect(isSealIntact(text.replace('"every": 30', '"every": 31'))).toBe(false);
  expect(isSealIntact(text.replace('a.mp4', 'b.mp4'))).toBe(false);
  expect(isSealIntact(`${text} `)).toBe(false);
  expect(isSealIntact('{}')).toBe(false);
});

it.each([
  { outcome: 'complete', marker: '_SUCCESS' },
  { outcome: 'partial', marker: '_PARTIAL' },
] as const)('a $outcome result is closed by $marker', ({ outcome, marker }) => expect(markerFor(outcome)).toBe(marker));
