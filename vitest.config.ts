import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { templatesPlugin } from './build.mjs';

/** What needs more than Node, git, openssl and a shell: `test/judges/setup` brings it. */
const PROGRAMS = ['test/{database,guides,judges,services}/**/*.test.ts', 'test/**/*.programs.test.ts'];
const BOTH = {
  setupFiles: ['test/setup.ts'],
  // For what hangs: a machine that others use too may be ten times as slow.
  testTimeout: 180_000,
  hookTimeout: 300_000,
};

export default defineConfig({
  plugins: [templatesPlugin()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...PROGRAMS, 'test/platforms/**', '**/node_modules/**'],
          ...BOTH,
          // Loading modules anew for each file would take a quarter of the time: no test changes one.
          isolate: false,
          // Much of it waits for programs; a percentage would end at the number of CPUs.
          maxWorkers: Math.ceil(availableParallelism() * 1.5),
        },
      },
      {
        extends: true,
        test: {
          name: 'programs',
          include: PROGRAMS,
          globalSetup: ['test/judges/global-setup.ts'],
          ...BOTH,
          // One worker less than there are CPUs would be half of two.
          maxWorkers: '100%',
        },
      },
      {
        extends: true,
        test: {
          name: 'platforms',
          include: ['test/platforms/**/*.test.ts'],
          setupFiles: ['test/setup.ts'],
          // One machine has one Docker Engine and a fixed set of ports: one file after the other.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
