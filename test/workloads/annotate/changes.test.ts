import { expect, it } from 'vitest';
import type { MediaInfo } from '#media/media-info';
import { changesTo } from '#workloads/annotate/changes';

const VIDEO = {
  width: 64,
  height: 48,
  rotation: 0,
  pixelAspect: 1,
  variableFrameRate: false,
  scan: 'progressive',
} as const;
const FACTS = {
  timeBase: { numerator: 1, denominator: 25 },
  ...{ width: 64, height: 48, pixelFormat: 'yuv420p', pixelAspect: '1/1', frameRate: '25/1' },
  colour: { range: 'tv', matrix: 'bt709', primaries: 'bt709', transfer: 'bt709' },
};

function changes({ video = {}, facts = {}, codec = 'h264' as 'h264' | 'hevc', more = {} } = {}) {
  const media = {
    ...{ container: 'MPEG-4', bytes: 1, truncated: false, audio: [], otherTracks: 0 },
    video: [{ ...VIDEO, ...video }],
    ...more,
  } as MediaInfo;
  return changesTo(media, { ...FACTS, ...facts }, codec);
}

it('a plain video is as it was', () => expect(changes()).toEqual([]));

it.each([
  { name: 'a turned picture', given: { video: { rotation: 90 } }, says: /upright.*90/ },
  { name: 'interlaced frames', given: { video: { scan: 'interlaced' } }, says: /deinterlaced/ },
  { name: 'ten bits', given: { video: { bitDepth: 10 }, facts: { pixelFormat: 'yuv420p10le' } }, says: /8 bits.*10/ },
  { name: 'finer colour', given: { video: { chromaSubsampling: '4:2:2' } }, says: /4:2:0.*4:2:2/ },
  { name: 'an odd size', given: { facts: { width: 63 } }, says: /64x48.*63x48/ },
  {
    name: 'HDR metadata',
    given: { facts: { lightLevel: { content: 1000, average: 400 } } },
    says: /light levels.*hevc/,
  },
  { name: 'a time code stream', given: { more: { otherTracks: 1 } }, says: /data streams/ },
])('$name is told', ({ given, says }) => {
  expect(changes(given)).toEqual([expect.stringMatching(says)]);
});

it('HEVC keeps ten bits and HDR metadata', () => {
  const facts = { pixelFormat: 'yuv420p10le', lightLevel: { content: 1000, average: 400 } };
  expect(changes({ video: { bitDepth: 10 }, facts, codec: 'hevc' })).toEqual([]);
});
