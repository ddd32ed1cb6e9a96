import { expect, it } from 'vitest';
import type { Extracted, TrackedFrame } from '#workloads/annotate/contract';
import { collectFailures } from '#workloads/annotate/result/failures';
import { startStats } from '#workloads/annotate/result/video-stats';

function statsOf(seconds: number, frames: TrackedFrame[]) {
  const extracted = {
    ...{ frames: seconds * 10, firstTicks: 5, lastTicks: 5 + seconds * 10 - 1, lastDurationTicks: 1 },
    facts: { timeBase: { numerator: 1, denominator: 10 } },
  } as Extracted;
  const stats = startStats(extracted, ['person', 'cone'], 'annotated.mp4', 41.5);
  for (const frame of frames) stats.count(frame);
  return stats.stats();
}

const box = (label: string, track?: number, interpolated?: true): TrackedFrame['boxes'][0] => ({
  ...{ box: [0, 0, 1, 1], score: 1, classIndex: 0, label },
  ...(track === undefined ? {} : { track }),
  ...(interpolated ? { interpolated } : {}),
});

it('counts detections and tracks by class, and no box that was only put between', () => {
  const stats = statsOf(2, [
    { frame: 0, seconds: 0.5, boxes: [box('person', 1), box('cone')] },
    { frame: 10, seconds: 1.6, boxes: [box('person', 1), box('person', 2, true)] },
  ]);
  expect(stats).toEqual({
    total_frames: 20,
    processed_frames: 2,
    detection_stats: { person: 2, cone: 1 },
    total_detections: 3,
    video_duration: 2,
    output_path: 'annotated.mp4',
    unique_tracks: 2,
    tracks_by_class: { person: 2, cone: 0 },
    interpolated_boxes: 1,
    picture_psnr: 41.5,
    timeline: [
      { from: 0.5, to: 1.5, frames: 1, detections: { person: 1, cone: 1 } },
      { from: 1.5, to: 2.5, frames: 1, detections: { person: 1 } },
    ],
  });
});

it('the timeline of a day has no more than 600 stretches', () => {
  expect(statsOf(86_400, []).timeline.length).toBeLessThanOrEqual(600);
});

it('names the frames for which a detector gave no answer, the first twenty of them', () => {
  const failures = collectFailures();
  for (let frame = 0; frame < 25; frame += 1) failures.note({ frame, failed: frame === 7 ? ['a', 'b'] : ['a'] });
  failures.note({ frame: 99 });
  const [a, b] = failures.sentences();
  expect(a).toMatch(/what a would have found on 25 frames: 0, 1, .*, 19 and 5 more$/);
  expect(b).toBe('what b would have found on 1 frame: 7');
});
