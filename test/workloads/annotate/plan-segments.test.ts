import { expect, it } from 'vitest';
import { planSegments } from '#workloads/annotate/plan-segments';

async function* frames(count: number, isKey: (at: number) => boolean) {
  for (let at = 0; at < count; at += 1) yield { key: isKey(at) };
}

it.each([
  { name: 'a short video is one segment', count: 50, key: 10, per: 100, segments: [[0, 50]] },
  {
    name: 'segments begin at key frames',
    count: 100,
    key: 12,
    per: 30,
    segments: [
      [0, 36],
      [36, 36],
      [72, 28],
    ],
  },
  {
    name: 'a short rest is not worth a task',
    count: 100,
    key: 10,
    per: 45,
    segments: [
      [0, 50],
      [50, 50],
    ],
  },
  { name: 'a video with one key frame is one segment', count: 100, key: 1000, per: 10, segments: [[0, 100]] },
])('$name', async ({ count, key, per, segments }) => {
  const planned = await planSegments(
    frames(count, (at) => at % key === 0),
    per,
  );
  expect(planned.map((segment) => [segment.first, segment.count])).toEqual(segments);
});

it('there are at most 40, and they are the whole video', async () => {
  const planned = await planSegments(
    frames(10_000, (at) => at % 5 === 0),
    1,
  );
  expect(planned.length).toBeLessThanOrEqual(40);
  expect(planned.reduce((end, { first, count }) => (first === end ? first + count : Number.NaN), 0)).toBe(10_000);
});
