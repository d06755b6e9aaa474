// Every problem code has an example, which provokes it and prints what docs/problems.md shows.
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROBLEM_CODES } from '../../src/model/problem.js';
import { expectedWords, goldenFolders, wordsOf } from '../support/golden.js';

const folders = goldenFolders('problems');

test('every code must have an example, and every example a code', () => {
  expect(folders.map((folder) => basename(folder))).toEqual([...PROBLEM_CODES].sort());
});

describe('an example must provoke its code, and nothing else, in the words that are written down', () => {
  test.each(folders.map((folder) => [basename(folder), folder] as const))('%s', async (code, folder) => {
    const words = await wordsOf(folder);
    const expected = expectedWords(folder, words);
    if (expected === null) throw new Error(`${folder} has no expected.txt; validate prints:\n${words}`);
    expect(words).toBe(expected);
    const codes = words.split('\n').flatMap((line) => /^manifests.* \[([A-Z0-9_]+)\]$/.exec(line)?.[1] ?? []);
    expect(new Set(codes)).toEqual(new Set([code]));
  });
});
