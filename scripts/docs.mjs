/**
 * Makes docs/problems.md from test/golden/problems: a folder a code, with what it says and what to do (text.md), an
 * example (manifests/, perhaps prepare.json or before/) and what is printed about it (expected.txt).
 * `--check` writes nothing and fails when what is committed is not what would be written; `--expected` first has the
 * examples printed anew, the mistakes of test/golden/mistakes too: read the difference before it is committed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, toolPath } from './lib/paths.mjs';
import { problemsPage } from './lib/problems-page.mjs';
import { runScript, say, Unable } from './lib/say.mjs';

const page = join(root, 'docs', 'problems.md');
const tests = ['test/cli/problem-examples.test.ts', 'test/cli/mistakes.test.ts'];

await runScript(() => {
  if (process.argv.includes('--expected')) printAnew();
  const text = problemsPage();
  if (!process.argv.includes('--check')) {
    writeFileSync(page, text);
    say('written: docs/problems.md');
  } else if (!existsSync(page) || readFileSync(page, 'utf8') !== text)
    throw new Unable('not up to date: docs/problems.md — run: npm run docs');
});

/** Lets the tests of the examples write down what is printed, instead of comparing it. */
function printAnew() {
  const { status } = spawnSync(toolPath('vitest'), ['run', '--project', 'unit', ...tests], {
    cwd: root,
    env: { ...process.env, ALICIA_WRITE_EXPECTED: '1' },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Unable('An example does not provoke its code alone; see above.');
}
