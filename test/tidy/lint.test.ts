import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/paths.js';

interface Report {
  readonly diagnostics: readonly Diagnostic[];
}
interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: unknown };
}

/** What deciding must not touch, each planted alone in a file of core. */
const forbidden = {
  'a clock': 'export const now = Date.now();',
  'a new date': 'export const now = new Date();',
  'the type of a date': 'export type Now = Date;',
  'a random number': 'export const dice = Math.random();',
  'a random number by another name': 'export const { random } = Math;',
  'a random number by yet another name': 'export const dice = Math["random"]();',
  'a line on the console': "console.log('here');",
  'the console by another way': "globalThis.console.log('here');",
};
const allowed = 'export const most = Math.max(1, 2);';

describe('core, model and manifest', () => {
  let directory = '';
  let found: ReadonlySet<string> = new Set();
  const pathOf = (folder: string, index: number): string => `src/${folder}/planted-${index}.ts`;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'alicia-lint-'));
    const configuration = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    plant('biome.json', JSON.stringify({ ...configuration, $schema: undefined, vcs: undefined }));
    cpSync(join(root, 'scripts', 'lint'), join(directory, 'scripts', 'lint'), { recursive: true });
    for (const folder of ['core', 'model', 'manifest', 'adapters']) {
      for (const [index, text] of Object.values(forbidden).entries())
        plant(pathOf(folder, index), `${text}\n`);
      plant(pathOf(folder, 99), `${allowed}\n`);
    }
    found = lint();
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function plant(path: string, text: string): void {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }

  /** The planted files in which our two rules find something. */
  function lint(): ReadonlySet<string> {
    const { stdout } = spawnSync(
      join(root, 'node_modules', '.bin', 'biome'),
      ['lint', '--reporter=json', '--max-diagnostics=none', 'src'],
      { cwd: directory, encoding: 'utf8' },
    );
    const report = JSON.parse(stdout) as Report;
    const ours = report.diagnostics.filter(({ category }) => /noRestrictedGlobals|plugin/.test(category));
    return new Set(
      ours.map(({ location }) => JSON.stringify(location.path).match(/src\/[\w/-]+\.ts/)?.[0] ?? ''),
    );
  }

  test.each(Object.keys(forbidden).map((what, index) => [what, index] as const))(
    'may not have %s',
    (_what, index) => {
      for (const folder of ['core', 'model', 'manifest']) expect(found).toContain(pathOf(folder, index));
    },
  );

  test('may compute, and adapters may have all of it', () => {
    for (const folder of ['core', 'model', 'manifest']) expect(found).not.toContain(pathOf(folder, 99));
    expect([...found].filter((path) => path.startsWith('src/adapters/'))).toEqual([]);
  });
});
