// Owns: a copy of the checkout whose source may be changed, and running tests in it. Must not know: what is changed.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from './command.mjs';
import { cacheDirectory, root, toolPath } from './paths.mjs';
import { Unable } from './say.mjs';

/** What the tests read; packages are linked. */
const parts = [
  'src',
  'test',
  'schemas',
  'manifests',
  'docs',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** A fresh copy below .cache. `change` answers false where the text is not there exactly once. */
export function makeScratch(name) {
  const folder = join(cacheDirectory, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const original = (file) => readFileSync(join(root, file), 'utf8');
  return {
    folder,
    change({ file, find, replace }) {
      const pieces = existsSync(join(root, file)) ? original(file).split(find) : [];
      if (pieces.length !== 2) return false;
      writeFileSync(join(folder, file), pieces.join(replace));
      return true;
    },
    restore: ({ file }) => writeFileSync(join(folder, file), original(file)),
  };
}

/**
 * Runs these files of tests: what failed, in the order of the files given, how many passed in each file, and how long it
 * took. Of tests that do not end within the limit nothing is known: `hasEnded` is false.
 */
export async function tryTests({ folder }, files, limitMs) {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const args = ['run', '--no-color', '--reporter=json', `--outputFile.json=${report}`, ...files];
  const { code, output, seconds } = await run('tests', toolPath('vitest'), args, {
    cwd: folder,
    show: 'never',
    limitMs,
  });
  // A busy machine looks the same as a mistake without an end, so that this shows nothing.
  if (code === 124) return { hasEnded: false, failures: [], passed: new Map(), seconds };
  if (!existsSync(report)) throw new Unable(`${output.trim().slice(-2_000)}\nThe tests could not be run.`);
  const results = JSON.parse(readFileSync(report, 'utf8')).testResults.map((result) => ({
    ...result,
    file: relative(folder, result.name),
  }));
  const ordered = files.flatMap((file) => results.filter((result) => result.file === file));
  return {
    hasEnded: true,
    failures: ordered.flatMap(failuresIn),
    seconds,
    passed: new Map(
      ordered.map(({ file, assertionResults }) => [file, assertionResults.filter(hasPassed).length]),
    ),
  };
}

const hasPassed = ({ status }) => status === 'passed';

/** The tests that failed. A file that cannot be loaded shows nothing: whatever breaks everything is no mistake to learn from. */
function failuresIn({ file, status, message, assertionResults }) {
  const failed = assertionResults.filter((result) => result.status === 'failed');
  if (failed.length > 0)
    return failed.map(({ title, failureMessages }) => ({
      file,
      title,
      isLate: failureMessages.some((text) => /(Test|Hook) timed out in/.test(text)),
    }));
  if (status === 'failed') throw new Unable(`${file} cannot be loaded: ${message}`);
  return [];
}
