import { expect, it } from 'vitest';
import { annotateParams, detectorsOf } from '#workloads/annotate/contract';

it('an empty request is a whole one', () => {
  expect(annotateParams.parse({})).toMatchObject({
    model: 'worksite@1.0.0',
    confidence: 0.25,
    codec: 'h264',
    track: true,
  });
});

it.each([
  { name: 'both ways of sampling', params: { every: 2, fps: 1 } },
  { name: 'a codec that is none of ours', params: { codec: 'prores' } },
  { name: 'a quality beyond the scale of the codec', params: { codec: 'h264', crf: 60 } },
  { name: 'a parameter that does not exist', params: { frame_interval: 3 } },
  { name: 'six detectors', params: { detectors: Array(6).fill({ model: 'a' }) } },
  {
    name: 'an address instead of the name of an endpoint and more',
    params: { detectors: [{ endpoint: 'a', url: 'http://x' }] },
  },
])('refuses $name', ({ params }) => expect(annotateParams.safeParse(params).success).toBe(false));

it('several detectors stand instead of the one', () => {
  const params = annotateParams.parse({ detectors: [{ model: 'a@1.0.0' }, { endpoint: 'lighting' }] });
  expect(detectorsOf(params)).toEqual([{ model: 'a@1.0.0' }, { endpoint: 'lighting' }]);
});
