import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readExif } from '#media/exif';
import { exifOf, uprightJpeg } from '#media/images';
import { drawRgb, encodeJpeg, withPlace } from '../helpers/jpegs.ts';

const picture = drawRgb(2);
const BERLIN = { latitude: 52.52, longitude: -13.405, altitudeMetres: 34.5 };

const blockOf = async (bytes: Uint8Array) => (await exifOf({ bytes, name: 'a.jpg' }))!;

describe('what a picture says of place and lens', () => {
  it('is read: degrees north and east, metres above the sea, millimetres on film', async () => {
    const { gps, focal35Millimetres } = readExif(await blockOf(await withPlace(picture, BERLIN, 26)));
    expect(gps!.latitude).toBeCloseTo(52.52, 6);
    expect(gps!.longitude).toBeCloseTo(-13.405, 6);
    expect(gps!.altitudeMetres).toBeCloseTo(34.5, 3);
    expect(focal35Millimetres).toBe(26);
  });

  it('stays when a picture that was held sideways is turned upright', async () => {
    const turned = await uprightJpeg({ bytes: await withPlace(picture, BERLIN, 26, 6), name: 'a.jpg' }, 95);
    const { gps, focal35Millimetres } = readExif(await blockOf(turned));
    expect(gps!.latitude).toBeCloseTo(52.52, 6);
    expect(focal35Millimetres).toBe(26);
  });

  it('is nothing where zeros stand for no fix, and where there is no such block', async () => {
    const { gps } = readExif(await blockOf(await withPlace(picture, { latitude: 0, longitude: 0 }, 26)));
    expect(gps).toBeUndefined();
    expect(await exifOf({ bytes: await encodeJpeg(picture), name: 'a.jpg' })).toBeUndefined();
    expect(readExif(new Uint8Array(3))).toEqual({});
  });

  it('can be any bytes', async () => {
    const block = await blockOf(await withPlace(picture, BERLIN, 26));
    fc.assert(
      fc.property(fc.nat(block.length - 1), fc.nat(255), fc.nat(block.length), (at, value, length) => {
        const damaged = Uint8Array.from(block);
        damaged[at] = value;
        const { gps } = readExif(damaged.subarray(0, length));
        if (gps) expect(Math.abs(gps.latitude)).toBeLessThanOrEqual(90);
      }),
    );
  });
});
