// Owns: `npm test`: prepares the machine, then runs every check and every test. Its last line counts them.
// Arguments (`npm test -- test/engine/drift`) go to vitest as filters; then the checks are left out.
// ALICIA_TEST_ENGINE=none leaves out what needs a Docker Engine, and lists it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfOlder } from './lib/build.mjs';
import { runChecks } from './lib/checks.mjs';
import { installPackages } from './lib/packages.mjs';
import { root } from './lib/paths.mjs';
import { requireNode, runScript, say, Unable } from './lib/say.mjs';
import { prepareGit, prepareMachine } from './lib/test-machine.mjs';
import { runTests, sumOf, textOf, withoutEngine } from './lib/vitest.mjs';

const hasNoEngine = process.env.ALICIA_TEST_ENGINE === 'none';

await runScript(async () => {
  requireNode();
  const filters = process.argv.slice(2);
  await installPackages();
  await prepareGit();
  const host = hasNoEngine ? undefined : await prepareMachine();
  const built = await buildAsCheck();
  const results = [built];
  if (filters.length === 0) results.push(await runChecks());
  for (const project of withoutEngine) results.push(await runTests({ project, args: filters }));
  if (hasNoEngine) results.push(skippedEngineTests());
  else if (built.failed > 0) say('FAILED  engine tests: not run, the program does not compile');
  else results.push(await runTests({ project: 'engine', args: filters, env: { DOCKER_HOST: host } }));
  const sum = sumOf(results);
  if (filters.length > 0 && sumOf(results.slice(1)).passed + sum.failed + sum.skipped === 0) {
    throw new Unable(`No test matches ${filters.join(' ')}.`);
  }
  process.stdout.write(`${textOf(sum)}\n`);
  return sum.failed === 0 ? 0 : 1;
});

/** The build, counted as one check. */
async function buildAsCheck() {
  try {
    await buildIfOlder();
    say('ok      build');
    return { passed: 1 };
  } catch (error) {
    if (!(error instanceof Unable)) throw error;
    say(`FAILED  build\n${error.message}`);
    return { failed: 1 };
  }
}

/** Each test file that was left out counts as one. */
function skippedEngineTests() {
  const files = readdirSync(join(root, 'test', 'engine'), { recursive: true }).filter((name) =>
    name.endsWith('.test.ts'),
  );
  say('ALICIA_TEST_ENGINE=none: these were skipped, they need a Docker Engine and mosquitto');
  for (const name of files.sort()) process.stdout.write(`          test/engine/${name}\n`);
  return { skipped: files.length };
}
