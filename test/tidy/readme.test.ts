import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../support/paths.js';
import { sourcesBelow } from '../support/tidy/sources.js';

const readme = join(root, 'src', 'README.md');

/** The files whose path below src/ does not stand in the text as a word of its own. */
function unnamedIn(text: string, paths: readonly string[]): readonly string[] {
  const words = new Set(text.split(/[^\w./-]+/).map((word) => word.replace(/^src\//, '').replace(/\.$/, '')));
  return paths.map((path) => path.replace(/^src\//, '')).filter((path) => !words.has(path));
}

test('src/README.md names every file of src', () => {
  expect(existsSync(readme)).toBe(true);
  const paths = sourcesBelow('src').map(({ path }) => path);
  expect(unnamedIn(readFileSync(readme, 'utf8'), paths)).toEqual([]);
});

test('src/README.md names no file that is gone', () => {
  const named = [...readFileSync(readme, 'utf8').matchAll(/(?<![\w./-])[\w-]+(?:\/[\w-]+)*\.ts\b/g)].map(
    ([path]) => path,
  );
  expect(
    named.filter((path) => !existsSync(join(root, 'src', path)) && !existsSync(join(root, path))),
  ).toEqual([]);
});

test('control: a file that is not named is found', () => {
  const text = '| `core/rollout.ts` | the table |\nand `main.ts`, not core/scale.tsx.';
  expect(
    unnamedIn(text, ['src/core/rollout.ts', 'src/main.ts', 'src/core/scale.ts', 'src/core/out.ts']),
  ).toEqual(['core/scale.ts', 'core/out.ts']);
});
