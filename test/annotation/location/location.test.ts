import { describe, expect, it } from 'vitest';
import { readGpx } from '#annotation/location/gpx';
import { readLocationCsv } from '#annotation/location/location-csv';
import { nearestPlace } from '#annotation/location/nearest-place';

const GPX = `<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>
<trkpt lat="12.9" lon="77.5"><ele>900.5</ele><time>2026-03-01T10:00:00Z</time></trkpt>
<trkpt lon='77.6' lat='12.8'><time>2026-03-01T10:00:10Z</time></trkpt>
<trkpt lat="0" lon="0"></trkpt>
</trkseg></trk></gpx>`;

describe('a GPX file', () => {
  it('is points in order of time; those without a time are left out', () => {
    const { points, absolute } = readGpx(GPX, 'a.gpx');
    expect(absolute).toBe(true);
    expect(points).toEqual([
      { seconds: Date.UTC(2026, 2, 1, 10) / 1000, latitude: 12.9, longitude: 77.5, more: { altitude: 900.5 } },
      { seconds: Date.UTC(2026, 2, 1, 10, 0, 10) / 1000, latitude: 12.8, longitude: 77.6, more: {} },
    ]);
  });

  it.each([
    { name: 'no points', text: '<gpx></gpx>' },
    {
      name: 'a place that is not on Earth',
      text: '<trkpt lat="120" lon="0"><time>2026-03-01T10:00:00Z</time></trkpt>',
    },
    { name: 'a time that is none', text: '<trkpt lat="1" lon="0"><time>soon</time></trkpt>' },
  ])('with $name is refused', ({ text }) => {
    expect(() => readGpx(text, 'a.gpx')).toThrow(expect.objectContaining({ name: 'InputError' }));
  });
});

describe('a table of places', () => {
  it('has the seconds of the video, or times of day, and more numbers', () => {
    expect(readLocationCsv('\uFEFFseconds,Lat,Lon,speed,note\r\n2,1,2,3.5,"a,b"\r\n1,1,2,,\r\n', 'a.csv')).toEqual({
      absolute: false,
      points: [
        { seconds: 1, latitude: 1, longitude: 2, more: {} },
        { seconds: 2, latitude: 1, longitude: 2, more: { speed: 3.5 } },
      ],
    });
    const { points, absolute } = readLocationCsv('time,latitude,longitude\n2026-03-01T10:00:00Z,1,2\n', 'a.csv');
    expect([absolute, points[0]!.seconds]).toEqual([true, Date.UTC(2026, 2, 1, 10) / 1000]);
  });

  it.each([
    { name: 'no column for the time', text: 'lat,lon\n1,2\n', says: 'seconds' },
    { name: 'an empty place', text: 'seconds,lat,lon\n1,,2\n', says: 'point 1' },
    { name: 'no lines', text: 'seconds,lat,lon\n', says: 'no lines' },
  ])('with $name is refused', ({ text, says }) => {
    expect(() => readLocationCsv(text, 'a.csv')).toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringContaining(says) }),
    );
  });
});

describe('the nearest place in time', () => {
  const track = readGpx(GPX, 'a.gpx');

  it.each([
    { seconds: 0, latitude: 12.9 },
    { seconds: 4.9, latitude: 12.9 },
    { seconds: 5.1, latitude: 12.8 },
    { seconds: 14, latitude: 12.8 },
    { seconds: 16, latitude: undefined },
    { seconds: -6, latitude: undefined },
  ])('at $seconds s is at latitude $latitude', ({ seconds, latitude }) => {
    expect(nearestPlace(track, { maxGapSeconds: 5 })(seconds)?.latitude).toBe(latitude);
  });

  it('counts from when the video began, when that is given', () => {
    const startSeconds = Date.UTC(2026, 2, 1, 10, 0, 9) / 1000;
    expect(nearestPlace(track, { startSeconds, maxGapSeconds: 5 })(0)?.latitude).toBe(12.8);
  });
});
