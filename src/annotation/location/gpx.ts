import { InputError } from '#core/errors';
import { type LocationTrack, requirePlace, type TrackPoint } from './track-point.ts';

/**
 * The track points of a GPX 1.0 or 1.1 file. Points without a time are left out: nothing says where on the video they are.
 * @throws InputError for a file that has no points with a time, or a point that is not on Earth.
 */
export function readGpx(text: string, name: string): LocationTrack {
  const points: TrackPoint[] = [];
  for (const [, attributes, content] of text.matchAll(/<(?:\w+:)?trkpt\b([^>]*)>([\s\S]*?)<\/(?:\w+:)?trkpt>/g)) {
    const time = textOf(content!, 'time');
    if (time === undefined) continue;
    const altitude = Number(textOf(content!, 'ele') ?? Number.NaN);
    const speed = Number(textOf(content!, 'speed') ?? Number.NaN);
    const point = {
      seconds: Date.parse(time) / 1000,
      latitude: Number(attribute(attributes!, 'lat')),
      longitude: Number(attribute(attributes!, 'lon')),
      more: { ...(Number.isNaN(altitude) ? {} : { altitude }), ...(Number.isNaN(speed) ? {} : { speed }) },
    };
    requirePlace(point, name, points.length);
    points.push(point);
  }
  if (points.length === 0) throw new InputError(`${name} has no track points with a time. Send a recorded GPX track.`);
  return { points: points.toSorted((a, b) => a.seconds - b.seconds), absolute: true };
}

function attribute(attributes: string, name: string): string | undefined {
  return new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(attributes)?.[1];
}

function textOf(content: string, name: string): string | undefined {
  return new RegExp(`<(?:\\w+:)?${name}>\\s*([^<]*?)\\s*<`).exec(content)?.[1];
}
