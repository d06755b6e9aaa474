import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '../../src/model/event.js';
import { PROBLEM_CODES } from '../../src/model/problem.js';
import { root } from '../support/paths.js';
import { sourcesBelow } from '../support/tidy/sources.js';

/** The words that do not stand in a text as words of their own. */
function absentFrom(text: string, words: readonly string[]): readonly string[] {
  const present = new Set(text.split(/\W+/));
  return words.filter((word) => !present.has(word));
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** The tests, but for this folder and those that only run through the whole list. */
const tests = sourcesBelow('test')
  .filter(({ path }) => !/^test\/(tidy|schemas)\//.test(path))
  .map(({ text }) => text)
  .join('\n');

describe('every problem code', () => {
  test('is documented', () => {
    expect(absentFrom(read('docs/problems.md'), PROBLEM_CODES)).toEqual([]);
  });

  test('is tested', () => {
    expect(absentFrom(tests, PROBLEM_CODES)).toEqual([]);
  });
});

describe('every event type', () => {
  test('is documented', () => {
    expect(absentFrom(read('schemas/event.schema.json'), EVENT_TYPES)).toEqual([]);
  });
});

test('control: a word that is absent is found, a part of another word is not enough', () => {
  expect(
    absentFrom('`BAD_NAME` and service_started.', ['BAD_NAME', 'NAME', 'service_started', 'service']),
  ).toEqual(['NAME', 'service']);
});
