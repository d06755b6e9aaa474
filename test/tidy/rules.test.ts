import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../support/paths.js';
import { outOfOrder, ruleOf, rulesIn, type Title, titlesOf } from '../support/tidy/rules.js';
import { sourceOf, sourcesBelow } from '../support/tidy/sources.js';

const rules = rulesIn(readFileSync(join(root, 'docs', 'rules.md'), 'utf8'));
const titles = titlesOf(sourcesBelow('test'));

/** The rules of these sections that no title begins with. */
function unnamed(list: readonly string[], tests: readonly Title[], sections: RegExp): readonly string[] {
  const named = new Set(tests.map(ruleOf));
  return list.filter((rule) => sections.test(rule) && !named.has(rule));
}

/** Titles that begin with the number of no rule. */
function astray(list: readonly string[], tests: readonly Title[]): readonly string[] {
  return tests.flatMap((title) => {
    const rule = ruleOf(title);
    return rule === null || list.includes(rule) ? [] : [`${title.place}: ${title.text}`];
  });
}

describe('the rules', () => {
  test('are listed in the order of their numbers, without a gap, none twice', () => {
    expect(rules.length).toBeGreaterThan(60);
    expect(outOfOrder(rules)).toEqual([]);
  });

  test.each([
    ['how dependencies, rollouts, scaling and restarts go', /^[2-6]\./],
    ['what each failure of Docker means', /^8\./],
  ])('that say %s are each named by a test', (_, sections) => {
    const missing = unnamed(rules, titles, sections);
    expect(`rules without a test: ${missing.join(' ')}`).toBe('rules without a test: ');
  });

  test('are all that titles of tests begin with the number of', () => {
    expect(titles.length).toBeGreaterThan(100);
    expect(astray(rules, titles)).toEqual([]);
  });
});

describe('control', () => {
  const titled = (text: string): readonly Title[] => titlesOf([sourceOf('test/a.test.ts', text)]);

  test('a rule that no title begins with is found', () => {
    const tests = titled("test('4.8 evidence stays', () => {});\ntest('holds 4.9 too', () => {});");
    expect(unnamed(['4.8', '4.9', '5.1'], tests, /^4\./)).toEqual(['4.9']);
  });

  test('titles are read from every form of test', () => {
    const text = [
      "test('1.1 a', () => {});",
      `it(\`1.2 of \${what}\`, () => {});`,
      "describe('1.3 c', { timeout: 1 }, () => {});",
      "test.each(['1.5 no title'])('1.4 %s', () => {});",
      "describe.each<string>([])('1.5 e', () => {});",
      "other('1.6 f');",
    ];
    expect(titled(text.join('\n')).map(ruleOf)).toEqual(['1.1', '1.2', '1.3', '1.4', '1.5']);
  });

  test('a title whose number is that of no rule is found, and a longer number is not taken for its beginning', () => {
    const tests = titled("test('4.81 a', () => {});\ntest('no number', () => {});");
    expect(astray(['4.8'], tests)).toEqual(['test/a.test.ts:1: 4.81 a']);
  });

  test('a gap, a double and a wrong place are found', () => {
    expect(outOfOrder(['1.1', '1.2', '1.2b', '1.3', '2.1'])).toEqual([]);
    expect(outOfOrder(['1.1', '1.3'])).toEqual(['1.3']);
    expect(outOfOrder(['1.1', '1.1'])).toEqual(['1.1']);
    expect(outOfOrder(['1.1', '3.1'])).toEqual(['3.1']);
    expect(outOfOrder(['1.2', '1.1'])).toEqual(['1.2', '1.1']);
    expect(outOfOrder(['1.1', '2.2'])).toEqual(['2.2']);
    expect(rulesIn('- **1.1** one\n- **1.2**\n* **1.3** no\n- **1.4** two')).toEqual(['1.1', '1.4']);
  });
});
