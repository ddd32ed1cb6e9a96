import { describe, expect, it } from 'vitest';
import { clipQcParams } from '#workloads/clip-qc/contract';

describe('the parameters of a clip-qc job', () => {
  it('need not be given at all', () => {
    expect(clipQcParams.parse({})).toMatchObject({ sampleFps: 5, maxSeconds: 10, maxHeight: 720, threshold: 0.5 });
  });

  it.each([
    { name: 'an unknown parameter', params: { treshold: 0.6 }, says: 'treshold' },
    { name: 'an engine that does not exist', params: { textEngine: 'easyocr' }, says: 'tesseract' },
    { name: 'a threshold above 1', params: { threshold: 1.5 }, says: '<=1' },
    { name: 'no frames a second', params: { sampleFps: 0 }, says: '>0' },
    { name: 'a patch grid of three numbers', params: { patchGrid: [4, 4, 4] }, says: 'patchGrid' },
    { name: 'a patch grid of no columns', params: { patchGrid: [0, 4] }, says: '>=1' },
    { name: 'something else than a mapping', params: [1, 2], says: 'object' },
  ])('refuse $name', ({ params, says }) => {
    expect(clipQcParams.safeParse(params).error?.message).toContain(says);
  });
});
