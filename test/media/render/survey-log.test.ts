import { describe, expect, it } from 'vitest';
import { createSurveyLog } from '#media/render/survey-log';

const SOURCE = '[showinfo@source @ 0x1] [info]';
const SAMPLE = '[showinfo@sample @ 0x2] [info]';
const CONFIG = `${SOURCE} config in time_base: 1/24000, frame_rate: 24000/1001`;
const frame = (probe: string, pts: number | string, key = 0, facts = 'pos: 44 fmt:yuv420p10le') =>
  `${probe} n:   0 pts:   ${pts} pts_time:0  ${facts} sar:1/1 s:320x240 i:P iskey:${key} type:I `;

function logOf(...lines: string[]) {
  const log = createSurveyLog();
  for (const line of lines) log.read(line);
  return log;
}

describe('the survey log', () => {
  it('tells the stamp of every frame, where decoding may begin, and which were sampled', () => {
    const { frames, sampled } = logOf(
      CONFIG,
      frame(SOURCE, 1001, 1),
      frame(SAMPLE, 1001, 1),
      frame(SOURCE, 2002),
      frame(SOURCE, 3003),
      frame(SAMPLE, 3003),
    );
    expect(frames).toEqual([
      { ticks: 1001, key: true },
      { ticks: 2002, key: false },
      { ticks: 3003, key: false },
    ]);
    expect(sampled).toEqual([0, 2]);
  });

  it.each([
    { name: 'no time stamp', stamps: [10, 'NOPTS', 12] },
    { name: 'the same one twice', stamps: [10, 10, 12] },
  ])('puts a frame with $name right after the one before', ({ stamps }) => {
    const { frames } = logOf(CONFIG, ...stamps.map((stamp) => frame(SOURCE, stamp)));
    expect(frames.map(({ ticks }) => ticks)).toEqual([10, 11, 12]);
  });

  it.each([
    { release: '5.1', between: 'b(0.1500 0.0600)' },
    { release: '7.0', between: 'b(0.1500,0.0600)' },
  ])('reads colour and HDR metadata as ffmpeg $release writes them', ({ between }) => {
    const { facts } = logOf(
      CONFIG,
      frame(SOURCE, 0, 1, 'duration: 1001 duration_time:0.04 fmt:yuv420p10le cl:left'),
      `${SOURCE}   side data - mastering display: has_primaries:1 has_luminance:1 r(0.6800,0.3200) g(0.2650,0.6900) ${between} wp(0.3127, 0.3290) min_luminance=0.000100, max_luminance=1000.000000`,
      `${SOURCE}   side data - Content light level metadata: MaxCLL=1000, MaxFALL=400`,
      `${SOURCE} color_range:tv color_space:bt2020nc color_primaries:bt2020 color_trc:smpte2084`,
    );
    expect(facts).toEqual({
      timeBase: { numerator: 1, denominator: 24_000 },
      frameRate: '24000/1001',
      pixelFormat: 'yuv420p10le',
      pixelAspect: '1/1',
      width: 320,
      height: 240,
      colour: { range: 'tv', matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084' },
      mastering: 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)',
      lightLevel: { content: 1000, average: 400 },
    });
  });
});
