import { expect, it } from 'vitest';
import type { MediaInfo } from '#media/media-info';
import type { Survey } from '#media/render/survey';
import { lastDuration } from '#workloads/annotate/last-duration';

const survey = (ticks: number[], more: Partial<Survey> = {}) =>
  ({
    frames: ticks.map((at) => ({ ticks: at, key: false })),
    facts: { timeBase: { numerator: 1, denominator: 30_000 } },
    ...more,
  }) as Survey;
const media = (durationSeconds?: number) => ({ video: [{ durationSeconds }] }) as MediaInfo;

// Pitfall 47: the last frame has an end too.
it.each([
  {
    name: 'is the usual one where the container says so in milliseconds',
    ticks: [0, 1001, 2002],
    seconds: 0.1,
    expected: 1001,
  },
  { name: 'is what is left of the track', ticks: [0, 1001, 2002], seconds: 1, expected: 27_998 },
  {
    name: 'is the usual one where the track is shorter than its frames',
    ticks: [0, 1001, 2002],
    seconds: 0.01,
    expected: 1001,
  },
  { name: 'is the usual one where the track does not say', ticks: [0, 1001, 2002], seconds: undefined, expected: 1001 },
  { name: 'of a single frame is the track', ticks: [0], seconds: 2, expected: 60_000 },
  { name: 'of a single frame is at least a tick', ticks: [0], seconds: undefined, expected: 1 },
])('the last duration $name', ({ ticks, seconds, expected }) => {
  expect(lastDuration(survey(ticks), media(seconds))).toBe(expected);
});

it.each([
  { container: 'MPEG-4', expected: 500 },
  // There the track's own length is told, which ends with a usual frame.
  { container: 'Matroska', expected: 1001 },
])('of a picture that begins late in $container is what that container counts from', ({ container, expected }) => {
  const media = { container, video: [{ durationSeconds: (501 + 2002 + 500) / 30_000 }] } as MediaInfo;
  expect(lastDuration(survey([501, 1502, 2503]), media)).toBe(expected);
});

it('of a video that broke off is the usual one', () => {
  const stoppedAt = { frame: 3, seconds: 0.1, reason: 'cut' };
  expect(lastDuration(survey([0, 1001, 2002], { stoppedAt }), media(60))).toBe(1001);
});
