// Owns: running vitest and counting what it found, from its JSON report.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from './command.mjs';
import { cacheDirectory, root, toolPath } from './paths.mjs';
import { say } from './say.mjs';

/** The projects of vitest.config.ts that need no Docker Engine, the quick ones first. */
export const withoutEngine = ['tidy', 'unit', 'simulation'];

/** How much of a failure is told once more at the end: enough for what was expected, what was there and the line. */
const LINES_OF_A_FAILURE = 30;

/**
 * Runs one project of tests. Resolves to `{ passed, failed, skipped, failures }`, a text for each failure.
 * A file that cannot be loaded, and an error outside every test, count as one failure each.
 */
export async function runTests({ project, args = [], env = {} }) {
  const report = join(cacheDirectory, `vitest-${project}.json`);
  mkdirSync(cacheDirectory, { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code, seconds } = await run(
    `${project} tests`,
    toolPath('vitest'),
    ['run', '--project', project, '--passWithNoTests', '--no-color', ...reporters, ...args],
    { env },
  );
  const counted = existsSync(report)
    ? count(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (code !== 0 && counted.failed === 0) {
    counted.failed = 1;
    counted.failures = [`${project} tests: ended with ${code}, see above`];
  }
  say(
    `${counted.failed === 0 ? 'ok    ' : 'FAILED'}  ${project} tests: ${textOf(counted)} (${seconds.toFixed(1)} s)`,
  );
  return counted;
}

function count(report) {
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(failuresOf),
  };
}

/** The failures of one file: where each is, and the beginning of what went wrong. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(root, name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (status === 'failed' && assertionResults.length === 0) return [`${file}\n${beginningOf(message)}`];
  return failed.map((test) => `${file} > ${test.fullName}\n${beginningOf(test.failureMessages.join('\n'))}`);
}

const beginningOf = (text) =>
  text
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .slice(0, LINES_OF_A_FAILURE)
    .map((line) => `    ${line}`)
    .join('\n');

/** The sum of several results. */
export function sumOf(results) {
  const sum = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const result of results) {
    for (const key of ['passed', 'failed', 'skipped']) sum[key] += result[key] ?? 0;
    sum.failures.push(...(result.failures ?? []));
  }
  return sum;
}

/** Everything that failed once more, and the counts as the last line: who reads only the end sees it all. */
export function tellSum(sum) {
  if (sum.failures.length > 0) process.stdout.write(`\nFailed:\n\n${sum.failures.join('\n\n')}\n\n`);
  process.stdout.write(`${textOf(sum)}\n`);
}

/** `N passed, N failed`, and what was skipped if anything was. */
export function textOf({ passed, failed, skipped = 0 }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
