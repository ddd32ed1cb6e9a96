import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';
import { writePage } from '#web/build';
import { copyPackage, hasNativeParts, linuxPackages } from './native-packages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

// Steps that open models run in containers: this alone is larger than all that a function may be.
const CONTAINERS_ONLY = 'onnxruntime-node';
// A workload names all of its steps, to be loaded when needed. A function has one step, and its door imports that one.
const OTHER_STEPS = './steps/*';
// Parts of packages that are CommonJS ask for this; a module has none.
const REQUIRE =
  "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);";

// The door that serves the job status page, and the state machines that it draws.
const PAGE_SERVER = 'lambdas/jobs-api.ts';

const bundles = new Map<string, string>();
process.once('exit', () => {
  for (const folder of bundles.values()) rmSync(folder, { recursive: true, force: true });
});

/** The folder with the bundle of a door, made once and kept for as long as this process lives. */
export function bundleOf(door: string): string {
  const folder = bundles.get(door) ?? bundleFunction(door);
  bundles.set(door, folder);
  return folder;
}

/**
 * Bundles a door of `lambdas/` into a new folder, complete: our code and what of npm is plain JavaScript in `index.mjs`
 * and its chunks; packages with native or wasm parts, in their Linux version, under node_modules; our own wasm beside.
 */
export function bundleFunction(door: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'stepreel-function-'));
  const native = externalsOf(build(door, folder, { packages: 'external', write: false })).filter(hasNativeParts);
  const bundle = build(door, folder, { external: [...native, OTHER_STEPS] });
  const needed = loadable(bundle, folder);
  const packages = linuxPackages();
  for (const name of native) {
    if (needed.has(name)) copyPackage(name, packages, join(folder, 'node_modules'));
  }
  copyOwnWasm(bundle, folder);
  if (door === PAGE_SERVER) addPage(folder);
  return folder;
}

function build(door: string, folder: string, options: Parameters<typeof buildSync>[0]): Metafile {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: { index: door },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    keepNames: true,
    legalComments: 'none',
    logLevel: 'warning',
    banner: { js: REQUIRE },
    ...options,
  });
  return metafile!;
}

/** The npm packages that are imported from outside of the bundle. */
function externalsOf({ outputs }: Metafile): string[] {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  const names = imports.filter(({ external, path }) => external && !/^(node:|[./])/.test(path)).map(({ path }) => path);
  return [...new Set(names.map(packageName))];
}

function packageName(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The packages that the function may come to load: all that its chunks import, but not what lies behind a model. */
function loadable({ outputs }: Metafile, folder: string): Set<string> {
  const entry = Object.keys(outputs).find((path) => join(root, path) === join(folder, 'index.mjs'))!;
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (chunk: string): void => {
    if (seen.has(chunk)) return;
    seen.add(chunk);
    for (const { path, kind, external } of outputs[chunk]!.imports) {
      if (external) found.add(packageName(path));
      else if (kind !== 'dynamic-import' || !opensModels(path)) visit(path);
    }
  };
  const opensModels = (chunk: string): boolean =>
    outputs[chunk]!.imports.some(
      ({ path, kind, external }) =>
        kind !== 'dynamic-import' && (external ? packageName(path) === CONTAINERS_ONLY : opensModels(path)),
    );
  visit(entry);
  return found;
}

/** What the API gives besides its answers, at the places where it looks for it. */
function addPage(folder: string): void {
  writePage(join(folder, 'web'));
  cpSync(join(root, 'statemachines'), join(folder, 'statemachines'), { recursive: true });
}

/** `new URL('kernels/frame.wasm', import.meta.url)` in a source is a file beside the bundle. */
function copyOwnWasm({ outputs }: Metafile, folder: string): void {
  const sources = new Set(Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)));
  for (const source of sources) {
    if (source.includes('node_modules/')) continue;
    const text = readFileSync(join(root, source), 'utf8');
    for (const [, path] of text.matchAll(/new URL\('([^']+\.wasm)', import\.meta\.url\)/g)) {
      cpSync(join(root, dirname(source), path!), join(folder, path!));
    }
  }
}
