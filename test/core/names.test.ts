import { describe, expect, it } from 'vitest';
import { attemptPrefix, canonicalJson, jobId, kebabCase, sha256Hex, stepPrefix } from '#core/names';

describe('a job id', () => {
  it('begins with the workload and is new each time', () => {
    const [one, other] = [jobId('clip-qc'), jobId('clip-qc')];
    expect(one).toMatch(/^clip-qc-[0-9a-f]{32}$/);
    expect(one).not.toBe(other);
  });

  it('is fixed by a seed, for one workload', () => {
    expect(jobId('dataset', 'key')).toBe(jobId('dataset', 'key'));
    expect(jobId('dataset', 'key')).not.toBe(jobId('dataset', 'other'));
    expect(jobId('dataset', 'key').slice(-32)).not.toBe(jobId('clip-qc', 'key').slice(-32));
  });
});

it.each([
  { at: { jobId: 'toy-1', step: 'Cut', attempt: 2 }, prefix: 'jobs/toy-1/steps/Cut/attempt-2/' },
  { at: { jobId: 'toy-1', step: 'Cut', shard: 7, attempt: 1 }, prefix: 'jobs/toy-1/steps/Cut/0007/attempt-1/' },
])('an attempt writes below $prefix', ({ at, prefix }) => {
  expect(attemptPrefix(at)).toBe(prefix);
  expect(prefix.startsWith(stepPrefix(at))).toBe(true);
});

it.each([
  { name: 'DetectObjects', file: 'detect-objects' },
  { name: 'Cut', file: 'cut' },
  { name: 'Write2Reports', file: 'write2-reports' },
])('$name lives in $file', ({ name, file }) => expect(kebabCase(name)).toBe(file));

it('gives the digest of texts and bytes', () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  expect([sha256Hex(''), sha256Hex(new Uint8Array())]).toEqual([empty, empty]);
});

it('writes equal values as equal texts', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: 'x' })).toBe('{"a":"x","b":[{"c":null,"d":1}]}');
  expect(canonicalJson([3, 1, 2])).toBe('[3,1,2]');
});
