import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Chromium, as it is called where it is installed; tests that need one are skipped without it. */
export const chromiumPath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((path) => existsSync(path));
