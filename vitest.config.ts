// Owns: which tests belong together and how they run. `tidy`, `unit` and `simulation` need nothing but
// Node and git; `engine` needs a Docker Engine and a broker, which `npm test` prepares, and runs one file at a time.
import { defineConfig } from 'vitest/config';

const everyTest = 'test/**/*.test.ts';
const tidyTests = 'test/tidy/**/*.test.ts';
const simulationTests = 'test/simulation/**/*.test.ts';
const engineTests = 'test/engine/**/*.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [everyTest],
          exclude: [tidyTests, simulationTests, engineTests],
          testTimeout: 30_000,
          // One more than the two cores: many of these wait for files, sockets and brokers.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'tidy',
          include: [tidyTests],
          testTimeout: 30_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'simulation',
          include: [simulationTests],
          testTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
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
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
