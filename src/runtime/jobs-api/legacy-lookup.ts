import { InputError } from '#core/errors';

/** The environment variable that says where videos lie: `s3://bucket/videos/{video_id}.mp4`, or at home a path. */
export const VIDEOS = 'STEPREEL_VIDEOS';

const PLACE = '{video_id}';

/** Where the video of an id lies, by a pattern with `{video_id}` in it. @throws InputError for a pattern without. */
export function videoLookup(pattern: string): (videoId: string) => string {
  if (pattern.split(PLACE).length === 2) return (videoId) => pattern.replace(PLACE, () => videoId);
  throw new InputError(`${VIDEOS} is ${JSON.stringify(pattern)}; expected an address with ${PLACE} in it, once.`);
}
