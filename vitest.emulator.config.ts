import { defineConfig } from 'vitest/config';

/** What runs against a whole AWS under AWS_ENDPOINT_URL: `npm run test:emulator`. */
export default defineConfig({
  test: {
    include: ['test/emulator/**/*.test.ts', 'test/**/*.emulator.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 900_000,
    // One platform is deployed and used by all.
    fileParallelism: false,
  },
});
