import type { Box } from '../boxes.ts';

/** One object on one frame of a video. */
export interface VideoBox {
  /** Left, top, width and height in pixels of the video. */
  box: Box;
  score: number;
  classIndex: number;
  label: string;
  /** Number of its track, from 1. */
  track?: number | undefined;
  /** Not detected on this frame: put between two on which it was. */
  interpolated?: true | undefined;
}

/** A frame that was looked at. */
export interface VideoFrame {
  /** Number of the frame in the source, from 0. */
  frame: number;
  seconds: number;
  boxes: readonly VideoBox[];
  /** Where the camera was, when that is known. */
  place?: Record<string, number> | undefined;
}
