import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imageSize, readGrey } from '#media/images';
import { aClip, aClipOf, colourAt, cutTo, extract } from '../helpers/media-clips.ts';
import type { GreyPicture } from '../helpers/media-drawing.ts';

const lavfi = (source: string) => ['-f', 'lavfi', '-i', source];
// Four quarters: red and green above, blue and white below.
const QUARTERS =
  'color=red:s=64x48:r=5:d=1,drawbox=32:0:32:24:lime:fill,drawbox=0:24:32:24:blue:fill,drawbox=32:24:32:24:white:fill,format=yuv444p';

describe('one pass over a clip', () => {
  it('writes 5 JPEGs for a clip of 5 frames, named by frame number', async () => {
    const clip = await aClip('five.mp4', ...lavfi('testsrc2=s=64x64:r=5:d=1'));
    const { files, ...summary } = await extract(clip);
    expect(files).toEqual([0, 1, 2, 3, 4].map((index) => `frame_00000${index}.jpg`));
    expect(summary).toMatchObject({ decoded: 5, sampled: 5, kept: 5, blurry: 0, duplicates: 0, width: 64, height: 64 });
    expect(summary).not.toHaveProperty('stoppedAt');
  });

  it('keeps the sharp checkerboard and drops the blurred one at a threshold of 50', async () => {
    const { files, kept, blurry } = await extract(await aClipOf([checkerboard(), blurred()]), {
      blur: { threshold: 50 },
    });
    expect({ files, kept, blurry }).toEqual({ files: ['frame_000000.jpg'], kept: 1, blurry: 1 });
  });

  it('keeps two of white, white, black at distance 0', async () => {
    const { records } = await extract(await aClipOf([flat(255), flat(255), flat(0)]), { dedup: { maxDistance: 0 } });
    expect(records.map(({ verdict }) => verdict)).toEqual(['kept', 'duplicate', 'kept']);
    expect(records[1]).toMatchObject({ duplicateOf: 0 });
    expect(records[1]).not.toHaveProperty('file');
  });

  it('leaves one of two equal frames and a blurred one, and counts one of each', async () => {
    const cleaning = { blur: { threshold: 50 }, dedup: { maxDistance: 5 } };
    const { files, blurry, duplicates } = await extract(
      await aClipOf([checkerboard(), checkerboard(), blurred()]),
      cleaning,
    );
    expect({ files: files.length, blurry, duplicates }).toEqual({ files: 1, blurry: 1, duplicates: 1 });
  });

  it('writes all frames when all are asked for, and still says which are not worth keeping', async () => {
    const { files, kept, duplicates, records } = await extract(await aClipOf([flat(9), flat(9), flat(0)]), {
      ...{ dedup: { maxDistance: 0 }, keepAll: true },
    });
    expect({ files: files.length, kept, duplicates }).toEqual({ files: 3, kept: 2, duplicates: 1 });
    expect(records[1]).toMatchObject({ verdict: 'duplicate', file: 'frame_000001.jpg' });
  });

  it('gives the same bytes when it runs again', async () => {
    const clip = await aClip('again.mp4', ...lavfi('testsrc2=s=160x90:r=10:d=1'));
    const [first, second] = [await extract(clip), await extract(clip)];
    expect(second.records).toEqual(first.records);
    for (const file of first.files) {
      expect((await readFile(join(second.folder, file))).equals(await readFile(join(first.folder, file)))).toBe(true);
    }
  });

  it('measures the grey picture that it writes', async () => {
    const card = lavfi('color=black:s=160x90:r=5:d=1,drawbox=40:20:80:50:white:fill');
    const clip = await aClip('grey.mp4', ...card, '-pix_fmt', 'yuv420p');
    const { folder, files } = await extract(clip, { quality: 2 });
    const { grey } = await readGrey(join(folder, files[0]!));
    // The picture reaches from black to white, so a limited range taken for full would show here.
    expect(Math.min(...grey)).toBeLessThan(8);
    expect(Math.max(...grey)).toBeGreaterThan(247);
  });
});

