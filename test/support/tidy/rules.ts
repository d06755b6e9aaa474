// Owns: the numbers of the rules, as docs/rules.md lists them and as titles of tests begin with them.
import ts from 'typescript';
import { lineOf, nodesOf, type Source } from './sources.js';

/** The title of a test or of a group of tests, and where it stands. */
export interface Title {
  readonly text: string;
  readonly place: string;
}

const rule = /^(\d+\.\d+[a-z]?)(?![\w.])/;

/** The number that a title begins with; null: none. */
export const ruleOf = ({ text }: Title): string | null => rule.exec(text)?.[1] ?? null;

/** The numbers of a list of rules, `- **4.8** …` each, in the order of the text. */
export function rulesIn(text: string): readonly string[] {
  return [...text.matchAll(/^- \*\*(\d+\.\d+[a-z]?)\*\* \S/gm)].map(([, number = '']) => number);
}

/** Every number whose neighbour before is not the one that it follows on. Sections and rules count from 1, letters from b. */
export function outOfOrder(numbers: readonly string[]): readonly string[] {
  return numbers.filter((number, index) => !followsOn(numbers[index - 1] ?? '0.0', number));
}

function followsOn(before: string, number: string): boolean {
  const [[section, row, letter], [nextSection, nextRow, nextLetter]] = [partsOf(before), partsOf(number)];
  if (nextSection === section + 1) return nextRow === 1 && nextLetter === '';
  if (nextSection !== section) return false;
  if (nextLetter === '') return nextRow === row + 1;
  const expected = letter === '' ? 'b' : String.fromCharCode(letter.charCodeAt(0) + 1);
  return nextRow === row && nextLetter === expected;
}

function partsOf(number: string): readonly [section: number, row: number, letter: string] {
  const [, section, row, letter = ''] = /^(\d+)\.(\d+)([a-z]?)$/.exec(number) ?? [];
  return [Number(section), Number(row), letter];
}

const callsOfTests = /^(test|it|describe)(\.(each|for|concurrent|sequential))*$/;

/** The titles of all tests and groups of tests. What a title is filled in with is left out. */
export function titlesOf(sources: readonly Source[]): readonly Title[] {
  return sources.flatMap((source) =>
    [...nodesOf(source.tree)].flatMap((node) => {
      const text = titleOf(node);
      return text === null ? [] : [{ text, place: `${source.path}:${lineOf(source, node)}` }];
    }),
  );
}

/** `test('title', …)`, or `test.each(rows)('title', …)`, whose inner call has no title of its own. */
function titleOf(node: ts.Node): string | null {
  if (!ts.isCallExpression(node)) return null;
  const called = ts.isCallExpression(node.expression) ? node.expression.expression : node.expression;
  if (!callsOfTests.test(called.getText().replaceAll(/\s/g, ''))) return null;
  const [title] = node.arguments;
  if (title === undefined) return null;
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? title.head.text : null;
}
