import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { InputError, MediaError } from '#core/errors';
import { probeMedia, requireVideo } from '#media/probe';
import { aClip, aFile, cutTo, probe } from '../helpers/media-clips.ts';

const lavfi = (source: string) => ['-f', 'lavfi', '-i', source];
const UNKNOWN = 'a.mp4 is not a media file that is known (mp4, mov, mkv, avi, webm).';
const CARD = lavfi('testsrc2=s=64x48:r=5:d=2');

describe('what the headers say', () => {
  it.each([
    { name: 'a.mp4', args: [], container: 'MPEG-4', codec: 'AVC' },
    { name: 'a.mov', args: [], container: 'MPEG-4', codec: 'AVC' },
    { name: 'a.mkv', args: [], container: 'Matroska', codec: 'AVC' },
    { name: 'a.webm', args: ['-c:v', 'libvpx'], container: 'WebM', codec: 'VP8' },
    { name: 'a.avi', args: ['-c:v', 'mpeg4'], container: 'AVI', codec: 'MPEG-4 Visual' },
  ])('$name', async ({ name, args, container, codec }) => {
    const media = await probe(await aClip(name, ...CARD, ...args, '-pix_fmt', 'yuv420p'));
    expect(media).toMatchObject({ container, durationSeconds: 2, truncated: false, audio: [], otherTracks: 0 });
    expect(media.video).toHaveLength(1);
    expect(media.video[0]).toMatchObject({
      ...{ codec, width: 64, height: 48, rotation: 0, pixelAspect: 1, frameRate: 5, variableFrameRate: false },
      ...{ frameCount: 10, durationSeconds: 2 },
    });
    expect(requireVideo(media, name)).toEqual(media.video[0]);
  });

  it('depth, scan, range, matrix and sound', async () => {
    const sound = lavfi('sine=d=2');
    const args = ['-c:v', 'libx264', '-pix_fmt', 'yuv422p10le'];
    const tags = ['-color_range', 'tv', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'];
    const media = await probe(await aClip('rich.mp4', ...CARD, ...sound, ...args, ...tags));
    expect(media.video[0]).toMatchObject({
      ...{
        bitDepth: 10,
        chromaSubsampling: '4:2:2',
        scan: 'progressive',
        colourRange: 'limited',
        colourMatrix: 'BT.709',
      },
    });
    expect(media.audio).toEqual([{ codec: 'AAC', durationSeconds: 2, channels: 1, sampleRateHz: 44_100 }]);
  });

  it('the mean rate of a slow timelapse, and of a variable one', async () => {
    const slow = ['-vf', "setpts='N*3001.037/TB'", '-fps_mode', 'vfr', '-video_track_timescale', '1000'];
    const media = await probe(await aClip('slow.mp4', ...lavfi('testsrc2=s=64x48:r=5:d=1'), ...slow));
    expect(media.video[0]!.frameRate).toBeCloseTo(5 / 12_004, 6);
    const uneven = ['-vf', "setpts='N+3*floor(N/5)'", '-fps_mode', 'vfr'];
    expect((await probe(await aClip('uneven.mp4', ...CARD, ...uneven))).video[0]!.variableFrameRate).toBe(true);
  });

  it('reads only ranges: of 200 MB behind the picture next to nothing', async () => {
    const clip = await readFile(await aClip('large.mp4', ...CARD));
    // A box of free space, which players skip (ISO/IEC 14496-12, 8.1.2).
    const free = Buffer.alloc(8);
    free.writeUInt32BE(200_000_000);
    free.write('free', 4);
    const head = Buffer.concat([clip, free]);
    let read = 0;
    const media = await probeMedia({
      size: clip.length + 200_000_000,
      async read(offset, length) {
        read += length;
        return Buffer.concat([head.subarray(offset, offset + length), Buffer.alloc(length)]).subarray(0, length);
      },
      close: async () => {},
    });
    expect(media.video[0]).toMatchObject({ width: 64, height: 48 });
    expect(read).toBeLessThan(4_000_000);
  });
});

describe('files that are refused', () => {
  const refusal = async (path: string, name: string) => {
    const media = await probe(path);
    return () => requireVideo(media, name);
  };

  it('an empty file', async () => {
    expect(await refusal(await aFile('a.mp4', ''), 'a.mp4')).toThrow(
      new MediaError('a.mp4 is empty (0 bytes). Send a video file.'),
    );
  });

  it.each([
    { name: 'text', message: UNKNOWN, content: 'Dear all, please find the clip attached.\n'.repeat(50) },
    {
      name: 'a playlist',
      message: 'a.mp4 is HLS, which is not read here. Send mp4, mov, mkv, avi or webm.',
      content: '#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n',
    },
    { name: 'a concat script', message: UNKNOWN, content: "ffconcat version 1.0\nfile '/etc/hostname'\n" },
    {
      name: 'random bytes',
      message: UNKNOWN,
      content: Uint8Array.from({ length: 4096 }, (_, at) => (at * 2654435761) >>> 24),
    },
  ])('$name renamed to .mp4', async ({ content, message }) => {
    const refused = await refusal(await aFile('a.mp4', content), 'a.mp4');
    expect(refused).toThrow(MediaError);
    expect(refused).toThrow(message);
  });

  it('a picture', async () => {
    const refused = await refusal(await aClip('a.png', ...CARD, '-frames:v', '1'), 'a.mp4');
    expect(refused).toThrow('a.mp4 is PNG, which is not read here. Send mp4, mov, mkv, avi or webm.');
  });

  it('sound without a picture', async () => {
    const refused = await refusal(await aClip('a.mp4', ...lavfi('sine=d=1')), 'a.mp4');
    expect(refused).toThrow(
      new MediaError('a.mp4 has no video stream (found: 1 audio). Send a clip with a picture track.'),
    );
  });

  it('512 bytes of an mp4 with the header in front', async () => {
    const clip = await aClip('a.mp4', ...CARD, '-movflags', '+faststart');
    const refused = await refusal(await cutTo(clip, 512), 'a.mp4');
    expect(refused).toThrow("a.mp4 ends inside its header (512 bytes), so it can't be decoded. Send the whole file.");
  });

  it.each([512, 0.5])('an mp4 that ends before its moov (%s)', async (part) => {
    const refused = await refusal(await cutTo(await aClip('a.mp4', ...CARD), part), 'a.mp4');
    expect(refused).toThrow(MediaError);
    expect(refused).toThrow('without a moov header, so nothing in it can be found');
  });

  it.each([
    { name: 'rate 0', scale: 1, rate: 0, found: 0 },
    { name: 'an absurd rate', scale: 1, rate: 4_000_000, found: 4_000_000 },
  ])('an AVI with $name', async ({ scale, rate, found }) => {
    const bytes = await readFile(await aClip('a.avi', ...CARD, '-c:v', 'mpeg4'));
    const header = bytes.indexOf('strh') + 8;
    bytes.writeUInt32LE(scale, header + 20);
    bytes.writeUInt32LE(rate, header + 24);
    bytes.writeUInt32LE(0, bytes.indexOf('avih') + 8);
    const refused = await refusal(await aFile('a.avi', bytes), 'a.avi');
    expect(refused).toThrow(InputError);
    expect(refused).toThrow(`a.avi says it has ${found} frames a second; from one a day to 1000 are taken.`);
  });

  it.each([
    {
      name: 'a size',
      change: { width: 60_000, height: 60_000 },
      message: 'a.mp4 is 60000x60000; at most 16384 pixels a side',
    },
    {
      name: 'a length',
      change: { durationSeconds: 1e9 },
      message: 'a.mp4 lasts 1000000000 s; at most 172800 s are taken',
    },
    { name: 'a pixel shape', change: { pixelAspect: 99 }, message: 'a.mp4 has pixels of shape 99:1; at most 8:1' },
    { name: 'a size with square pixels', change: { width: 9_000, pixelAspect: 4 }, message: 'a.mp4 is 9000x48' },
    { name: 'no size', change: { width: 0 }, message: 'a.mp4 has a video stream of no size' },
  ])('$name beyond reason', async ({ change, message }) => {
    const media = await probe(await aClip('a.mp4', ...CARD));
    const changed = { ...media, video: [{ ...media.video[0]!, ...change }] };
    expect(() => requireVideo(changed, 'a.mp4')).toThrow(message);
  });
});
