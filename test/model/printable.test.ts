import { expect, test } from 'vitest';
import { dotted, printable, printableJson, spaced } from '../../src/model/printable.js';

test.each([
  ['plain, für alle — 雪', 'plain, für alle — 雪'],
  ['a\nb\r\tc', 'a\\nb\\r\\tc'],
  ['\u001b[2Ja\u007f\u009bb\u0000', '\\u001b[2Ja\\u007f\\u009bb\\u0000'],
  ['a\u202eb\u2028c\ufeff', 'a\\u202eb\\u2028c\\ufeff'],
  ['a\u{e0001}', 'a\\u{e0001}'],
])('what is not printed is written as an escape: %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('a dot keeps the columns, and a tab stays', () => {
  expect(dotted('a\tb\u001b[2J\u202ec\n')).toBe('a\tb·[2J·c·');
});

test('a space stands in place of what is not printed, however little it is', () => {
  expect(spaced('a\tb\u001b[2J\u200bc\n')).toBe('a b [2J c ');
});

test('JSON must hold nothing that is not printed, and be the same value to whoever parses it', () => {
  const value = { 'a\u009b': ['\u007f\u202e\u2028\n', 'a\u{e0001}', '雪'], b: 1 };
  const text = printableJson(value);
  expect(text).toBe('{"a\\u009b":["\\u007f\\u202e\\u2028\\n","a\\udb40\\udc01","雪"],"b":1}');
  expect(JSON.parse(text)).toEqual(value);
});
