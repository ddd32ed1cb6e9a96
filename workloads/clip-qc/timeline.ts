import type { Timeline } from './contract.ts';
import type { ClipMeasures } from './measure-clip.ts';

/** timeline.json: what each sampled frame is like and how it goes over into the next, for charts and for a closer look. */
export function timelineOf(
  { pairs, texts, changes, temporal }: ClipMeasures,
  frames: readonly { index: number; seconds: number }[],
): Timeline {
  return frames.map(({ index, seconds }, frame) => {
    const pair = pairs[frame];
    const edits = changes.filter((change) => change.pair === frame).map(({ editDistance }) => editDistance);
    return {
      frame,
      sourceFrame: index,
      seconds,
      text: texts.frames[frame]!.regions.map(({ text }) => text).join(' '),
      textFrom: texts.frames[frame]!.from,
      ...(pair && {
        next: {
          ssim: rounded(pair.ssim),
          mae: rounded(pair.mae),
          patchInstability: pair.patchInstability,
          textEdits: edits.reduce((sum, distance) => sum + distance, 0),
          cut: temporal.cuts.includes(frame),
        },
      }),
    };
  });
}

/** Six digits: the last ones of a sum say nothing, and would make the file hard to read. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
