import { describe, expect, it } from 'vitest';
import { aClip, aFile, probe } from '../../helpers/media-clips.ts';
import { frameTimes, packetsOf, psnr, streamsOf } from '../../helpers/media-streams.ts';
import { processesOn } from '../../helpers/processes-on.ts';
import { renderClip } from '../../helpers/render-clip.ts';

const source = (rate: string, seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=s=192x108:r=${rate}:d=${seconds}`];
const tone = (seconds: number) => ['-f', 'lavfi', '-i', `sine=440:d=${seconds}`];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '10'];
const AAC = ['-c:a', 'aac'];
// Frames come and go, and for a second there are none.
const UNEVEN = ['-vf', "select='gt(mod(n*7\\,11)\\,3)*not(between(t\\,1\\,2))',settb=1/90000", '-fps_mode', 'vfr'];

async function furthest(a: string, b: string): Promise<number> {
  const [times, others] = [await frameTimes(a), await frameTimes(b)];
  expect(others).toHaveLength(times.length);
  return Math.max(...times.map((time, at) => Math.abs(time - others[at]!)));
}

/** For how long the picture lasts, as the container says. */
async function lengthOf(path: string): Promise<number> {
  const { video, durationSeconds } = await probe(path);
  return video[0]!.durationSeconds ?? durationSeconds!;
}

// Pitfall 47: a time stamp for every frame, sound kept, no frame count trusted.
describe('every frame is where it was, and the sound with it', () => {
  it.each([
    {
      name: '29.97 frames a second',
      file: 'a.mp4',
      args: [...source('30000/1001', 1.5), ...tone(1.5), ...H264, ...AAC],
    },
    {
      name: '23.976 frames a second',
      file: 'a.mov',
      args: [...source('24000/1001', 1.5), ...tone(1.5), ...H264, ...AAC],
    },
    { name: 'sound longer than the picture', file: 'a.mp4', args: [...source('25', 1), ...tone(3), ...H264, ...AAC] },
    {
      name: 'a variable rate, with a gap',
      file: 'a.mp4',
      args: [
        ...source('60', 3),
        ...tone(3),
        ...UNEVEN,
        '-enc_time_base',
        '1:90000',
        ...H264,
        '-video_track_timescale',
        '90000',
        ...AAC,
      ],
    },
    {
      name: 'a picture that begins late',
      file: 'a.mp4',
      args: [...source('25', 1), ...tone(1), ...H264, ...AAC, '-output_ts_offset', '1.3'],
    },
    {
      name: 'a negative first time stamp',
      file: 'a.mp4',
      args: [
        ...source('25', 2),
        ...tone(2),
        ...H264,
        ...AAC,
        '-output_ts_offset',
        '-0.7',
        '-avoid_negative_ts',
        'disabled',
      ],
    },
    {
      name: 'a rate that falls, with frames that are decoded in another order',
      file: 'a.mp4',
      args: [
        ...source('60', 3),
        ...tone(3),
        ...['-vf', "select='lt(t\\,1)+not(mod(n\\,7))',settb=1/90000", '-fps_mode', 'vfr', '-enc_time_base', '1:90000'],
        ...H264,
        ...['-video_track_timescale', '90000'],
        ...AAC,
      ],
    },
    { name: 'Matroska', file: 'a.mkv', args: [...source('30000/1001', 1), ...tone(1), ...H264, ...AAC] },
    {
      name: 'AVI',
      file: 'a.avi',
      args: [...source('30000/1001', 1), ...tone(1), '-c:v', 'mpeg4', '-c:a', 'libmp3lame'],
    },
    { name: 'QuickTime with PCM', file: 'a.mov', args: [...source('25', 1), ...tone(1), ...H264, '-c:a', 'pcm_s16le'] },
    { name: 'a single frame', file: 'a.mp4', args: [...source('25', 0.04), ...H264] },
  ])('$name', async ({ file, args }) => {
    const clip = await aClip(file, ...args);
    const { path } = await renderClip(clip);
    expect(await furthest(clip, path)).toBeLessThan(0.001);
    if (!file.endsWith('.avi'))
      expect(Math.abs((await lengthOf(path)) - (await lengthOf(clip)))).toBeLessThanOrEqual(0.0011);
    if (!args.some((arg) => arg.startsWith('sine'))) return;
    const [packets, kept] = [await packetsOf(clip, '0:a'), await packetsOf(path, '0:a')];
    expect(kept.map(({ hash }) => hash)).toEqual(packets.map(({ hash }) => hash));
    expect(Math.max(...packets.map(({ seconds }, at) => Math.abs(seconds - kept[at]!.seconds)))).toBeLessThan(0.001);
  });

  it('an edit list', async () => {
    const whole = await aClip('whole.mp4', ...source('25', 3), ...tone(3), ...H264, ...AAC);
    const clip = await aClip('cut.mp4', '-ss', '0.5', '-i', whole, '-c', 'copy');
    const { path } = await renderClip(clip);
    expect(await furthest(clip, path)).toBeLessThan(0.001);
    const [before, after] = [await probe(clip), await probe(path)];
    expect(Math.abs(after.durationSeconds! - before.durationSeconds!)).toBeLessThanOrEqual(0.001);
  });
});

describe('segments', () => {
  it('are joined without a seam: the same frames at the same times, sound and all', async () => {
    const clip = await aClip('long.mp4', ...source('30000/1001', 4), ...tone(4), ...H264, ...AAC);
    const [whole, parts] = [await renderClip(clip), await renderClip(clip, { framesPerSegment: 25 })];
    expect(parts.segments).toBeGreaterThan(3);
    expect(await furthest(clip, parts.path)).toBeLessThan(1e-6);
    expect(await packetsOf(parts.path, '0:a')).toEqual(await packetsOf(whole.path, '0:a'));
    expect(await psnr(clip, parts.path)).toBeGreaterThan((await psnr(clip, whole.path)) - 0.5);
  });

  it('of a variable rate, each drawn with its own boxes', async () => {
    const clip = await aClip('vfr.mkv', ...source('60', 4), ...UNEVEN, ...H264);
    const boxes = (frame: number) => [{ box: [frame % 90, 40, 40, 40] as const, label: 'a', classIndex: 0, score: 1 }];
    const [whole, parts] = [await renderClip(clip, { boxes }), await renderClip(clip, { boxes, framesPerSegment: 40 })];
    expect(parts.segments).toBeGreaterThan(2);
    expect(await furthest(clip, parts.path)).toBeLessThan(0.001);
    expect(await psnr(whole.path, parts.path)).toBeGreaterThan(35);
  });
});

it('what is outside of the boxes loses no more than encoding takes', async () => {
  const clip = await aClip('a.mp4', ...source('25', 1), ...H264);
  const { path } = await renderClip(clip, {
    boxes: () => [{ box: [10, 60, 40, 40], label: '', classIndex: 0, score: 1 }],
  });
  expect(await psnr(clip, path, 'crop=90:100:100:0')).toBeGreaterThan(38);
  expect(await psnr(clip, path, 'crop=60:60:0:48')).toBeLessThan(25);
});

it('what is outside of the boxes is the source, bit for bit, where encoding takes nothing', async () => {
  const clip = await aClip('a.mp4', ...source('25', 2), ...H264);
  const boxes = () => [{ box: [10, 60, 40, 40] as const, label: '', classIndex: 0, score: 1 }];
  const [same, less] = [
    await renderClip(clip, { boxes, encode: { crf: 0 } }),
    await renderClip(clip, { boxes, encode: { crf: 35 } }),
  ];
  expect(await psnr(clip, same.path, 'crop=90:100:100:0')).toBe(Number.POSITIVE_INFINITY);
  expect(same.psnrDb).toBe(100);
  // What the report tells is what somebody else measures.
  expect(Math.abs(less.psnrDb - (await psnr(clip, less.path, 'crop=90:100:100:0,format=gray')))).toBeLessThan(4);
  expect(less.psnrDb).toBeLessThan(40);
});

describe('what the picture is like', () => {
  it('colours, range and shape of pixels stay', async () => {
    const tags = [
      '-colorspace',
      'bt709',
      '-color_primaries',
      'bt709',
      '-color_trc',
      'bt709',
      '-color_range',
      'pc',
      '-pix_fmt',
      'yuvj420p',
    ];
    const clip = await aClip('a.mp4', ...source('25', 0.4), '-vf', 'setsar=4/3', ...H264, ...tags);
    const { path } = await renderClip(clip);
    const [video] = await streamsOf(path);
    expect(video).toMatch(/yuvj420p\(pc, bt709.*SAR 4:3/);
    expect(await psnr(clip, path)).toBeGreaterThan(35);
  });

  it('a turned picture is upright', async () => {
    const flat = await aClip('flat.mp4', ...source('25', 0.4), ...H264);
    const clip = await aClip('turned.mov', '-i', flat, '-c', 'copy', '-metadata:s:v:0', 'rotate=90');
    const { path, survey } = await renderClip(clip);
    const [before, after] = [(await probe(clip)).video[0]!, (await probe(path)).video[0]!];
    const isTurned = before.rotation !== 0;
    expect([after.width, after.height, after.rotation]).toEqual([...(isTurned ? [108, 192] : [192, 108]), 0]);
    expect(survey.facts.width).toBe(after.width);
  });

  it('odd sizes become even', async () => {
    const clip = await aClip(
      'odd.mkv',
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=33x17:r=25:d=0.2',
      '-c:v',
      'ffv1',
      '-pix_fmt',
      'yuv444p',
    );
    const { path } = await renderClip(clip);
    const { width, height } = (await probe(path)).video[0]!;
    expect([width, height]).toEqual([34, 18]);
  });

  it.each([
    { name: 'MP4', file: 'a.mp4', codec: 'mov_text' },
    { name: 'Matroska', file: 'a.mkv', codec: 'srt' },
  ])('subtitles stay in $name', async ({ file, codec }) => {
    const text = await aFile('a.srt', '1\n00:00:00,200 --> 00:00:00,700\nHello\n');
    const clip = await aClip(file, ...source('25', 1), '-i', text, '-map', '0', '-map', '1', ...H264, '-c:s', codec);
    const { path } = await renderClip(clip);
    expect(await packetsOf(path, '0:s')).toEqual(await packetsOf(clip, '0:s'));
  });
});

it('a render that is stopped ends at once and leaves no ffmpeg behind', async () => {
  const clip = await aClip('a.mp4', ...source('25', 20), ...H264);
  const stop = new AbortController();
  const reason = new Error('enough');
  const boxes = (frame: number) => {
    if (frame === 20) stop.abort(reason);
    return [];
  };
  await expect(renderClip(clip, { boxes, signal: stop.signal, encode: { preset: 'slow' } })).rejects.toBe(reason);
  expect(await processesOn(clip)).toEqual([]);
});

describe('codecs', () => {
  it('HEVC keeps ten bits and what HDR needs', async () => {
    const hdr =
      'log-level=error:master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1):max-cll=1000,400:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:range=limited:hdr10=1';
    const encoding = ['-pix_fmt', 'yuv420p10le', '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', hdr];
    const clip = await aClip('hdr.mp4', ...source('25', 0.4), ...encoding);
    const { path } = await renderClip(clip, { encode: { codec: 'hevc' } });
    const { survey } = await renderClip(path, { encode: { codec: 'h264' } });
    expect(survey.facts).toMatchObject({
      pixelFormat: 'yuv420p10le',
      colour: { range: 'tv', matrix: 'bt2020nc', primaries: 'bt2020', transfer: 'smpte2084' },
      mastering: 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)',
      lightLevel: { content: 1000, average: 400 },
    });
  });

  it.each(['vp9', 'av1'] as const)('%s, in segments too', async (codec) => {
    const clip = await aClip('a.mp4', ...source('25', 1.2), ...H264);
    const { path, segments } = await renderClip(clip, { encode: { codec, crf: 40 }, framesPerSegment: 10 });
    expect(segments).toBeGreaterThan(1);
    expect(await furthest(clip, path)).toBeLessThan(0.001);
  });
});
