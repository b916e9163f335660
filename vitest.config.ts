import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores, real processes and certificates: a busy machine is no failure.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
