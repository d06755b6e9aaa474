// Owns: that the scripts install packages where they are missing, and empty no folder that others use.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const OLD = new Date('2026-01-01');
const NEW = new Date('2026-01-02');

let folder: string;
let checkout: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'alicia-packages-')));
  checkout = join(folder, 'checkout');
  cpSync('scripts/lib', join(checkout, 'scripts/lib'), { recursive: true });
  writeFileSync(join(checkout, 'package-lock.json'), '{}');
  utimesSync(join(checkout, 'package-lock.json'), NEW, NEW);
  // As `npm ci` does: empties the folder, through a link too, and fills it.
  mkdirSync(join(folder, 'bin'));
  writeFileSync(
    join(folder, 'bin/npm'),
    '#!/bin/sh\nmkdir -p node_modules && rm -rf node_modules/* && touch node_modules/.package-lock.json\n',
  );
  chmodSync(join(folder, 'bin/npm'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A folder of packages, installed at that time. */
function packagesAt(path: string, installed: Date): void {
  mkdirSync(join(path, 'yaml'), { recursive: true });
  writeFileSync(join(path, '.package-lock.json'), '{}');
  utimesSync(join(path, '.package-lock.json'), installed, installed);
}

/** Empty: it went well; else the sentence that ends a script. */
function install(): string {
  const script = `import(${JSON.stringify(join(checkout, 'scripts/lib/packages.mjs'))})
    .then(({ installPackages }) => installPackages())
    .catch((error) => process.stderr.write(error.message))`;
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  return spawnSync(process.execPath, ['-e', script], { cwd: folder, env, encoding: 'utf8' }).stderr;
}

test('missing packages must be installed', () => {
  expect(install()).toBe('');
  expect(existsSync(join(checkout, 'node_modules/.package-lock.json'))).toBe(true);
});

test('packages that are older than the lock file must be installed anew, later ones left alone', () => {
  packagesAt(join(checkout, 'node_modules'), NEW);
  expect(install()).toBe('');
  expect(readdirSync(join(checkout, 'node_modules'))).toContain('yaml');
  packagesAt(join(checkout, 'node_modules'), OLD);
  expect(install()).toBe('');
  expect(readdirSync(join(checkout, 'node_modules'))).not.toContain('yaml');
});

test('a folder behind a link must never be emptied, and the refusal must say what to do', () => {
  const shared = join(folder, 'shared');
  packagesAt(shared, OLD);
  symlinkSync(shared, join(checkout, 'node_modules'));
  const refusal = install();
  expect(readdirSync(shared)).toEqual(['.package-lock.json', 'yaml']);
  expect(refusal).toContain(`${join(checkout, 'node_modules')} is a symbolic link`);
  expect(refusal).toContain(
    'run `npm ci` in the checkout that the folder belongs to, or remove the link (`rm node_modules`)',
  );
});

test('nothing must be made behind a link that leads nowhere', () => {
  symlinkSync(join(folder, 'gone'), join(checkout, 'node_modules'));
  expect(install()).toContain('is a symbolic link');
  expect(existsSync(join(folder, 'gone'))).toBe(false);
});

test('a link to packages that are not older than the lock file must do', () => {
  packagesAt(join(folder, 'shared'), NEW);
  symlinkSync(join(folder, 'shared'), join(checkout, 'node_modules'));
  expect(install()).toBe('');
  expect(readdirSync(join(folder, 'shared'))).toContain('yaml');
});
