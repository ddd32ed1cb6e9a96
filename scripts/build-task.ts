/**
 * Bundles stepreel-task into one file that needs Node and nothing of npm. `npx node scripts/build-task.ts [--output FILE]`
 */
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';

const { values } = parseArgs({ options: { output: { type: 'string', default: 'dist-task/stepreel-task.mjs' } } });

// Parts of packages that are CommonJS ask for this; a module has none.
const REQUIRE =
  "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);";

// The task checks digests of models and opens none: what opens them is the program.
const withoutInference: Plugin = {
  name: 'without-inference',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^onnxruntime-node$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {}', loader: 'js' }));
  },
};

await build({
  entryPoints: ['containers/stepreel-task.ts'],
  outfile: values.output,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [withoutInference],
  banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
});
