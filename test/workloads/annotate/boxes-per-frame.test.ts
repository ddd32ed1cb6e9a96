import { expect, it } from 'vitest';
import { boxesPerFrame } from '#workloads/annotate/boxes-per-frame';
import type { TrackedFrame } from '#workloads/annotate/contract';

const box = (x: number, track?: number): TrackedFrame['boxes'][0] => ({
  ...{ box: [x, 0, 10, 10], score: 0.5, classIndex: 0, label: 'cone' },
  ...(track === undefined ? {} : { track }),
});
const sampled = (frame: number, ...boxes: TrackedFrame['boxes']): TrackedFrame => ({
  frame,
  seconds: frame / 10,
  boxes,
});

async function* given(frames: TrackedFrame[]) {
  yield* frames;
}

async function drawn(frames: TrackedFrame[], first: number, count: number) {
  const shown = [];
  for await (const boxes of boxesPerFrame(given(frames), { first, count, times: (frame) => frame / 10 }))
    shown.push(boxes);
  return shown.map((boxes) => boxes.map(({ box: [x] }) => x));
}

it.each([
  {
    name: 'a tracked object is on its way between two samples',
    frames: [sampled(0, box(0, 1)), sampled(4, box(40, 1))],
    xs: [[0], [10], [20], [30], [40], [40]],
  },
  {
    name: 'one that is gone at the next sample stays for half of the time',
    frames: [sampled(0, box(7, 1)), sampled(4)],
    xs: [[7], [7], [7], [], [], []],
  },
  {
    name: 'one that comes is shown from its first sample on',
    frames: [sampled(0), sampled(4, box(7, 1))],
    xs: [[], [], [], [], [7], [7]],
  },
  {
    name: 'one without a track stays where it is',
    frames: [sampled(0, box(0)), sampled(4, box(40))],
    xs: [[0], [0], [0], [], [40], [40]],
  },
  {
    name: 'before the first sample there is nothing',
    frames: [sampled(2, box(5, 1))],
    xs: [[], [], [5], [5], [5], [5]],
  },
  { name: 'nothing was sampled', frames: [], xs: [[], [], [], [], [], []] },
])('$name', async ({ frames, xs }) => expect(await drawn(frames, 0, 6)).toEqual(xs));

it('a segment in the middle shows what the whole would', async () => {
  const frames = [sampled(0, box(0, 1)), sampled(4, box(40, 1)), sampled(8, box(80, 1))];
  const whole = await drawn(frames, 0, 10);
  expect([...(await drawn(frames, 0, 3)), ...(await drawn(frames, 3, 4)), ...(await drawn(frames, 7, 3))]).toEqual(
    whole,
  );
});
