import type { MediaInfo } from '#media/media-info';
import type { Survey } from '#media/render/survey';

// As MediaInfo names them.
const MP4 = ['MPEG-4', 'QuickTime'];

/**
 * Only the container knows for how long the last frame stays: until the end of the track. Where that makes no sense, as in
 * a file that was cut, it stays as long as frames do in the middle.
 */
export function lastDuration({ frames, facts, stoppedAt }: Survey, media: MediaInfo): number {
  const { numerator, denominator } = facts.timeBase;
  const gaps = frames.slice(1).map(({ ticks }, at) => ticks - frames[at]!.ticks);
  const usual = gaps.toSorted((a, b) => a - b)[gaps.length >> 1];
  const trackTicks = ((media.video[0]?.durationSeconds ?? 0) * denominator) / numerator;
  const [first, last] = [frames[0]!.ticks, frames.at(-1)!.ticks];
  // Of a picture that begins late MediaInfo counts from its beginning or, in MP4, from that of the file.
  const fromFile = trackTicks - last;
  const isFromFile = MP4.includes(media.container ?? '') && first > 0 && fromFile > 0;
  const left = (isFromFile ? [fromFile] : [trackTicks - (last - first), fromFile]).map(Math.round);
  if (usual === undefined) return Math.max(1, left[0]!);
  // MediaInfo rounds to milliseconds; the usual gap does not.
  const rounding = (1.5 * denominator) / numerator / 1000;
  const isUsual = left.some((ticks) => Math.abs(ticks - usual) <= rounding);
  const shortest = Math.min(...left);
  return stoppedAt || shortest <= 0 || isUsual ? usual : shortest;
}
