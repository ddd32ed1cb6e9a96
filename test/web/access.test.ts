import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aWindow, chromiumPath, complaints } from '../helpers/browser.ts';
import { aPageServer, type PageServer } from '../helpers/page-server.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with a page, in short. */
async function barriersOf(page: Page): Promise<string[]> {
  // The page's policy runs nothing that is put into it; the browser itself may.
  await page.evaluate(AXE);
  return await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe is put into the page above.
    const { violations } = await (globalThis as any).axe.run(document, { resultTypes: ['violations'] });
    return violations.map(
      ({ id, nodes }: { id: string; nodes: { html: string }[] }) =>
        `${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
    );
  });
}

describe.skipIf(!chromiumPath)('the job status page, for whoever uses it', () => {
  let server: PageServer;
  beforeAll(async () => {
    server = await aPageServer();
  });

  afterAll(() => expect(complaints).toEqual([]));

  describe.each([
    { name: 'light', colorScheme: 'light' as const, viewport: { width: 1280, height: 900 } },
    { name: 'dark, on a phone', colorScheme: 'dark' as const, viewport: { width: 375, height: 720 } },
  ])('$name', (look) => {
    it.each(['', '#/submit', '#/batches', '#/queue', '#/usage', '#/jobs/gone', '#/shared/gone', 'job', 'failed'])(
      'has no barrier that axe finds at %s, and nothing wider than the window',
      async (place) => {
        const params = place === 'failed' ? { fault: 'SplitWords-before:crash-always' } : {};
        const isJob = place === 'job' || place === 'failed';
        const id = isJob ? await server.submit('axe', { params, name: `${place}.txt` }) : '';
        const page = await aWindow(`${server.url}/${isJob ? `#/jobs/${id}` : place}`, look);
        if (isJob) await page.getByRole('heading', { name: place === 'job' ? /Succeeded/ : /Failed/ }).waitFor();
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.getByText('Reading…').waitFor({ state: 'detached' });
        await page.locator('details').evaluateAll((parts) => {
          for (const part of parts) (part as HTMLDetailsElement).open = true;
        });
        await expect.poll(() => page.getByText('Reading…').count()).toBe(0);
        expect(await barriersOf(page)).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide).toBeLessThanOrEqual(0);
      },
    );
  });

  it('can be used by the keyboard alone: the first key leads past the navigation', async () => {
    const page = await aWindow(server.url);
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Submit a job');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('q');
  });
});
