import { InputError } from '#core/errors';

/** Where something was at a moment. */
export interface TrackPoint {
  /** Seconds of some clock: since 1970, or of the video. */
  seconds: number;
  /** Degrees. */
  latitude: number;
  longitude: number;
  /** Whatever else is known in numbers: `altitude`, `speed`, … */
  more: Record<string, number>;
}

/** The points of a file in order of time. `absolute` when its clock is the world's and not the video's. */
export interface LocationTrack {
  points: TrackPoint[];
  absolute: boolean;
}

/** @throws InputError for a place that is not on Earth. */
export function requirePlace({ latitude, longitude, seconds }: TrackPoint, name: string, at: number): void {
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && Number.isFinite(seconds)) return;
  throw new InputError(
    `${name}, point ${at + 1}: expected a time, a latitude from -90 to 90 and a longitude from -180 to 180, found ${seconds}, ${latitude}, ${longitude}.`,
  );
}
