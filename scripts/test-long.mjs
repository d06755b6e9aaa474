// Owns: `npm run test:long`: what takes too long for `npm test`. Its figures go to bench/README.md.
import { buildIfOlder } from './lib/build.mjs';
import { writeFigures } from './lib/figures.mjs';
import { installPackages } from './lib/packages.mjs';
import { requireNode, runScript, say, Unable } from './lib/say.mjs';
import { compileSimulation, coresToUse, playSeeds, tellProgress } from './lib/simulation.mjs';
import { countersOf, figuresOf } from './lib/simulation-report.mjs';
import { prepareGit, prepareMachine } from './lib/test-machine.mjs';
import { runTests, textOf } from './lib/vitest.mjs';

const SEEDS = 50_000;

/** A part that is a file of tests, done more thoroughly than `npm test` does it. */
const tests = (title, { project, file, env }) => ({
  title,
  needsEngine: project === 'engine',
  async run() {
    const counted = await runTests({ project, args: [file], env });
    return { isGood: counted.failed === 0 && counted.passed > 0, figures: textOf(counted) };
  },
});

const parts = {
  simulation: { title: `${SEEDS} seeds of the simulation`, run: simulation },
  pairs: tests('every pair of deaths in the four smallest stories', {
    project: 'simulation',
    file: 'test/simulation/crashes.test.ts',
    env: { ALICIA_SIMULATION_PAIRS: 'all' },
  }),
  history: tests('2,000 histories of three declarations', {
    project: 'simulation',
    file: 'test/simulation/history.test.ts',
    env: { ALICIA_HISTORY_SEEDS: '2000' },
  }),
  outages: tests('an engine, a directory and a container away for a week', {
    project: 'simulation',
    file: 'test/simulation/long-outages.test.ts',
    env: { ALICIA_SIMULATION_OUTAGE_HOURS: '168' },
  }),
  input: tests('100,000 bad inputs', {
    project: 'unit',
    file: 'test/manifest/bad-input.test.ts',
    env: { ALICIA_BAD_INPUTS: '100000' },
  }),
  sequences: tests('2,000 command sequences on Docker and on the simulated engine', {
    project: 'engine',
    file: 'test/engine/command-sequences.test.ts',
    env: { ALICIA_SEQUENCES: '2000' },
  }),
  proxy: tests('every request between the program and Docker gone wrong', {
    project: 'engine',
    file: 'test/engine/fault-proxy.test.ts',
    env: { ALICIA_FAULT_PROXY_STRIDE: '1' },
  }),
};

const help = `npm run test:long               everything that takes too long for \`npm test\`: an hour or two
npm run test:long -- <parts>    some of it: ${Object.keys(parts).join(', ')}
npm run test:long -- --help     this

${Object.entries(parts)
  .map(([name, { title }]) => `  ${name.padEnd(12)}${title}`)
  .join('\n')}

The figures are printed, and written into bench/README.md.
`;

await runScript(async () => {
  requireNode();
  const words = process.argv.slice(2);
  if (words.includes('--help')) {
    process.stdout.write(help);
    return 0;
  }
  const names = words.length === 0 ? Object.keys(parts) : words;
  const unknown = names.filter((name) => parts[name] === undefined);
  if (unknown.length > 0) throw new Unable(`There is no part ${unknown.join(', ')}.\n\n${help}`);
  await installPackages();
  await prepareGit();
  if (names.some((name) => parts[name].needsEngine === true)) {
    process.env.DOCKER_HOST = await prepareMachine();
    await buildIfOlder();
  }
  let areGood = true;
  for (const name of names) {
    const { title, run } = parts[name];
    say(title);
    const began = Date.now();
    const { isGood, figures } = await run();
    areGood &&= isGood;
    const seconds = (Date.now() - began) / 1000;
    say(`${isGood ? 'ok    ' : 'FAILED'}  ${title} (${seconds.toFixed(0)} s)`);
    writeFigures({ name, title, isGood, seconds, figures });
  }
  return areGood ? 0 : 1;
});

async function simulation() {
  const load = await compileSimulation();
  const { missingSituations } = await load('test/support/simulation/situations');
  const workers = coresToUse();
  const first = Date.now() % 1_000_000_000;
  const sum = await playSeeds({ first, count: SEEDS, workers, onProgress: tellProgress(SEEDS) });
  for (const { message } of sum.failures.slice(0, 3)) process.stdout.write(`\n${message}\n`);
  const missing = missingSituations(sum.counts);
  if (missing.length > 0) say(`never occurred: ${missing.join(', ')}`);
  const figures = `${figuresOf({ ...sum, workers })}\n\n${countersOf(sum)}`;
  process.stdout.write(`${figures}\n`);
  return {
    isGood: sum.failures.length + missing.length === 0,
    figures: `seeds from ${first} on\n${figures}`,
  };
}
