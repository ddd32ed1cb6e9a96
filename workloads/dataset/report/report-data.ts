import type { Detection } from '#annotation/detections';
import type { QualityCheck } from '#annotation/quality';
import type { DatasetStats } from '#annotation/stats';
import type { Degradation } from '#core/job';
import type { DatasetParams, Extracted, FrameLine } from '../contract.ts';

/** Everything the two reports tell. Nothing in it depends on when or where the job ran. */
export interface ReportData {
  /** What the dataset was made from, as its reader knows it: the video's or the COCO file's name. */
  title: string;
  /** Absent in a report on a COCO file alone. */
  frames?: FrameFacts;
  /** Absent in a report on a COCO file alone. */
  made?: { params: DatasetParams; model: ModelFacts };
  stats: DatasetStats;
  quality: QualityCheck[];
  degraded: Degradation[];
  /** In the order of their ids, which gives each class its colour. */
  classes: string[];
  contactSheet: ContactPicture[];
}

export interface FrameFacts {
  extracted: Extracted;
  drops: Drops;
  /** Seconds and verdict of every sampled frame, in order. */
  timeline: Pick<FrameLine, 'seconds' | 'verdict'>[];
}

export interface ModelFacts {
  name: string;
  version: string;
  sha256: string;
}

/** One frame of the contact sheet: the picture as JPEG bytes, boxes in pixels of the full frame. */
export interface ContactPicture {
  file: string;
  seconds: number;
  width: number;
  height: number;
  jpeg: Uint8Array;
  detections: readonly Detection[];
}

/** What happened to the frames. Sampling and cleaning are counted apart: only cleaning drops frames. */
export interface Drops {
  decoded: number;
  skippedBySampling: number;
  sampled: number;
  blurry: number;
  duplicates: number;
  kept: number;
  /** (blurry + duplicates) / sampled; 0 when nothing was sampled. */
  dropRatio: number;
}

export function countDrops({ decoded, sampled, blurry, duplicates, kept }: Extracted): Drops {
  return {
    decoded,
    skippedBySampling: decoded - sampled,
    sampled,
    blurry,
    duplicates,
    kept,
    dropRatio: sampled === 0 ? 0 : (blurry + duplicates) / sampled,
  };
}
