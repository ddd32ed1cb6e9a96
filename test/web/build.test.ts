import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { bundlePage } from '#web/build';
import { VIEWER_FILE, viewerModule } from '../../scripts/build-viewer.ts';

const files = bundlePage();
const page = files.get('index.html')!;

/** What the browser fetches before anything is shown: the page, its style and script, and what that imports at once. */
function firstPage(): string[] {
  const found = new Set(Array.from(page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g), ([, path]) => path!));
  for (const path of found) {
    for (const [, chunk] of files.get(path)!.matchAll(/(?:from|import)\s?"\.\/([^"]+)"/g)) found.add(`assets/${chunk}`);
  }
  return ['index.html', ...found];
}

it('the first page is below 150 kB, compressed', () => {
  const paths = firstPage();
  expect(paths.length).toBeGreaterThan(3);
  const sizes = paths.map((path) => gzipSync(files.get(path)!).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
});

it('viewers of results are not in it', () => {
  const first = firstPage();
  const viewers = [...files.keys()].filter((path) => /scene-view|picture-gallery|job-page/.test(path));
  expect(viewers).toHaveLength(3);
  expect(viewers.filter((path) => first.includes(path))).toEqual([]);
});

it('it has no script or style of its own, which its policy would not let through', () => {
  expect(page).not.toMatch(/<style|<script(?! type="module" src="assets\/)| style=| on\w+=/);
  expect(page).not.toContain('{{');
});

it('nothing in it leads to another place', () => {
  for (const [path, text] of files)
    expect([path, text.match(/https?:\/\/(?!www\.w3\.org\/)[\w.]+/g)]).toEqual([path, null]);
});

it('the report of reconstruct has the viewer that the page has: `npm run viewer` writes it there', () => {
  expect(readFileSync(VIEWER_FILE, 'utf8')).toBe(viewerModule());
});

it('a file keeps its name as long as it keeps its content', () => {
  expect([...bundlePage().keys()]).toEqual([...files.keys()]);
});
