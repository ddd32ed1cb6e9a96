import { expect, it } from 'vitest';
import { cursorAfter, NEWEST, OLDEST, placeBehind, placeOf } from '#core/job-list';

const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;

it('places compare like the times of jobs, and like their ids where those are the same', () => {
  const jobs = [
    { createdAt: at(1), id: 'toy-9' },
    { createdAt: at(2), id: 'dataset-1' },
    { createdAt: at(2), id: 'toy-1' },
  ];
  const places = [OLDEST, ...jobs.map(placeOf), NEWEST];
  expect(places.toSorted()).toEqual(places);
});

it('a cursor fits into a query as it is, and leads back to its place', () => {
  const job = { createdAt: at(1), id: 'clip-qc-0f3a' };
  expect(cursorAfter(job)).toMatch(/^[\w-]+$/);
  expect(placeBehind(cursorAfter(job))).toBe(placeOf(job));
});

it.each(['', '~', '2026-01-01#toy-1', `${at(1)}#`, `${at(1)}#toy 1`])('a cursor of "%s" is none of ours', (place) => {
  const cursor = Buffer.from(place).toString('base64url');
  expect(() => placeBehind(cursor)).toThrow(/unchanged/);
});
