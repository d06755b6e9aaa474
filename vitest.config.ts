// Owns: which tests belong together and how they run. `unit` and `simulation` need nothing but Node;
// `engine` needs a Docker Engine and a broker, which `npm test` prepares, and runs one file at a time.
import { defineConfig } from 'vitest/config';

const everyTest = 'test/**/*.test.ts';
const simulationTests = 'test/simulation/**/*.test.ts';
const engineTests = 'test/engine/**/*.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [everyTest],
          exclude: [simulationTests, engineTests],
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'simulation',
          include: [simulationTests],
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'engine',
          include: [engineTests],
          globalSetup: ['test/support/engine-setup.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
