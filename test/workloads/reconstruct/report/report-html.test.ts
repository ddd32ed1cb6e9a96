import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { decodeRgb, readImage, sizeOf } from '#media/images';
import { reportHtml } from '#workloads/reconstruct/report/report-html';
import { aWindow, chromiumPath, complaints } from '../../../helpers/browser.ts';
import { aReport } from '../../../helpers/drawn-model.ts';
import { testFolder } from '../../../helpers/folder.ts';

const BACKGROUND = [0x17, 0x1a, 0x1f];

describe.skipIf(!chromiumPath)(
  'the report, opened from a file in Chromium without a network',
  { timeout: 120_000 },
  () => {
    it('shows the model, turns it by key and by mouse, and hides what is not wanted', async () => {
      const path = join(await testFolder(), 'report.html');
      await writeFile(path, reportHtml(aReport()));
      const page = await aWindow(pathToFileURL(path).href, { offline: true });
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));

      const first = await picture(page);
      // A red cube with a mesh through its points fills a good part, and is neither blank nor of one colour.
      expect(shareOf(first, isModel)).toBeGreaterThan(0.03);
      expect(shareOf(first, isRed)).toBeGreaterThan(0.02);

      await page.locator('#view').focus();
      for (let press = 0; press < 5; press += 1) await redrawn(page, () => page.keyboard.press('ArrowRight'));
      const turned = await picture(page);
      expect(changed(first, turned)).toBeGreaterThan(0.02);

      const box = (await page.locator('#view').boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await redrawn(page, () => page.mouse.move(box.x + box.width / 2 + 150, box.y + box.height / 2 + 40));
      await page.mouse.up();
      expect(changed(turned, await picture(page))).toBeGreaterThan(0.02);

      await redrawn(page, () => page.keyboard.press('0'));
      expect(changed(first, await picture(page))).toBeLessThan(0.001);

      for (const box of await page.locator('#shown input').all()) await redrawn(page, () => box.uncheck());
      // What is left are the round corners of the canvas.
      expect(shareOf(await picture(page), isModel)).toBeLessThan(0.001);
      expect(asked).toEqual([]);
      expect(complaints).toEqual([]);
    });

    it('tells quality, frames and what is missing beside it', async () => {
      const path = join(await testFolder(), 'report.html');
      await writeFile(path, reportHtml(aReport({ missing: ['the mesh: <b>thin</b>'] })));
      const page = await aWindow(pathToFileURL(path).href, { offline: true });
      await expect(page.locator('h1').textContent()).resolves.toBe('4 of 4 frames placed, sparse cloud');
      await expect(page.locator('.notice').allTextContents()).resolves.toEqual(['the mesh: <b>thin</b>.']);
      await expect(page.locator('text=reprojection error').count()).resolves.toBe(1);
    });
  },
);

/** How often the page has drawn. */
const drawnBy = async (page: Page) => Number(await page.locator('#view').getAttribute('data-drawn'));

/** What the canvas shows, as somebody would see it. */
async function picture(page: Page): Promise<Uint8Array> {
  await expect.poll(() => drawnBy(page), { timeout: 20_000 }).toBeGreaterThan(0);
  const image = await readImage(await page.locator('#view').screenshot());
  return decodeRgb(image, await sizeOf(image));
}

async function redrawn(page: Page, act: () => Promise<unknown>): Promise<void> {
  const before = await drawnBy(page);
  await act();
  await expect.poll(() => drawnBy(page), { timeout: 20_000 }).toBeGreaterThan(before);
}

type Pixel = readonly [number, number, number];

const isModel = (pixel: Pixel) => pixel.some((value, channel) => Math.abs(value - BACKGROUND[channel]!) > 24);
const isRed = ([red, green, blue]: Pixel) => red > 100 && green < red / 2 && blue < red / 2;

function shareOf(rgb: Uint8Array, is: (pixel: Pixel) => boolean): number {
  let count = 0;
  for (let at = 0; at < rgb.length; at += 3) if (is([rgb[at]!, rgb[at + 1]!, rgb[at + 2]!])) count += 1;
  return count / (rgb.length / 3);
}

function changed(one: Uint8Array, other: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < one.length; at += 3) {
    if ([0, 1, 2].some((channel) => Math.abs(one[at + channel]! - other[at + channel]!) > 24)) count += 1;
  }
  return count / (one.length / 3);
}
