import { describe, expect, it } from 'vitest';
import type { TextPicture, TextReader } from '#inference/text/text-reader';
import { createCanvas } from '#media/scenes/canvas';
import { writeCaption } from '#workloads/clip-qc/example/lettering';
import { greyOf } from '#workloads/clip-qc/features/picture';
import { similarityByPatch } from '#workloads/clip-qc/features/structural-similarity';
import { overlapOf } from '#workloads/clip-qc/features/text/match-regions';
import { blackOnWhite, MARGIN } from '#workloads/clip-qc/regions/black-on-white';
import { findText } from '#workloads/clip-qc/regions/find-text';
import { isText } from '#workloads/clip-qc/regions/is-text';
import { createFrameReader } from '#workloads/clip-qc/regions/read-frames';
import { withoutEchoes } from '#workloads/clip-qc/regions/without-echoes';
import { drawGrey } from '../pictures.ts';

const TYPEFACE = { weight: 0.8, contrast: 1, slant: 0, stretch: 1, spacing: 1.2 };

function sign(text: string, { x = 200, y = 100, light = true, turn = 0, width = 400, height = 200 } = {}) {
  const canvas = createCanvas(width, height);
  canvas.rgb.fill(light ? 60 : 200);
  const colour = light ? ([240, 240, 240] as const) : ([20, 20, 20] as const);
  writeCaption(canvas, { text, x, y, size: 26, turn, typeface: TYPEFACE, colour });
  return greyOf(canvas);
}

describe('finding text', () => {
  it.each([
    { name: 'light on dark', options: {}, ink: 'light' },
    { name: 'dark on light', options: { light: false }, ink: 'dark' },
    { name: 'turned by some degrees', options: { turn: 5 }, ink: 'light' },
    { name: 'at the border', options: { x: 90, y: 12 }, ink: 'light' },
  ])('finds a line $name', ({ options, ink }) => {
    const places = findText(sign('COFFEE', options)).filter((place) => place.ink === ink);
    const { x = 200, y = 100 } = options as { x?: number; y?: number };
    expect(places.some(({ box }) => overlapOf(box, [x - 80, Math.max(0, y - 15), x + 80, y + 15]) > 0.3)).toBe(true);
    for (const { box } of places) {
      expect(Math.min(...box)).toBeGreaterThanOrEqual(0);
      expect([box[2] <= 400, box[3] <= 200]).toEqual([true, true]);
    }
  });

  it.each([
    { name: 'an empty picture', picture: { width: 400, height: 200, grey: new Uint8Array(80_000).fill(90) } },
    { name: 'a picture of a few pixels', picture: drawGrey(1, 5, 3) },
    { name: 'a single bar', picture: sign('I') },
  ])('finds none in $name', ({ picture }) => expect(findText(picture)).toEqual([]));
});

it('a line is read as black letters on white, whatever it stood on', () => {
  const picture = sign('COFFEE');
  const [place] = findText(picture);
  const print = blackOnWhite(picture, place!);
  expect(print.width).toBe(place!.box[2] - place!.box[0] + 2 * MARGIN);
  const at = (x: number, y: number) => print.grey[y * print.width + x];
  expect(at(0, 0)).toBe(255);
  expect(Math.min(...print.grey)).toBe(0);
  expect(print.grey.filter((value) => value > 200).length / print.grey.length).toBeGreaterThan(0.5);
});

describe('telling text from marks', () => {
  it.each([
    { text: 'OPEN', confidence: 0.9, is: true },
    { text: 'Zürich 12', confidence: 0.6, is: true },
    { text: 'OPEN', confidence: 0.4, is: false },
    { text: '| [I', confidence: 0.9, is: false },
    { text: 'E', confidence: 0.9, is: false },
    { text: '', confidence: 1, is: false },
  ])('"$text" at $confidence: $is', ({ is, ...line }) => expect(isText(line, 0.5)).toBe(is));
});

it('a line that is read twice counts once, as the better reading', () => {
  const line = (text: string, x: number, confidence: number) => ({
    text,
    confidence,
    box: [x, 0, x + 100, 20] as const,
  });
  const [whole, part, other] = [line('OPEN DAILY', 0, 0.9), line('EN DAI', 10, 0.95), line('EXIT', 200, 0.9)];
  expect(withoutEchoes([part, whole, other])).toEqual([whole, other]);
});

describe('reading frame after frame', () => {
  const RULE = { ocrSkipSsim: 0.995, minTextConfidence: 0.5 };
  /** A reader that finds the same in every picture, and says how many it was shown. */
  function countingReader() {
    const shown: TextPicture[] = [];
    const reader: TextReader = {
      engine: { name: 'tesseract.js', version: '0' },
      async read(pictures) {
        shown.push(...pictures);
        return pictures.map(({ width, height }) => [{ box: [0, 0, width, height], text: 'SEEN', confidence: 0.9 }]);
      },
      close: async () => undefined,
    };
    return { reader, shown };
  }

  it('does not read a frame again that is as good as the one before', async () => {
    const { reader, shown } = countingReader();
    const reading = createFrameReader(reader, RULE);
    const picture = sign('COFFEE');
    reading.show(picture, undefined);
    reading.show(picture, 0.996);
    reading.show(sign('TICKETS'), 0.9);
    const { frames, read, reused } = await reading.finish();
    expect(frames.map(({ from }) => from)).toEqual(['read', 'reused', 'read']);
    expect(frames[1]!.regions).toEqual(frames[0]!.regions);
    expect([shown.length, reused]).toEqual([read, 1]);
  });

  it('does not read a place again that has not changed, in a frame that has', async () => {
    const { reader, shown } = countingReader();
    const reading = createFrameReader(reader, RULE);
    const before = sign('COFFEE');
    const after = { ...before, grey: before.grey.map((value, at) => (at < 8000 ? 255 - value : value)) };
    reading.show(before, undefined);
    reading.show(after, 0.8);
    const { reused } = await reading.finish();
    expect([shown.length, reused]).toEqual([1, 1]);
  });

  it('can not go by the whole frame: a changed word of 100 x 30 pixels at 720p hardly shows in its SSIM', () => {
    const frame = { width: 1280, height: 720, grey: new Uint8Array(1280 * 720).fill(90) };
    const changed = { ...frame, grey: frame.grey.slice() };
    for (let y = 300; y < 330; y += 1)
      for (let x = 400; x < 500; x += 1) changed.grey[y * 1280 + x] = (x * y) % 2 ? 255 : 0;
    const { whole, patches } = similarityByPatch(frame, changed, 4, 4);
    expect(whole).toBeGreaterThan(RULE.ocrSkipSsim);
    expect(Math.min(...patches)).toBeLessThan(RULE.ocrSkipSsim);
  });

  it('keeps boxes inside of their place, and so inside of the frame', async () => {
    const { reader } = countingReader();
    const reading = createFrameReader(reader, RULE);
    reading.show(sign('COFFEE', { x: 90, y: 12 }), undefined);
    const { frames } = await reading.finish();
    const [{ box }] = frames[0]!.regions as [(typeof frames)[0]['regions'][number]];
    expect(box[0]).toBeGreaterThanOrEqual(0);
    expect(box[1]).toBeGreaterThanOrEqual(0);
  });

  it('ends with the reader’s failure', async () => {
    const { reader } = countingReader();
    const reading = createFrameReader({ ...reader, read: () => Promise.reject(new Error('no ink')) }, RULE);
    reading.show(sign('COFFEE'), undefined);
    await expect(reading.finish()).rejects.toThrow('no ink');
  });
});
