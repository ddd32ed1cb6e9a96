import type { Segment } from './activity.ts';

/**
 * Three digits of the phrase, six of the sequence and, if wanted, a time stamp and a version: `a17_003_000012_1700000000_v2.wav`.
 * What stands before is the activity's id.
 */
const NAME = /^(?:(.+?)[_-])?(\d{3})[_-](\d{6})(?:[_-](\d{7,}))?(?:[_-]v?(\d{1,6}))?\.wav$/i;

/** Where a segment belongs by its file's name; undefined for a name of another form. */
export function parseSegmentName(file: string): (Segment & { activity?: string }) | undefined {
  const found = NAME.exec(file);
  if (!found) return undefined;
  const [, activity, phrase, sequence, , version] = found;
  return {
    file,
    phrase: Number(phrase),
    sequence: Number(sequence),
    ...(version === undefined ? {} : { version: Number(version) }),
    ...(activity === undefined ? {} : { activity }),
  };
}

/** Recordings of the whole activity lie beside its segments under such a name. */
export function isCompleteRecording(file: string): boolean {
  return /complete/i.test(file);
}
