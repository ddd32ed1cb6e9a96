import { readFile } from 'node:fs/promises';
import { readGpx } from '#annotation/location/gpx';
import { readLocationCsv } from '#annotation/location/location-csv';
import { nearestPlace } from '#annotation/location/nearest-place';
import type { LocationTrack } from '#annotation/location/track-point';
import { InputError } from '#core/errors';
import type { AnnotateParams } from './contract.ts';

export const LOCATION_ENDINGS = ['.gpx', '.csv'];

// A day of points at ten a second.
const MOST_BYTES = 128 * 2 ** 20;

/** Reads a file of places. @throws InputError that says what is wrong with it. */
export async function readLocation(path: string, name: string): Promise<LocationTrack> {
  const bytes = await readFile(path);
  if (bytes.length > MOST_BYTES)
    throw new InputError(`${name} has ${bytes.length} bytes; at most ${MOST_BYTES} are read.`);
  const text = bytes.toString('utf8');
  return name.toLowerCase().endsWith('.gpx') ? readGpx(text, name) : readLocationCsv(text, name);
}

/** Where the camera was at a second of the video, and the names of the numbers that tell it. */
export function placesAlong(
  track: LocationTrack,
  { locationStart, locationGapSeconds }: Pick<AnnotateParams, 'locationStart' | 'locationGapSeconds'>,
) {
  const startSeconds = locationStart === undefined ? undefined : Date.parse(locationStart) / 1000;
  const more = new Set(track.points.flatMap((point) => Object.keys(point.more)));
  return {
    columns: ['latitude', 'longitude', ...[...more].sort()],
    at: nearestPlace(track, { startSeconds, maxGapSeconds: locationGapSeconds }),
  };
}
