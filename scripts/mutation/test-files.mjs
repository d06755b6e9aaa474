// Owns: which tests a mutant of core/ or controller/ is tried on.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What runs plans over days of the model's time shows nothing of other files that quicker tests do not. */
const forOneFile = new Map([['test/core/forecast-time.test.ts', 'src/core/forecast-time.ts']]);

/** Whether a file of tests is worth its time for a mutant of this file. */
export const isFor = (testFile, source) => {
  const only = forOneFile.get(testFile);
  return only === undefined || source.endsWith(only);
};

/** The decision tests, those of the machinery, and a short simulation. */
const wanted =
  /^test\/(core|controller)\/.*\.test\.ts$|^test\/simulation\/(classic-mistakes|drift|failures|fixed-point|neighbours|outages|rollback)\.test\.ts$/;

/** Paths from the root, sorted. */
export const testFiles = (root) =>
  readdirSync(join(root, 'test'), { recursive: true })
    .map((name) => `test/${name}`)
    .filter((path) => wanted.test(path))
    .sort();
