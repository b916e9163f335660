import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Files that share workers: they mock no module, and none looks at what another left behind in the process.
const together = ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'];
// These measure the memory of their process: what others leave there would make them say yes.
const measuring = ['test/unit/kql/budget.test.ts', 'test/unit/state/entity-table.test.ts'];
const others = ['test/*.test.ts', 'test/!(unit|contract)/**/*.test.ts'];

// `npm run test:long` is mode "long": the same tests, longer where a test says so.
export default defineConfig(({ mode }) => ({
  test: {
    globalSetup: 'test/shared-directory.ts',
    // One more than cores: the long files wait half of their time, for what a service tells them to wait.
    maxWorkers: availableParallelism() + 1,
    // They start in the order of their names: long files first, so that no core rests at the end.
    projects: [
      { extends: true, test: { name: 'alone', include: [...others, ...measuring] } },
      // To evaluate the program anew for each file is a quarter of their work.
      {
        extends: true,
        test: {
          name: 'together',
          include: together,
          exclude: measuring,
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
        },
      },
    ],
    env: mode === 'long' ? { TEST_LENGTH: 'long' } : {},
    // Two cores, real processes, and plans that one file makes for others: a busy machine is no failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
}));
