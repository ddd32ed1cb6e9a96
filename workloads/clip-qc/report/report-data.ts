import type { ClipQcParams, Measured, Sampled, Timeline } from '../contract.ts';
import type { Category } from '../result.ts';

/** Everything the reports tell. Nothing in it depends on when or where the job ran. */
export interface ReportData {
  title: string;
  sampled: Sampled;
  measured: Measured;
  timeline: Timeline;
  pictures: ReportPicture[];
  params: ClipQcParams;
}

/** A sampled frame as a JPEG. */
export interface ReportPicture {
  frame: number;
  sourceFrame: number;
  seconds: number;
  jpeg: Uint8Array;
}

/** What each category is called in a sentence. */
export const IN_WORDS: Record<Category, string> = {
  NONE: 'No artifact found',
  TEXT_INCONSISTENCY: 'Text changes by itself',
  TEMPORAL_FLICKER: 'The picture flickers',
};
