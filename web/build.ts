import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

const SOURCES = import.meta.dirname;

/** What the browsers that we write for understand. */
const SPOKEN = { target: ['chrome120', 'firefox121', 'safari17.4'] };

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
    ...SPOKEN,
    // Lit looks at this to leave out what only its developers need.
    conditions: ['production', 'browser'],
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const files = new Map(outputFiles.map(({ path, text }) => [`assets/${basename(path)}`, text]));
  const outputOf = (entry: string) =>
    Object.keys(metafile.outputs).find((path) => metafile.outputs[path]!.entryPoint === entry)!;
  const named = (entry: string) => `assets/${basename(outputOf(entry))}`;
  // Asked for together with the script that imports them, not after it.
  const preloads = metafile.outputs[outputOf('main.ts')]!.imports.filter(({ kind }) => kind === 'import-statement')
    .map(({ path }) => `<link rel="modulepreload" href="assets/${basename(path)}">\n`)
    .join('');
  const template = readFileSync(join(SOURCES, 'index.html'), 'utf8');
  const page = template
    .replace('{{style}}', () => named('style/index.css'))
    .replace('{{script}}', () => named('main.ts'))
    .replace('</head>', () => `${preloads}</head>`);
  return files.set('index.html', page);
}

/**
 * The viewer of 3-D scenes as one script, for a page that stands alone. It has no sign that a raw template literal would
 * read as more than text.
 */
export function bundleReportViewer(): string {
  const { outputFiles } = buildSync({
    absWorkingDir: SOURCES,
    entryPoints: ['scene/report-program.ts'],
    bundle: true,
    format: 'iife',
    platform: 'browser',
    ...SPOKEN,
    minify: true,
    lineLimit: 110,
    supported: { 'template-literal': false },
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]!.text;
}

/** Writes the page's files into a folder, for the package and for the function that serves it on AWS. */
export function writePage(folder: string): void {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  for (const [path, text] of bundlePage()) writeFileSync(join(folder, path), text);
}
