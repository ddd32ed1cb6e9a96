import { describe, expect, it } from 'vitest';
import { deinterlacing } from '#media/deinterlacing';
import type { UsableVideo } from '#media/probe';
import { aClip, extract } from '../helpers/media-clips.ts';

describe('deinterlacing', () => {
  it.each([
    { name: 'a progressive video is left alone', scan: 'progressive', width: 1920, height: 1080, filters: 0 },
    { name: 'an interlaced one is combed', scan: 'interlaced', width: 1920, height: 1080, filters: 1 },
    { name: 'one that does not say is looked at frame by frame', scan: undefined, width: 64, height: 48, filters: 1 },
    { name: 'a picture too low for the filter is left alone', scan: undefined, width: 64, height: 8, filters: 0 },
    { name: 'a picture too narrow for it, too', scan: 'interlaced', width: 8, height: 64, filters: 0 },
  ])('$name', ({ filters, ...video }) => {
    expect(deinterlacing(video as unknown as UsableVideo)).toHaveLength(filters);
  });

  // ffv1 has no fields and does not say so.
  it.each(
    ['4x4', '8x6', '6x4', '16x6', '12x16'].flatMap((size) =>
      ['yuv420p', 'yuv444p', 'yuv410p'].map((format) => ({ size, format })),
    ),
  )('pictures of $size in $format are decoded', async ({ size, format }) => {
    const source = ['-f', 'lavfi', '-i', `testsrc2=s=64x64:r=5:d=1,scale=${size.replace('x', ':')},setsar=1`];
    const clip = await aClip('tiny.mkv', ...source, '-c:v', 'ffv1', '-pix_fmt', format);
    const { files, width, height } = await extract(clip);
    expect([files.length, `${width}x${height}`]).toEqual([5, size]);
  });
});
