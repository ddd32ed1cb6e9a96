import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '#core/errors';
import { VIDEOS } from './legacy-lookup.ts';

// Variables of the service before this one. PORT is read with the other options of the command.
const variablesSchema = z.object({
  [VIDEOS]: z.string().min(1).optional(),
  UPLOAD_DIR: z.string().min(1).optional(),
  FRAME_INTERVAL: z.coerce.number().int().min(1).optional(),
  CONFIDENCE_THRESHOLD: z.coerce.number().min(0).max(1).optional(),
});

export interface OldSettings {
  /** Where the video of an id lies. */
  videos: string | undefined;
  /** The folder that inputs lie below unless another one is given. */
  inputRoot: string | undefined;
  /** Parameters of the jobs that are asked for by the id of a video. */
  videoParams: Record<string, number>;
}

/** What the environment says in the words of the service before this one. @throws InputError that names what is wrong. */
export function oldSettings(variables: Record<string, string | undefined>): OldSettings {
  // A variable that is set to nothing is one that is not set.
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const read = variablesSchema.safeParse(set);
  if (!read.success) throw new InputError(`The environment can't be used: ${z.prettifyError(read.error)}`);
  const { [VIDEOS]: videos, UPLOAD_DIR: folder, FRAME_INTERVAL: every, CONFIDENCE_THRESHOLD: confidence } = read.data;
  return {
    videos: videos ?? (folder === undefined ? undefined : join(folder, '{video_id}.mp4')),
    inputRoot: folder,
    videoParams: { ...(every === undefined ? {} : { every }), ...(confidence === undefined ? {} : { confidence }) },
  };
}
