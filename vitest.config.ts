import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These deploy to, or ask, a whole AWS: npm run test:emulator.
    exclude: ['test/emulator/**', 'test/**/*.emulator.test.ts'],
    // One worker a core; left to itself, vitest keeps a core free and runs one file at a time on two.
    maxWorkers: '100%',
    testTimeout: 120_000,
    // A scenario is a run of the whole program: more at once than cores only wait for each other.
    maxConcurrency: 2,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/core/**', 'src/jobs/**', 'src/media/**', 'src/inference/**', 'src/annotation/**'],
      exclude: ['**/*.as.ts'],
      // Each room by itself: a well-tested one must not make up for another.
      thresholds: Object.fromEntries(
        ['core', 'jobs', 'media', 'inference', 'annotation'].map((room) => [`src/${room}/**`, { lines: 90 }]),
      ),
    },
  },
});
