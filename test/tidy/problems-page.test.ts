import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { root } from '../support/paths.js';

const scratches: string[] = [];
afterEach(() => {
  for (const scratch of scratches.splice(0)) rmSync(scratch, { recursive: true, force: true });
});

/** Whether docs/problems.md of a checkout is what would be made of its examples; else the sentence. */
function check(checkout: string): string {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', '--check'], {
    cwd: checkout,
    encoding: 'utf8',
  });
  return status === 0 ? 'up to date' : stderr.trim();
}

/** What the page is made from, to be spoilt. */
function copyOfCheckout(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'alicia-docs-'));
  scratches.push(scratch);
  for (const part of ['scripts', 'docs', 'src/model', 'test/golden/problems', 'package.json'])
    cpSync(join(root, part), join(scratch, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  return scratch;
}

test('docs/problems.md is what is made from the examples of all codes', () => {
  expect(check(root)).toBe('up to date');
});

describe('control', () => {
  test('a page that was edited by hand is found', () => {
    const checkout = copyOfCheckout();
    expect(check(checkout)).toBe('up to date');
    writeFileSync(join(checkout, 'docs', 'problems.md'), '# Problems\n');
    expect(check(checkout)).toBe('not up to date: docs/problems.md — run: npm run docs');
  });

  test('a code without an example is found', () => {
    const checkout = copyOfCheckout();
    rmSync(join(checkout, 'test', 'golden', 'problems', 'BAD_NAME'), { recursive: true });
    expect(check(checkout)).toContain('The code BAD_NAME has no example');
  });
});
