import { InputError } from './errors.ts';
import type { Job } from './job.ts';

/** Where a job stands among its team's: by the time it was recorded, then by its id. Texts compare like places. */
export function placeOf({ createdAt, id }: Pick<Job, 'createdAt' | 'id'>): string {
  return `${createdAt}#${id}`;
}

/** Before and after every place. */
export const OLDEST = '0';
export const NEWEST = '~';

/** The cursor of the page that follows a job. Whoever gets one hands it back as it is. */
export function cursorAfter(job: Pick<Job, 'createdAt' | 'id'>): string {
  return Buffer.from(placeOf(job)).toString('base64url');
}

// What every cursor of ours decodes to; the digits are those of an ISO-8601 time with milliseconds.
const PLACE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\w-]+$/;

/** The place that a cursor stands for. @throws InputError for one that no page gave. */
export function placeBehind(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString();
  if (PLACE.test(place)) return place;
  throw new InputError('cursor: expected the `next` of an earlier page, unchanged. Leave it out to begin anew.');
}
