import { describe, expect, it } from 'vitest';
import { followObjects } from '#annotation/tracking/follow-objects';

const RULE = { maxLostSeconds: 2, maxFillSeconds: 0.5, sureScore: 0.4 };
type Seen = { box: readonly [number, number, number, number]; score: number; classIndex: number };

const seen = (x: number, y = 100, over: Partial<Seen> = {}): Seen => ({
  box: [x, y, 40, 80],
  score: 0.8,
  classIndex: 0,
  ...over,
});

async function follow(frames: Seen[][], step = 0.1) {
  const followed = [];
  const timed = frames.map((boxes, at) => ({ seconds: at * step, boxes }));
  for await (const frame of followObjects(timed, RULE)) followed.push(frame);
  return followed;
}

const tracks = (frames: { boxes: { track?: number }[] }[]) =>
  frames.map(({ boxes }) => boxes.map(({ track }) => track));

describe('an object keeps its number', () => {
  it('while it moves', async () => {
    const frames = await follow(Array.from({ length: 20 }, (_, at) => [seen(10 + at * 15)]));
    expect(new Set(tracks(frames).flat())).toEqual(new Set([1]));
  });

  it('when it passes another one of its class', async () => {
    const frames = await follow(
      Array.from({ length: 31 }, (_, at) => [seen(10 + at * 10, 100), seen(310 - at * 10, 120)]),
    );
    expect(tracks(frames).every((pair) => pair[0] === 1 && pair[1] === 2)).toBe(true);
  });

  it('when it was hidden for a second, and no box is put where it could not be seen', async () => {
    const frames = await follow(Array.from({ length: 20 }, (_, at) => (at > 4 && at < 14 ? [] : [seen(10 + at * 3)])));
    expect(tracks(frames)).toEqual(Array.from({ length: 20 }, (_, at) => (at > 4 && at < 14 ? [] : [1])));
  });

  it('when the camera was shaken for one frame', async () => {
    const still = [seen(10), seen(200), seen(400), seen(600)];
    const shaken = still.map((found) => ({ ...found, box: [found.box[0] + 90, 300, 40, 80] as const }));
    const frames = await follow([still, still, shaken, still, still]);
    expect(tracks(frames).at(-1)).toEqual([1, 2, 3, 4]);
  });
});

describe('an object that the detector is not sure of', () => {
  const weak = (x: number) => seen(x, 100, { score: 0.3 });

  it('goes on with the number that it had', async () => {
    const frames = await follow([[seen(10)], [seen(20)], [weak(30)], [weak(40)], [seen(50)]]);
    expect(tracks(frames)).toEqual([[1], [1], [1], [1], [1]]);
  });

  it('has none before, and takes none from one that the detector is sure of', async () => {
    const frames = await follow([[weak(10)], [seen(10)], [seen(10), weak(14)], [seen(10)]]);
    expect(tracks(frames)).toEqual([[undefined], [1], [1, undefined], [1]]);
  });
});

it('what was there for one frame does not wait to take the place of another', async () => {
  const still = seen(10);
  const frames = await follow([[still], [still], [still, seen(22)], [], [], [seen(18)], [seen(18)]]);
  expect(tracks(frames)).toEqual([[1], [1], [1, undefined], [1], [1], [1], [1]]);
});

describe('another object gets another number', () => {
  it('when it is of another class', async () => {
    const frames = await follow([
      [seen(10)],
      [seen(10)],
      [seen(10, 100, { classIndex: 1 })],
      [seen(10, 100, { classIndex: 1 })],
    ]);
    expect(tracks(frames)).toEqual([[1], [1], [2], [2]]);
  });

  it('after a cut, even where something stood before', async () => {
    const before = [seen(10), seen(200), seen(400), seen(600)];
    const after = [seen(10), seen(300, 300), seen(500, 300), seen(700, 300), seen(900, 300)];
    const frames = await follow([before, before, after, after, after]);
    expect(new Set(tracks(frames).slice(0, 2).flat())).toEqual(new Set([1, 2, 3, 4]));
    expect(
      tracks(frames)
        .slice(2)
        .flat()
        .every((track) => track! > 4),
    ).toBe(true);
  });

  it('after it was away for too long', async () => {
    const frames = await follow(Array.from({ length: 40 }, (_, at) => (at > 4 && at < 30 ? [] : [seen(10)])));
    expect(new Set(tracks(frames).flat())).toEqual(new Set([1, 2]));
  });
});

it('a short gap is filled on the straight way, and says so', async () => {
  const frames = await follow([[seen(10)], [seen(20)], [], [seen(40)], [seen(50)]]);
  expect(frames[2]!.boxes).toEqual([{ ...seen(30), track: 1, interpolated: true }]);
});

it.each([
  { name: 'was seen once only', frames: [[seen(10)], [], []] },
  { name: 'was never sure', frames: [[seen(10, 100, { score: 0.3 })], [seen(10, 100, { score: 0.39 })]] },
])('what $name has no number, and is there', async ({ frames }) => {
  const followed = await follow(frames);
  expect(followed[0]!.boxes).toHaveLength(1);
  expect(
    tracks(followed)
      .flat()
      .every((track) => track === undefined),
  ).toBe(true);
});

it('frames are held back for the time that an object may be lost, not for the length of the video', async () => {
  let given = 0;
  const endless = (async function* () {
    for (;;) {
      yield { seconds: given * 0.1, boxes: [seen(10)] };
      given += 1;
    }
  })();
  let taken = 0;
  for await (const _ of followObjects(endless, RULE)) {
    taken += 1;
    expect(given - taken).toBeLessThanOrEqual(RULE.maxLostSeconds / 0.1 + 1);
    if (taken === 200) break;
  }
});