describe('what comes in all comes out right', () => {
  it.each([
    { name: 'a.mp4', args: ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'] },
    { name: 'a.mov', args: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p', '-q:v', '2'] },
    { name: 'a.mkv', args: ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p'] },
    { name: 'a.avi', args: ['-c:v', 'mpeg4', '-q:v', '2'] },
    { name: 'a.webm', args: ['-c:v', 'libvpx', '-b:v', '1M'] },
    { name: '10-bit.mkv', args: ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p10le'] },
    { name: '10-bit-h264.mp4', args: ['-c:v', 'libx264', '-pix_fmt', 'yuv420p10le'] },
    { name: '4-2-2.mkv', args: ['-c:v', 'ffv1', '-pix_fmt', 'yuv422p'] },
    { name: 'rgb.mkv', args: ['-c:v', 'ffv1', '-pix_fmt', 'bgr0'] },
    { name: 'full-range.mp4', args: ['-c:v', 'libx264', '-pix_fmt', 'yuvj420p'] },
    {
      name: 'bt709.mp4',
      args: ['-vf', 'scale=out_color_matrix=bt709:out_range=tv', '-pix_fmt', 'yuv420p', '-colorspace', 'bt709'],
    },
    {
      name: 'bt709-10-bit.mkv',
      args: ['-vf', 'scale=out_color_matrix=bt709', '-pix_fmt', 'yuv420p10le', '-colorspace', 'bt709', '-c:v', 'ffv1'],
    },
  ])('the colours of $name', async ({ name, args }) => {
    const { folder, files, width, height } = await extract(await aClip(name, ...lavfi(QUARTERS), ...args));
    expect({ count: files.length, width, height }).toEqual({ count: 5, width: 64, height: 48 });
    const picture = join(folder, files[2]!);
    for (const [x, y, colour] of QUARTER_COLOURS) expectNear(await colourAt(picture, x, y), colour);
  });

  it.each([
    { degrees: 90, matrix: [0, 1, -1, 0], size: { width: 48, height: 64 }, corners: [2, 0, 3, 1] },
    { degrees: 180, matrix: [-1, 0, 0, -1], size: { width: 64, height: 48 }, corners: [3, 2, 1, 0] },
    { degrees: 270, matrix: [0, -1, 1, 0], size: { width: 48, height: 64 }, corners: [1, 3, 0, 2] },
  ])('a display matrix of $degrees degrees', async ({ matrix, size, corners }) => {
    const clip = await aClip('turned.mp4', ...lavfi(QUARTERS), '-pix_fmt', 'yuv420p');
    await turn(clip, matrix);
    const { folder, files, width, height } = await extract(clip);
    expect({ width, height }).toEqual(size);
    const picture = join(folder, files[0]!);
    expect(await imageSize(picture)).toEqual(size);
    for (const [at, corner] of corners.entries()) {
      const [x, y] = QUARTER_COLOURS[at]!;
      expectNear(await colourAt(picture, x, y), QUARTER_COLOURS[corner]![2]);
    }
  });

  it.each([
    { sar: '2/1', size: { width: 128, height: 48 } },
    { sar: '1/2', size: { width: 64, height: 96 } },
    { sar: '16/15', size: { width: 68, height: 48 } },
  ])('pixels of shape $sar are made square', async ({ sar, size }) => {
    const clip = await aClip('wide.mp4', ...lavfi(QUARTERS), '-vf', `setsar=${sar}`, '-pix_fmt', 'yuv420p');
    const { folder, files, width, height } = await extract(clip);
    expect({ width, height }).toEqual(size);
    expect(await imageSize(join(folder, files[0]!))).toEqual(size);
  });

  it.each(['65x49', '33x1', '1x33', '1x1', '3x2'])('an odd size of %s', async (size) => {
    const source = lavfi(`testsrc2=s=128x128:r=5:d=1,scale=${size.replace('x', ':')},setsar=1`);
    const clip = await aClip('odd.mkv', ...source, '-c:v', 'ffv1', '-pix_fmt', 'yuv420p');
    const { folder, files, width, height } = await extract(clip);
    expect(`${width}x${height}`).toBe(size);
    expect(await imageSize(join(folder, files[4]!))).toEqual({ width, height });
  });

  it('interlaced frames are combed out, and stay as many', async () => {
    // A bar that moves 8 pixels between the fields.
    const bar = "color=black:s=128x64:r=50:d=1,drawbox=x='mod(t*400\\,112)':y=0:w=16:h=64:color=white:t=fill";
    const woven = ['-vf', 'tinterlace=mode=interleave_top,setfield=tff', '-c:v', 'libx264', '-flags', '+ildct+ilme'];
    const clip = await aClip('woven.mp4', ...lavfi(bar), ...woven, '-pix_fmt', 'yuv420p', '-crf', '1');
    const { folder, files, records } = await extract(clip);
    expect(records).toHaveLength(25);
    const { width, height, grey } = await readGrey(join(folder, files[10]!));
    const rows = Array.from({ length: height - 9 }, (_, y) => grey.subarray((y + 4) * width, (y + 5) * width));
    const combed = rows.slice(1).filter((row, y) => row.some((value, x) => Math.abs(value - rows[y]![x]!) > 100));
    expect(combed.length).toBeLessThan(height / 8);
  });

  it('a single frame succeeds', async () => {
    const clip = await aClip('one.mp4', ...lavfi(QUARTERS), '-frames:v', '1', '-pix_fmt', 'yuv420p');
    const { files, stoppedAt } = await extract(clip);
    expect({ files, stoppedAt }).toEqual({ files: ['frame_000000.jpg'], stoppedAt: undefined });
  });

  it.each(['mp4', 'mkv'])('variable frame rate in %s: every frame keeps its own time', async (ending) => {
    const clip = await aClip(`vfr.${ending}`, ...VARIABLE, ...(ending === 'mp4' ? NO_EDITS : []));
    const { records } = await extract(clip);
    expect(records.map(({ seconds }) => Number(seconds.toFixed(3)))).toEqual(VARIABLE_TIMES);
    expect(records.map(({ index }) => index)).toEqual(VARIABLE_TIMES.map((_, index) => index));
  });

  it('a WebM without duration, as browsers record it', async () => {
    const clip = await aClip('live.webm', ...lavfi('testsrc2=s=64x48:r=5:d=1'), '-c:v', 'libvpx', '-live', '1');
    const { records, stoppedAt } = await extract(clip);
    expect({ count: records.length, stoppedAt }).toEqual({ count: 5, stoppedAt: undefined });
  });

  it('times stay exact after hours', async () => {
    const late = [
      '-vf',
      "settb=1/1000,setpts='N*3001037'",
      '-fps_mode',
      'passthrough',
      '-enc_time_base',
      '1/1000',
      ...NO_EDITS,
    ];
    const clip = await aClip('late.mp4', ...lavfi('testsrc2=s=64x48:r=5:d=1'), ...late);
    const { records } = await extract(clip);
    expect(records.map(({ seconds }) => seconds)).toEqual([0, 3001.037, 6002.074, 9003.111, 12004.148]);
  });

  it('a picture size that changes on the way is brought to the first', async () => {
    const [small, large] = await Promise.all([
      aClip('small.ts', ...lavfi('testsrc2=s=64x48:r=5:d=1'), '-c:v', 'libx264', '-pix_fmt', 'yuv420p'),
      aClip('large.ts', ...lavfi('testsrc2=s=128x96:r=5:d=1'), '-c:v', 'libx264', '-pix_fmt', 'yuv420p'),
    ]);
    const clip = await aClip('changes.mkv', '-i', `concat:${small}|${large}`, '-c', 'copy');
    const { files, folder } = await extract(clip);
    expect(files.length).toBeGreaterThanOrEqual(9);
    expect(await imageSize(join(folder, files.at(-1)!))).toEqual({ width: 64, height: 48 });
  });
});

describe('a clip that breaks off', () => {
  it.each([
    { name: 'mp4', args: ['-movflags', '+faststart'] },
    { name: 'mov', args: ['-movflags', '+faststart'] },
    { name: 'mkv', args: [] },
    { name: 'avi', args: ['-c:v', 'mpeg4'] },
    { name: 'webm', args: ['-c:v', 'libvpx'] },
  ])('a $name cut at 60 % gives what it has and says where it stopped', async ({ name, args }) => {
    const clip = await aClip(`whole.${name}`, ...lavfi('testsrc2=s=160x120:r=25:d=8'), ...args);
    const { files, stoppedAt, decoded } = await extract(await cutTo(clip, 0.6));
    expect(decoded).toBeGreaterThan(40);
    expect(decoded).toBeLessThan(190);
    expect(files).toHaveLength(decoded);
    expect(stoppedAt).toMatchObject({ frame: decoded, reason: expect.stringContaining('8 s') });
    expect(stoppedAt!.seconds).toBeGreaterThan(1.5);
    expect(stoppedAt!.seconds).toBeLessThan(7.6);
  });

  it('a still that stays on screen for long is no damage', async () => {
    const slow = ['-vf', "setpts='N*N*4/TB'", '-fps_mode', 'vfr'];
    const { stoppedAt, records } = await extract(
      await aClip('slow.mkv', ...lavfi('testsrc2=s=64x48:r=5:d=1'), ...slow),
    );
    expect({ stoppedAt, last: records.at(-1)?.seconds }).toEqual({ stoppedAt: undefined, last: 64 });
  });

  it('damage in the middle is lived through and counted', async () => {
    const clip = await aClip('holed.mkv', ...lavfi('testsrc2=s=160x120:r=25:d=4'), '-c:v', 'mpeg4', '-g', '10');
    const bytes = await readFile(clip);
    bytes.fill(0x5a, Math.floor(bytes.length * 0.4), Math.floor(bytes.length * 0.43));
    await writeFile(clip, bytes);
    const { decoded, damaged, records } = await extract(clip);
    expect(decoded).toBeGreaterThan(80);
    expect(damaged).toBeGreaterThan(0);
    expect(records.at(-1)!.seconds).toBeGreaterThan(3.9);
  });
});

type Corner = [x: number, y: number, colour: [number, number, number]];
const QUARTER_COLOURS: Corner[] = [
  [0.25, 0.25, [255, 0, 0]],
  [0.75, 0.25, [0, 255, 0]],
  [0.25, 0.75, [0, 0, 255]],
  [0.75, 0.75, [255, 255, 255]],
];

// Without these, newer versions of ffmpeg write an edit list that ends before the last frame.
const NO_EDITS = ['-bf', '0', '-use_editlist', '0'];
// Frame n is shown at n / 10 s, and 0.3 s later for every five frames before it.
const VARIABLE = [
  ...lavfi('testsrc2=s=64x48:r=10:d=2'),
  ...['-vf', "setpts='N+3*floor(N/5)'", '-fps_mode', 'passthrough'],
];
const VARIABLE_TIMES = Array.from({ length: 20 }, (_, n) => (n + 3 * Math.floor(n / 5)) / 10);

function expectNear(found: number[], expected: number[]): void {
  const far = found.some((value, channel) => Math.abs(value - expected[channel]!) > 12);
  expect(far ? found : expected).toEqual(expected);
}

/** Writes a, b, c, d of the display matrix into the track header of an mp4 (ISO/IEC 14496-12, 8.3.2). */
async function turn(path: string, matrix: number[]): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.indexOf('tkhd') + 4 + 40;
  const [a, b, c, d] = matrix as [number, number, number, number];
  for (const [place, value] of [
    [0, a],
    [4, b],
    [12, c],
    [16, d],
  ] as const)
    bytes.writeInt32BE(value * 65_536, at + place);
  await writeFile(path, bytes);
}

function picture(value: (x: number, y: number) => number): GreyPicture {
  return { width: 64, height: 64, grey: Uint8Array.from({ length: 4096 }, (_, at) => value(at % 64, at >> 6)) };
}

function flat(value: number): GreyPicture {
  return picture(() => value);
}

function checkerboard(): GreyPicture {
  return picture((x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? 255 : 0));
}

/** The checkerboard out of focus: waves of the same period. */
function blurred(): GreyPicture {
  return picture((x, y) => 127.5 + 60 * Math.sin((x * Math.PI) / 16) * Math.sin((y * Math.PI) / 16));
}
