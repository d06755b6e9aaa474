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
import { compileSimulation, coresToUse, playSeeds, tellProgress } from './lib/simulation.mjs';
import { figuresOf } from './lib/simulation-report.mjs';
import { prepareGit, prepareMachine } from './lib/test-machine.mjs';
import { runTests, sumOf, tellSum, withoutEngine } from './lib/vitest.mjs';

const FRESH_SEEDS = 5_000;
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
  if (filters.length === 0) results.push(await playFreshSeeds());
  if (hasNoEngine) results.push(skippedEngineTests());
  else if (built.failed > 0) say('FAILED  engine tests: not run, the program does not compile');
  else results.push(await runTests({ project: 'engine', args: filters, env: { DOCKER_HOST: host } }));
  const sum = sumOf(results);
  if (filters.length > 0 && sumOf(results.slice(1)).passed + sum.failed + sum.skipped === 0) {
    throw new Unable(`No test matches ${filters.join(' ')}.`);
  }
  tellSum(sum);
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
    return { failed: 1, failures: [`build\n${error.message}`] };
  }
}

/** Stories that nobody has seen yet, counted as one test: which they are is printed, so that each can be played again. */
async function playFreshSeeds() {
  const load = await compileSimulation();
  const { missingSituations } = await load('test/support/simulation/situations');
  const first = Date.now() % 1_000_000_000;
  const workers = coresToUse();
  say(`${FRESH_SEEDS} fresh seeds of the simulation, from ${first} on`);
  const sum = await playSeeds({
    first,
    count: FRESH_SEEDS,
    workers,
    onProgress: tellProgress(FRESH_SEEDS),
  });
  for (const { message } of sum.failures.slice(0, 3)) process.stdout.write(`\n${message}\n`);
  const missing = missingSituations(sum.counts);
  if (missing.length > 0) say(`never occurred: ${missing.join(', ')}`);
  process.stdout.write(`${figuresOf({ ...sum, workers })}\n`);
  if (sum.failures.length + missing.length === 0) return { passed: 1 };
  const told = sum.failures.map(({ message }) => message.split('\n')[0]).slice(0, 20);
  if (missing.length > 0) told.push(`never occurred: ${missing.join(', ')}`);
  return { failed: 1, failures: [`fresh seeds of the simulation, from ${first} on\n${told.join('\n')}`] };
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
