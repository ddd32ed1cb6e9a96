import type { LocationTrack, TrackPoint } from './track-point.ts';

export interface PlaceRule {
  /** What the world's clock showed at second 0 of the video; the track's own first moment when it is not known. */
  startSeconds?: number | undefined;
  /** A point further away in time than this says nothing about a frame. */
  maxGapSeconds: number;
}

/** Gives the place of the point that is nearest in time to a second of the video, or undefined where there is none. */
export function nearestPlace({ points, absolute }: LocationTrack, { startSeconds, maxGapSeconds }: PlaceRule) {
  const begin = absolute ? (startSeconds ?? points[0]!.seconds) : 0;
  return (seconds: number): Record<string, number> | undefined => {
    const wanted = begin + seconds;
    const after = firstFrom(points, wanted);
    const candidates = [points[after - 1], points[after]].filter((point) => point !== undefined);
    const nearest = candidates.reduce((a, b) => (Math.abs(b.seconds - wanted) < Math.abs(a.seconds - wanted) ? b : a));
    if (Math.abs(nearest.seconds - wanted) > maxGapSeconds) return undefined;
    return { latitude: nearest.latitude, longitude: nearest.longitude, ...nearest.more };
  };
}

/** The first point that is not earlier, by halving. */
function firstFrom(points: readonly TrackPoint[], seconds: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.seconds < seconds) low = middle + 1;
    else high = middle;
  }
  return low;
}
