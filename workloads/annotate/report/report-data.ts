import type { Degradation } from '#core/job';
import type { AnnotateParams, Detected, Extracted } from '../contract.ts';
import type { VideoStats } from '../result/video-stats.ts';

/** Everything the two reports tell. Nothing in it depends on when or where the job ran. */
export interface ReportData {
  /** The source's name. */
  title: string;
  extracted: Extracted;
  stats: VideoStats;
  detectors: Detected['detectors'];
  params: AnnotateParams;
  degraded: Degradation[];
  /** What has no result, in sentences. */
  missing: string[];
  /** What of the source the video does not have as it was, in sentences. */
  changes: string[];
}

/** What the reports say of how the video was looked at. */
export function factsOf({ extracted, detectors, params, stats }: ReportData): [string, string][] {
  const { facts, damaged } = extracted;
  const { colour } = facts;
  return [
    ['Picture', `${facts.width}x${facts.height}, ${facts.pixelFormat}, ${colour.matrix}, ${colour.transfer}`],
    ['Frames', `${stats.total_frames}, of which ${stats.processed_frames} were looked at`],
    ...(damaged > 0 ? [['Damaged frames', String(damaged)] as [string, string]] : []),
    ['Time base', `${facts.timeBase.numerator}/${facts.timeBase.denominator} s`],
    ['Video', `${params.codec}, crf ${params.crf}, ${params.preset}`],
    ['Picture beside what is drawn', `PSNR ${stats.picture_psnr} dB (luma, frames from the begin of each segment)`],
    ...detectors.map(({ name, version, sha256 }): [string, string] => [
      'Detector',
      `${name} ${version}${sha256 === undefined ? '' : `, sha256 ${sha256}`}`,
    ]),
    ['Confidence, IoU', `${params.confidence}, ${params.iou}`],
  ];
}
