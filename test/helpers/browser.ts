import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll } from 'vitest';
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
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  await page.goto(url);
  return page;
}
