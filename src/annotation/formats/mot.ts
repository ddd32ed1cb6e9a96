import { hundredths } from '../boxes.ts';
import type { VideoFrame } from './video-box.ts';

/**
 * The lines of a frame in a results file of the MOT Challenge: frame (from 1), track, left, top, width, height, score and
 * three numbers for the world, which are unknown here. Objects without a track are not part of such a file.
 */
export function motLines({ frame, boxes }: Pick<VideoFrame, 'frame' | 'boxes'>): string {
  return boxes
    .filter(({ track }) => track !== undefined)
    .map(({ box, score, track }) => `${[frame + 1, track, ...box.map(hundredths), score, -1, -1, -1].join(',')}\n`)
    .join('');
}
