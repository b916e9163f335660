import { defineConfig } from 'vitest/config';

// `npm run test:long` is mode "long": the same tests, longer where a test says so.
export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/shared-directory.ts',
    // Also with two cores; by default one of them rests.
    maxWorkers: '100%',
    env: mode === 'long' ? { TEST_LENGTH: 'long' } : {},
    // Two cores, real processes and certificates: a busy machine is no failure.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
}));
