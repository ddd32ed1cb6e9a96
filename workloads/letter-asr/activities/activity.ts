import { z } from 'zod';

/** What one phrase of an activity asks for. Times are seconds in the activity's whole recording. */
export const phraseSchema = z.object({
  index: z.int().nonnegative(),
  /** Items such as `a_letter` or `b_sound`, in the order in which they are asked for. */
  expected: z.array(z.string().min(1)),
  reference: z.array(z.string()).exactOptional(),
  startSeconds: z.number().nonnegative().exactOptional(),
  endSeconds: z.number().positive().exactOptional(),
});

/** One packet of an activity's sound, by the file it lies in. */
export const segmentSchema = z.object({
  file: z.string().min(1),
  phrase: z.int().nonnegative(),
  sequence: z.int().nonnegative(),
  /** The last one of its phrase. */
  last: z.boolean().exactOptional(),
  /** Of two files with the same place the newer version counts. */
  version: z.int().nonnegative().exactOptional(),
});

/** An activity: what a child was asked to say, phrase by phrase, and where the answer was recorded. */
export const activitySchema = z.object({
  id: z.string().min(1),
  storyId: z.string().exactOptional(),
  studentId: z.string().exactOptional(),
  phrases: z.array(phraseSchema).min(1),
  segments: z.array(segmentSchema),
  /** The file of a recording that holds every phrase. */
  recording: z.string().min(1).exactOptional(),
});

export type Phrase = z.infer<typeof phraseSchema>;
export type Segment = z.infer<typeof segmentSchema>;
export type Activity = z.infer<typeof activitySchema>;

/** Activities of one export, and what of its rows could not be used. */
export interface ActivityList {
  activities: Activity[];
  notes: string[];
}
