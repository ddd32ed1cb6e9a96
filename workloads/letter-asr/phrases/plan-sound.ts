import type { JobInput } from '#core/job';
import type { Activity, Phrase, Segment } from '../activities/activity.ts';
import { isCompleteRecording, parseSegmentName } from '../activities/segment-name.ts';
import type { LetterAsrParams } from '../contract.ts';
import { planSegments } from './plan-segments.ts';

/** From which files a phrase's sound is taken, in order, and what is wrong with it. */
export interface PhrasePlan {
  phrase: Phrase;
  pieces: { file: JobInput; sequence?: number }[];
  gaps: number[];
  warnings: string[];
  failure?: string;
}

/** How an activity's sound is made: of its segments, or of one recording that the phrases are stretches of. */
export type SoundPlan =
  | { kind: 'segments'; phrases: PhrasePlan[] }
  | { kind: 'recording'; file: JobInput; phrases: Activity['phrases'] }
  | { kind: 'none'; failure: string };

/** Tells whether files hold the same bytes. */
export type SameBytes = (files: JobInput[]) => Promise<boolean>;

/** Plans an activity's sound from the files that belong to it. */
export async function planSound(
  activity: Activity,
  files: JobInput[],
  source: LetterAsrParams['source'],
  sameBytes: SameBytes,
): Promise<SoundPlan> {
  const segments = source === 'recording' ? [] : placedSegments(activity, files);
  if (segments.length > 0)
    return { kind: 'segments', phrases: await planSegments(activity.phrases, segments, sameBytes) };
  if (source === 'segments') return { kind: 'none', failure: 'no file is a segment by the metadata or by its name' };
  const recordings = files.filter(({ name }) => name === activity.recording || isCompleteRecording(name));
  // An activity of one phrase and one file needs neither names nor times.
  const only = files.length === 1 ? files[0] : undefined;
  const file = recordings.find(({ name }) => name === activity.recording) ?? recordings[0] ?? only;
  if (!file) return { kind: 'none', failure: files.length === 0 ? 'it has no file' : 'its files have no place in it' };
  const untimed = activity.phrases.filter(
    ({ startSeconds, endSeconds }) => startSeconds === undefined || endSeconds === undefined,
  );
  if (untimed.length === 0 || activity.phrases.length === 1)
    return { kind: 'recording', file, phrases: activity.phrases };
  return {
    kind: 'none',
    failure: `${file.name} is a whole recording, and ${untimed.length} phrases have no times in it`,
  };
}

/** A segment with its file. What the metadata says counts before the file's name. */
export type PlacedSegment = Segment & { input: JobInput };

function placedSegments({ segments }: Activity, files: JobInput[]): PlacedSegment[] {
  const listed = new Map(segments.map((segment) => [segment.file, segment]));
  return files.flatMap((input) => {
    const segment = listed.get(input.name);
    if (segment) return [{ ...segment, input }];
    const named = isCompleteRecording(input.name) ? undefined : parseSegmentName(input.name);
    return named ? [{ ...named, input }] : [];
  });
}
