// Owns: running vitest and counting what it found, from its JSON report.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { cacheDirectory, toolPath } from './paths.mjs';
import { say } from './say.mjs';

/** The projects of vitest.config.ts that need no Docker Engine, the quick ones first. */
export const withoutEngine = ['tidy', 'unit', 'simulation'];

/**
 * Runs one project of tests. Resolves to `{ passed, failed, skipped }`.
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
    : { passed: 0, failed: 0, skipped: 0 };
  if (code !== 0 && counted.failed === 0) counted.failed = 1;
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
  };
}

/** The sum of several results. */
export function sumOf(results) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const result of results) for (const key of Object.keys(sum)) sum[key] += result[key] ?? 0;
  return sum;
}

/** `N passed, N failed`, and what was skipped if anything was. */
export function textOf({ passed, failed, skipped = 0 }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
