// Owns: the tests that a mutant of core/ or controller/ is tried on by `npm run mutation`: the decision tests, the tests of
// the machinery, and a short simulation. Must not know: which mutants there are (`stryker.config.json` says so).
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'test/core/**/*.test.ts',
      'test/controller/**/*.test.ts',
      'test/simulation/{drift,failures,neighbours,outages,rollback}.test.ts',
    ],
    testTimeout: 30_000,
    // The files share one world of modules: reading them anew for each would take longer than all tests together.
    isolate: false,
  },
});
