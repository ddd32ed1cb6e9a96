import { describe, expect, it } from 'vitest';
import { createOverlay, type ShownBox } from '#media/render/overlay';

const COLOURS = { range: 'tv', matrix: 'bt709', transfer: 'bt709', bitDepth: 8 } as const;
const ALL = { labels: true, confidence: true, legend: false };
const GREY = 77;

function drawn(boxes: ShownBox[], { width = 320, height = 240, style = ALL, bitDepth = 8 as 8 | 10 } = {}) {
  const overlay = createOverlay({ width, height }, { ...COLOURS, bitDepth }, style);
  const bytes = new Uint8Array(overlay.bytes).fill(GREY);
  overlay.draw(bytes, boxes);
  const luma = bitDepth === 8 ? bytes : new Uint16Array(bytes.buffer);
  return { bytes, at: (x: number, y: number) => luma[y * width + x]! };
}

const box = (over: Partial<ShownBox> = {}): ShownBox => ({
  box: [100, 100, 80, 60],
  label: 'person',
  classIndex: 0,
  score: 0.87,
  ...over,
});

/** Rectangle around everything that is not as it was. */
function changed({ at }: { at: (x: number, y: number) => number }, width = 320, height = 240, ground = GREY) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (at(x, y) === ground) continue;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x + 1),
        Math.max(bottom, y + 1),
      ];
    }
  }
  return [left, top, right, bottom];
}

describe('the overlay', () => {
  it('leaves a frame without boxes as it is, legend or not', () => {
    const { bytes } = drawn([], { style: { ...ALL, legend: true } });
    expect(bytes.every((byte) => byte === GREY)).toBe(true);
  });

  it('changes nothing outside of a box without words, and nothing within its lines', () => {
    const picture = drawn([box()], { style: { labels: false, confidence: false, legend: false } });
    expect(changed(picture)).toEqual([100, 100, 180, 160]);
    expect(picture.at(140, 130)).toBe(GREY);
  });

  it('no line of another box goes through a label, however sure that one is', () => {
    const named = { style: { ...ALL, confidence: false } };
    const plain = drawn([box({ score: 0.3 })], named);
    const crossed = drawn([box({ score: 0.3 }), box({ box: [120, 60, 30, 160], label: '', score: 0.9 })], named);
    // The label's rows, where the other box's left line would be.
    const rows = Array.from({ length: 8 }, (_, at) => 90 + at);
    expect(rows.map((y) => crossed.at(120, y))).toEqual(rows.map((y) => plain.at(120, y)));
    expect(crossed.at(120, 70)).not.toBe(GREY);
  });

  it.each([8, 10] as const)('draws lines of the class colour in %d bits', (bitDepth) => {
    const plain = { bitDepth, style: { labels: false, confidence: false, legend: false } };
    const [first, again, other] = [box(), box({ box: [100, 100, 90, 90], score: 0.3 }), box({ classIndex: 1 })].map(
      (shown) => drawn([shown], plain).at(101, 101),
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it.each([
    { name: 'above the box', shown: box(), within: [100, 80, 200, 100] },
    { name: 'within a box at the upper edge', shown: box({ box: [100, 0, 80, 60] }), within: [100, 0, 200, 20] },
    {
      name: 'inside the picture, for a box at its right edge',
      shown: box({ box: [300, 100, 20, 60] }),
      within: [180, 80, 320, 100],
    },
  ])('writes $name', ({ shown, within: [left, top, right, bottom] }) => {
    const picture = drawn([shown]);
    let words = 0;
    for (let y = top!; y < bottom!; y += 1)
      for (let x = left!; x < right!; x += 1) if (picture.at(x, y) !== GREY) words += 1;
    expect(words).toBeGreaterThan(200);
  });

  it.each([
    { name: 'a box of no size', over: { box: [50, 50, 0, 0] as const } },
    { name: 'a box beyond the picture', over: { box: [-50, -50, 1000, 1000] as const } },
    { name: 'a name longer than the picture', over: { label: 'x'.repeat(500) } },
    { name: 'a name without a glyph', over: { label: 'человек' } },
  ])('takes $name', ({ over }) => expect(() => drawn([box(over)])).not.toThrow());

  it('draws on the smallest pictures', () => {
    expect(() =>
      drawn([box({ box: [0, 0, 2, 2] })], { width: 2, height: 2, style: { ...ALL, legend: true } }),
    ).not.toThrow();
  });

  it.each([
    { height: 240, line: 2 },
    { height: 720, line: 3 },
    { height: 2160, line: 8 },
  ])('lines grow with the picture: $line pixels at $height rows', ({ height, line }) => {
    const width = Math.round((height * 16) / 9);
    const plain = { width, height, style: { labels: false, confidence: false, legend: false } };
    const picture = drawn([box({ box: [20, 20, 100, 100] })], plain);
    const thick = Array.from({ length: 50 }, (_, y) => picture.at(70, 20 + y)).filter((luma) => luma !== GREY).length;
    expect(thick).toBe(line);
  });

  it('names the classes of the frame in the legend', () => {
    const picture = drawn([box(), box({ box: [200, 150, 40, 40], classIndex: 2, label: 'cone' })], {
      style: { labels: false, confidence: false, legend: true },
    });
    expect(picture.at(1, 1)).not.toBe(GREY);
    expect(changed(picture).slice(0, 2)).toEqual([0, 0]);
  });
});
