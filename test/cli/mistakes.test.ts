// Mistakes that people make, as real files, and the words that `alicia validate` says about each, word for word.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serviceName } from '../../src/model/ids.js';
import { resolveTexts } from '../manifest/texts.js';
import { expectedWords, goldenFolders, wordsOf } from '../support/golden.js';

const folders = goldenFolders('mistakes');

describe('a mistake must be told word for word as reviewed', () => {
  test.each(folders.map((folder) => [basename(folder), folder] as const))('%s', async (_, folder) => {
    const words = await wordsOf(folder);
    const expected = expectedWords(folder, words);
    if (expected === null) throw new Error(`${folder} has no expected.txt; validate prints:\n${words}`);
    expect(words).toBe(expected);
  });

  test('none may be lost', () => {
    expect(folders.length).toBeGreaterThanOrEqual(14);
  });

  test('each line must be one that editors can follow, a line of the source, or the last ones', async () => {
    const form =
      /^manifests(\/[^:]+)?(:\d+:\d+)?: (error|warning): .+ \[[A-Z0-9_]+\]$|^ +\d+ \|.*$|^ +\| +\^$|^\d+ manifests?, |^\d+ services? needs?: --allow /;
    for (const folder of folders)
      for (const line of (await wordsOf(folder)).trimEnd().split('\n')) expect(line).toMatch(form);
  });
});

test('ports without quotes must mean what they look like', () => {
  const path = join('ports-unquoted', 'manifests', 'fine.yaml');
  const folder = folders.find((each) => basename(each) === 'ports-unquoted') ?? '';
  const text = readFileSync(join(folder, '..', path), 'utf8');
  const fine = resolveTexts({ 'fine.yaml': text }).services.get(serviceName('fine'));
  expect(
    fine?.container.ports.map(({ hostPorts, containerPort }) => [hostPorts?.first, containerPort]),
  ).toEqual([
    [2222, 22],
    [undefined, 80],
  ]);
});
