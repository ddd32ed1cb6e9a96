import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTextReader } from '#inference/text/open-text-reader';
import { openTesseractJs } from '#inference/text/tesseract-js';
import { tesseractVersion } from '#inference/text/tesseract-program';
import type { TextPicture } from '#inference/text/text-reader';
import { createCanvas } from '#media/scenes/canvas';
import { writeCaption } from '#workloads/clip-qc/example/lettering';
import { testFolder } from '../../helpers/folder.ts';

const TYPEFACE = { weight: 0.8, contrast: 1, slant: 0, stretch: 1, spacing: 1.2 };

/** A line of black letters on white. */
function line(text: string): TextPicture {
  const canvas = createCanvas(text.length * 30 + 60, 70);
  canvas.rgb.fill(255);
  writeCaption(canvas, { text, x: canvas.width / 2, y: 35, size: 32, turn: 0, typeface: TYPEFACE, colour: [0, 0, 0] });
  return { width: canvas.width, height: 70, grey: canvas.rgb.filter((_, at) => at % 3 === 0) };
}

const native = await tesseractVersion();

describe.each([
  { engine: 'tesseract.js' as const, there: true },
  { engine: 'tesseract' as const, there: native !== undefined },
])('$engine', ({ engine, there }) => {
  it.skipIf(!there)('reads several pictures, in their order, with boxes and confidence', async () => {
    const reader = await openTextReader(engine, { threads: 2 });
    try {
      const blank = { width: 60, height: 40, grey: new Uint8Array(2400).fill(255) };
      const [first, second, third] = await reader.read([line('OPEN DAILY'), blank, line('PARKING 2026')]);
      expect(first!.map(({ text }) => text)).toEqual(['OPEN DAILY']);
      expect(second).toEqual([]);
      expect(third!.map(({ text }) => text)).toEqual(['PARKING 2026']);
      const [{ box, confidence }] = first as [NonNullable<typeof first>[number]];
      expect(confidence).toBeGreaterThan(0.8);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(box[2] - box[0]).toBeGreaterThan(100);
      expect(box[3] - box[1]).toBeLessThan(60);
    } finally {
      await reader.close();
    }
  });

  it.skipIf(!there)('says what it is, with its version', async () => {
    const reader = await openTextReader(engine, { threads: 1 });
    await reader.close();
    expect(reader.engine.name).toBe(engine);
    expect(reader.engine.version).toMatch(/^\d/);
  });
});

/** The threads that are started while something is done. */
async function threadsOf(work: () => Promise<unknown>): Promise<number> {
  let count = 0;
  const note = () => {
    count += 1;
  };
  process.on('worker', note);
  await work().finally(() => process.off('worker', note));
  return count;
}

describe('the engine that comes along', () => {
  it.each([
    { name: 'missing OCR data', files: {}, says: 'found none' },
    { name: 'an English data file of no bytes', files: { 'eng.traineddata.gz': '' }, says: 'damaged' },
    { name: 'a corrupt English data file', files: { 'eng.traineddata.gz': 'half of it' }, says: 'damaged' },
  ])('says so of $name, and leaves no thread behind', async ({ files, says }) => {
    const dataFolder = join(await testFolder(), 'data');
    await mkdir(dataFolder);
    for (const [name, content] of Object.entries(files)) await writeFile(join(dataFolder, name), content);
    const opened = () => openTesseractJs({ threads: 1, dataFolder });
    const threads = await threadsOf(() =>
      expect(opened()).rejects.toMatchObject({
        name: 'ToolError',
        message: expect.stringMatching(`${dataFolder}.*${says}`),
      }),
    );
    expect(threads).toBe(0);
  });

  it('starts its threads with the first picture, and keeps them', async () => {
    const reader = await openTesseractJs({ threads: 1 });
    try {
      expect(await threadsOf(async () => reader.engine.version)).toBe(0);
      expect(await threadsOf(() => reader.read([line('EXIT')]))).toBe(1);
      expect(await threadsOf(() => reader.read([line('OPEN'), line('EXIT')]))).toBe(0);
    } finally {
      await reader.close();
    }
  });
});

it('stops when it is told to', async () => {
  const reader = await openTextReader('tesseract.js', { threads: 1 });
  try {
    await expect(reader.read([line('EXIT')], AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  } finally {
    await reader.close();
  }
});
