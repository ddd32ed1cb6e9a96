import { execFileSync } from 'node:child_process';
import { cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writePage } from '#web/build';

// Writes dist/: JavaScript, because Node strips no types under node_modules, and everything that is read at run time, at
// the same place relative to it. dist/package.json maps the `#…` imports to the JavaScript.

const ASSETS = [
  'statemachines/*.json',
  'src/**/*.wasm',
  'models/*/*/{model.json,model.onnx,CARD.md}',
  'scaffolds/**/{*,.*}.tmpl',
  'workloads/*/example/*.wav',
];

await rm('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

for await (const asset of glob(ASSETS)) {
  await mkdir(`dist/${dirname(asset)}`, { recursive: true });
  await cp(asset, `dist/${asset}`);
}

writePage('dist/web');

const { name, version, license, imports } = JSON.parse(await readFile('package.json', 'utf8')) as {
  name: string;
  version: string;
  license: string;
  imports: Record<string, string>;
};
const toJavaScript = Object.entries(imports).map(([alias, path]) => [alias, path.replace(/\.ts$/, '.js')]);
const manifest = { name, version, license, type: 'module', imports: Object.fromEntries(toJavaScript) };
await writeFile('dist/package.json', `${JSON.stringify(manifest, null, 2)}\n`);
