import { InputError } from '#core/errors';
import { type LocationTrack, requirePlace, type TrackPoint } from './track-point.ts';

const LATITUDE = ['latitude', 'lat'];
const LONGITUDE = ['longitude', 'lon', 'lng'];
// `seconds` is the video's own clock, `time` the world's.
const VIDEO_CLOCK = ['seconds', 'time_seconds', 'video_seconds'];
const WORLD_CLOCK = ['time', 'timestamp', 'datetime', 'date'];

/**
 * A table of places: columns for latitude, longitude and a clock, and any other columns of numbers, by the names in its
 * first line. @throws InputError that says which column is missing or which line is wrong.
 */
export function readLocationCsv(text: string, name: string): LocationTrack {
  const [head = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const columns = cells(head).map((column) => column.toLowerCase());
  const column = (names: string[]) => columns.findIndex((candidate) => names.includes(candidate));
  const [latitude, longitude, video] = [column(LATITUDE), column(LONGITUDE), column(VIDEO_CLOCK)];
  const clock = video >= 0 ? video : column(WORLD_CLOCK);
  if (latitude < 0 || longitude < 0 || clock < 0) {
    throw new InputError(
      `${name} must have columns for latitude, longitude and seconds (of the video) or time (of day); found: ${columns.join(', ')}.`,
      { details: { columns } },
    );
  }
  const known = new Set([latitude, longitude, clock]);
  const points = lines.map((line, at): TrackPoint => {
    const values = cells(line);
    const more = columns.flatMap((label, index) => {
      const value = known.has(index) || (values[index] ?? '') === '' ? Number.NaN : Number(values[index]);
      return Number.isNaN(value) ? [] : [[label, value] as const];
    });
    const point = {
      seconds: secondsOf(values[clock] ?? '', video >= 0),
      latitude: Number(values[latitude] || Number.NaN),
      longitude: Number(values[longitude] || Number.NaN),
      more: Object.fromEntries(more),
    };
    requirePlace(point, name, at);
    return point;
  });
  if (points.length === 0) throw new InputError(`${name} has no lines beside its first. Send a table with places.`);
  return { points: points.toSorted((a, b) => a.seconds - b.seconds), absolute: video < 0 };
}

/** A number is seconds already; a world's clock may also be a date. */
function secondsOf(text: string, isVideoClock: boolean): number {
  if (text.trim() === '') return Number.NaN;
  const number = Number(text);
  return Number.isNaN(number) && !isVideoClock ? Date.parse(text) / 1000 : number;
}

/** One line of RFC 4180; no place has a line break in it. */
function cells(line: string): string[] {
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? '').trim(),
  );
}
