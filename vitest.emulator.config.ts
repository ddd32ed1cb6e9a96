import { defineConfig } from 'vitest/config';

if (!process.env.AWS_ENDPOINT_URL) {
  console.log(
    'AWS_ENDPOINT_URL names no AWS to test against: all of this is skipped. CONTRIBUTING.md tells how to start one.',
  );
}

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
