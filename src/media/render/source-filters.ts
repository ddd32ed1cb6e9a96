import { SOURCE_PROBE } from '../frame-log.ts';
import type { UsableVideo } from '../probe.ts';

/**
 * What every pass over a source begins with, so that all of them count the same frames with the same time stamps.
 * ffmpeg itself turns the picture upright before. Interlaced frames are deinterlaced, a frame for a frame.
 */
export function uprightFilters(video: UsableVideo): string[] {
  return [...(mayBeInterlaced(video) ? ['bwdif=mode=send_frame:deint=interlaced'] : []), SOURCE_PROBE];
}

/** The filter needs 3 columns and 4 rows; codecs without fields do not say what they are. */
export function mayBeInterlaced({ scan, width, height }: UsableVideo): boolean {
  return scan !== 'progressive' && width >= 3 && height >= 4;
}
