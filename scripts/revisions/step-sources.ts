import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { canonicalJson, sha256Hex } from '#core/names';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The SHA-256 of what a step is made of: its code and all that it imports of this repository, without types, comments and
 * what it does not use; the files that the code opens beside itself; the version of each package that it names. `file` is
 * its path from `root`.
 */
export function sourcesOf(file: string, root = repository): string {
  const entries = [file];
  const code: string[] = [];
  const assets: Record<string, string> = {};
  // A worker is started by its path, so that it is an entry of its own; the list grows while it is gone through.
  for (const entry of entries) {
    const { text, inputs } = bundled(entry, root);
    code.push(text);
    for (const path of inputs.flatMap((input) => filesBeside(input, root))) {
      if (!path.endsWith('.ts')) assets[path] = sha256Hex(readFileSync(join(root, path)));
      else if (!entries.includes(path)) entries.push(path);
    }
  }
  return sha256Hex(canonicalJson({ code, assets, packages: packagesNamedIn(code.join('\n'), root) }));
}

function bundled(entry: string, root: string): { text: string; inputs: string[] } {
  const { outputFiles, metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'esnext',
    packages: 'external',
    // It says where steps run and how big. A step that reads it reads its own name and version.
    external: ['*/workload.ts'],
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return { text: outputFiles[0]!.text, inputs: Object.keys(metafile.inputs).sort() };
}

/** Files that a source opens by `new URL('./kernel.wasm', import.meta.url)`; without an ending, it is that of the source. */
function filesBeside(source: string, root: string): string[] {
  const text = readFileSync(join(root, source), 'utf8');
  const found = text.matchAll(/new URL\(\s*['"`](\.{0,2}\/?[\w./-]+)[^'"`]*['"`],\s*import\.meta\.url\)/g);
  return Array.from(found, ([, path]) => {
    const target = extname(path!) === '' ? `${path}.ts` : path!;
    return relative(root, join(root, dirname(source), target));
  }).filter((path) => existsSync(join(root, path)));
}

/** The packages that the code imports, or looks for by name, with their versions. */
function packagesNamedIn(code: string, root: string): Record<string, string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; dependencies?: object; optionalDependencies?: object }>;
  };
  const { dependencies = {}, optionalDependencies = {} } = packages['']!;
  const names = Object.keys({ ...dependencies, ...optionalDependencies });
  const named = names.filter((name) => [`"${name}"`, `"${name}/`].some((quoted) => code.includes(quoted)));
  return Object.fromEntries(named.map((name) => [name, packages[`node_modules/${name}`]?.version ?? 'not installed']));
}
