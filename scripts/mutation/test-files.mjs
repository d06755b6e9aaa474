// Owns: which tests a mutant of core/ or controller/ is tried on.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Tests that take long, and the sources of which they show what quicker ones do not. */
const onlyFor = new Map([
  ['test/core/forecast-time.test.ts', 'src/core/forecast-time.ts'],
  ['test/simulation/safety.test.ts', 'src/controller/'],
  ['test/simulation/scale.test.ts', 'src/controller/'],
]);

/** Whether a file of tests is worth its time for a mutant of this source. */
export const isFor = (testFile, source) => source.includes(onlyFor.get(testFile) ?? '');

/** The decision tests, those of the machinery, and a short simulation. */
const wanted =
  /^test\/(core|controller)\/.*\.test\.ts$|^test\/simulation\/(classic-mistakes|drift|failures|fixed-point|neighbours|outages|rollback|safety|scale)\.test\.ts$/;

/** Paths from the root, sorted. */
export const testFiles = (root) =>
  readdirSync(join(root, 'test'), { recursive: true })
    .map((name) => `test/${name}`)
    .filter((path) => wanted.test(path))
    .sort();
