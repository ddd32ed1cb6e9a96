import type { Extracted, TrackedFrame } from '../contract.ts';

/** What was seen in a video, in numbers; the first names are those of the service that this workload replaces. */
export interface VideoStats {
  total_frames: number;
  processed_frames: number;
  /** Detections of each class; boxes that were only put between two detections are not counted. */
  detection_stats: Record<string, number>;
  total_detections: number;
  /** In seconds. */
  video_duration: number;
  output_path: string;
  unique_tracks: number;
  tracks_by_class: Record<string, number>;
  interpolated_boxes: number;
  /** How near the picture is to the source where nothing was drawn, in decibels of luma; 100 stands for the same. */
  picture_psnr: number;
  /** Even stretches of the video, 600 at most. */
  timeline: Stretch[];
}

export interface Stretch {
  from: number;
  to: number;
  frames: number;
  detections: Record<string, number>;
}

const MOST_STRETCHES = 600;

/** Counts the tracked frames one after another. */
export function startStats(
  extracted: Extracted,
  classes: readonly string[],
  output_path: string,
  picture_psnr: number,
) {
  const { firstTicks, lastTicks, lastDurationTicks, facts } = extracted;
  const tick = facts.timeBase.numerator / facts.timeBase.denominator;
  const video_duration = milliseconds((lastTicks - firstTicks + lastDurationTicks) * tick);
  const begin = firstTicks * tick;
  const length = Math.max(1, Math.ceil(video_duration / MOST_STRETCHES));
  const timeline = Array.from({ length: Math.max(1, Math.ceil(video_duration / length)) }, (_, at): Stretch => {
    return {
      from: milliseconds(begin + at * length),
      to: milliseconds(begin + Math.min(video_duration, (at + 1) * length)),
      frames: 0,
      detections: {},
    };
  });
  const byClass = new Map(classes.map((name) => [name, 0]));
  const classOfTrack = new Map<number, string>();
  let [processed_frames, total_detections, interpolated_boxes] = [0, 0, 0];

  return {
    count({ seconds, boxes }: TrackedFrame): void {
      processed_frames += 1;
      const stretch = timeline[Math.min(timeline.length - 1, Math.max(0, Math.floor((seconds - begin) / length)))]!;
      stretch.frames += 1;
      for (const { label, track, interpolated } of boxes) {
        if (track !== undefined) classOfTrack.set(track, label);
        if (interpolated) interpolated_boxes += 1;
        else {
          total_detections += 1;
          byClass.set(label, (byClass.get(label) ?? 0) + 1);
          stretch.detections[label] = (stretch.detections[label] ?? 0) + 1;
        }
      }
    },
    stats(): VideoStats {
      const tracks = [...classOfTrack.values()];
      return {
        total_frames: extracted.frames,
        processed_frames,
        detection_stats: Object.fromEntries(byClass),
        total_detections,
        video_duration,
        output_path,
        unique_tracks: tracks.length,
        tracks_by_class: Object.fromEntries(
          classes.map((name) => [name, tracks.filter((label) => label === name).length]),
        ),
        interpolated_boxes,
        picture_psnr,
        timeline,
      };
    },
  };
}

function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
