import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

const SOURCES = import.meta.dirname;

/**
 * Bundles the page: `index.html`, and under `assets/` its style and its scripts, cut where the page loads them on demand.
 * Names carry a digest of what is in the file, so that a browser may keep each for ever.
 */
export function bundlePage(): Map<string, string> {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: SOURCES,
    entryPoints: { main: 'main.ts', style: 'style/index.css' },
    outdir: '/assets',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome120', 'firefox121', 'safari17.4'],
    // Lit looks at this to leave out what only its developers need.
    conditions: ['production', 'browser'],
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const files = new Map(outputFiles.map(({ path, text }) => [`assets/${basename(path)}`, text]));
  const named = (entry: string) => {
    const [path] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === entry)!;
    return `assets/${basename(path)}`;
  };
  const template = readFileSync(join(SOURCES, 'index.html'), 'utf8');
  const page = template
    .replace('{{style}}', () => named('style/index.css'))
    .replace('{{script}}', () => named('main.ts'));
  return files.set('index.html', page);
}

/** Writes the page's files into a folder, for the package and for the function that serves it on AWS. */
export function writePage(folder: string): void {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  for (const [path, text] of bundlePage()) writeFileSync(join(folder, path), text);
}
