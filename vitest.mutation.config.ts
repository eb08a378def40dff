import { defineConfig } from 'vitest/config';

/** What the mutation run tests with: the tests of the pure core, in one thread that is used again for every mutant. */
export default defineConfig({
  test: {
    include: ['test/core/{correlate,rules,confirm}/**/*.test.ts'],
    isolate: false,
    pool: 'threads',
    maxWorkers: 1,
  },
});
