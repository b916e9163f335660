import { defineConfig } from 'vitest/config';

// `npm run test:long` is mode "long": the same tests, longer where a test says so.
export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    env: mode === 'long' ? { TEST_LENGTH: 'long' } : {},
    // Two cores, real processes and certificates: a busy machine is no failure.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
}));
