import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { chromiumPath } from './chromium.ts';

export { chromiumPath };

let opened: Promise<Browser> | undefined;
afterAll(async () => {
  await (await opened)?.close();
});

/** What a window said that it should not have: errors of scripts, and what the policy kept from happening. */
export const complaints: string[] = [];

/** A window of a browser that knows nothing of any other. */
export async function aWindow(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  opened ??= chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  const context = await (await opened).newContext({ viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  await page.goto(url);
  return page;
}

/** A 3-D view is there, and shows something else when the arrow keys have turned it. */
export async function turnsByKeys(page: Page, canvas: Locator): Promise<void> {
  await expect.poll(() => canvas.getAttribute('data-drawn'), { timeout: 30_000 }).not.toBeNull();
  const before = await canvas.screenshot();
  await canvas.focus();
  for (let i = 0; i < 6; i += 1) await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await canvas.screenshot()).equals(before), { timeout: 20_000 }).toBe(false);
}
