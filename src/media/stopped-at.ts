import { type FfmpegEnd, ffmpegReason } from './ffmpeg.ts';
import type { DecodedSoFar } from './frame-log.ts';
import type { MediaInfo, UsableVideo } from './probe.ts';

/** Where a video broke off. */
export interface StoppedAt {
  /** Number of the first frame that is missing. */
  frame: number;
  /** Presentation time of the last frame there is. */
  seconds: number;
  reason: string;
}

// Containers round durations, and sound may run on a little after the last picture.
const SLACK_SECONDS = 0.25;

/**
 * Tells a video that broke off from one that ended. It broke off if its last frame lies well before the promised end and
 * there is a sign of damage: a file shorter than its headers say, or an error of the decoder. Without such a sign a frame
 * may just stay on screen for long. `end` is undefined when decoding was ended because no more frames were wanted.
 */
export function whereItStopped({
  media,
  video,
  decoded,
  end,
}: {
  media: MediaInfo;
  video: UsableVideo;
  decoded: DecodedSoFar;
  end: FfmpegEnd | undefined;
}): StoppedAt | undefined {
  if (!end) return undefined;
  const promisedSeconds = video.durationSeconds ?? media.durationSeconds ?? 0;
  const frameSeconds = video.frameRate ? 1 / video.frameRate : 0;
  const missingSeconds = promisedSeconds - decoded.lastSeconds - frameSeconds;
  const isShort = missingSeconds > SLACK_SECONDS + 2 * frameSeconds;
  const isDamaged = media.truncated || end.complaintCount > 0 || end.exitCode !== 0;
  if (end.exitCode === 0 && !(isShort && isDamaged)) return undefined;
  const said = end.complaints.length > 0 ? ` ffmpeg: ${ffmpegReason(end)}.` : '';
  const reason = media.truncated
    ? `The file ends before what its header promises (${promisedSeconds} s).${said}`
    : `The file can't be decoded to its end (${promisedSeconds} s).${said}`;
  return { frame: decoded.frames, seconds: decoded.lastSeconds, reason };
}
