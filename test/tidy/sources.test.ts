import { describe, expect, test } from 'vitest';
import { longFiles, longFunctions } from '../support/tidy/size.js';
import { sourceOf, sourcesBelow } from '../support/tidy/sources.js';
import { styleFindings } from '../support/tidy/style.js';
import { testFindings } from '../support/tidy/tests.js';

const program = sourcesBelow('src');
const tests = sourcesBelow('test');
const linesOfCode = (count: number): string => 'run();\n'.repeat(count);

describe('size', () => {
  test('a file of src has at most 300 lines', () => {
    expect(program.length).toBeGreaterThan(0);
    expect(longFiles(program, 300)).toEqual([]);
  });

  test('a file of test has at most 600 lines', () => {
    expect(longFiles(tests, 600)).toEqual([]);
  });

  test('a function of src has at most 70 lines', () => {
    expect(longFunctions(program, 70)).toEqual([]);
  });

  test('control: one line more is found, the limit itself is not', () => {
    expect(longFiles([sourceOf('a.ts', linesOfCode(300))], 300)).toEqual([]);
    expect(longFiles([sourceOf('a.ts', linesOfCode(301))], 300)).toEqual(['a.ts: 301 lines, at most 300']);
    const arrow = (inside: number): string => `const go = () => {\n${linesOfCode(inside)}};\n`;
    expect(longFunctions([sourceOf('a.ts', arrow(68))], 70)).toEqual([]);
    expect(longFunctions([sourceOf('a.ts', arrow(69))], 70)).toEqual([
      'a.ts:1: a function of 71 lines, at most 70',
    ]);
  });
});

describe('style', () => {
  test('src keeps to it', () => {
    expect(styleFindings(program)).toEqual([]);
  });

  test.each([
    ['`any`', 'const a: any = 1;'],
    ['`!`', 'const a = list[0]!;'],
    ['enums', 'enum Colour { Red }'],
    ['the only classes', 'class Queue {}'],
    ['default exports', '/** Said. */\nexport default function go() {}'],
    ['default exports', 'const a = 1;\nexport default a;'],
    ['pass on', "export * from './a.js';"],
    ['pass on', "export { a } from './a.js';"],
    ['.js', "import { a } from './a';"],
    ['.js', "import { a } from '../a.ts';"],
    ['`as`', 'const a = b as Name;'],
    ['the name', 'const handleEvent = 1;'],
    ['the name', 'function processAll() {}'],
    ['the name', 'type QueueManager = 1;'],
    ['docstring', 'export function go() {}'],
    ['docstring', 'export const go = 1;'],
    ['readonly', 'interface A { b: string }'],
  ])('control: %s is found', (why, text) => {
    const findings = styleFindings([sourceOf('src/model/a.ts', `// Owns: a control.\n\n${text}\n`)]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(why);
  });

  test('control: a file without an opening comment and one with a vague name are found', () => {
    expect(styleFindings([sourceOf('src/core/utils.ts', 'const a = 1;\n')])).toEqual([
      'src/core/utils.ts:1: a file opens with what it owns and must not know',
      'src/core/utils.ts:1: the name says nothing of what it is for',
    ]);
  });

  test('control: what is allowed is not found', () => {
    const text = [
      '#!/usr/bin/env node',
      '// Owns: a control.',
      "import { type A, a } from './a.js';",
      "import data from './a.json' with { type: 'json' };",
      '/** An error. */',
      'export class EngineError extends Error {}',
      '/** Parses. */',
      'export const parseName = (text: string): A => text as A;',
      "const list = ['a', 'b'] as const;",
      'const processes = 1;',
      'process.exit(1);',
    ];
    expect(styleFindings([sourceOf('src/core/a.ts', text.join('\n'))])).toEqual([]);
  });
});

describe('tests', () => {
  test('none is skipped or focused, sleeps, replaces modules or compares snapshots', () => {
    const ownPause = 'test/support/eventually.ts';
    expect(testFindings(tests.filter(({ path }) => path !== ownPause))).toEqual([]);
  });

  test.each([
    ["test.skip('a', () => {});", 'skipped'],
    ["describe.only('a', () => {});", 'skipped'],
    ["it.todo('a');", 'skipped'],
    ["test.skipIf(true)('a', () => {});", 'skipped'],
    ["test.concurrent.only('a', () => {});", 'skipped'],
    ["fit('a', () => {});", 'skipped'],
    ["import { setTimeout as pause } from 'node:timers/promises';", 'eventually'],
    ['await new Promise((resolve) => setTimeout(resolve, 100));', 'eventually'],
    ['await new Promise((done) => { setTimeout(done, 100); });', 'eventually'],
    ["vi.mock('./a.js');", 'replaced'],
    ['expect(a).toMatchInlineSnapshot();', 'snapshots'],
  ])('control: %s is found', (text, why) => {
    const findings = testFindings([sourceOf('test/a.test.ts', text)]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(why);
  });

  test('control: a deadline is not taken for a sleep', () => {
    const text =
      "await new Promise((resolve, reject) => { setTimeout(() => reject(new Error('late')), 100); });";
    expect(testFindings([sourceOf('test/a.test.ts', text)])).toEqual([]);
  });
});
