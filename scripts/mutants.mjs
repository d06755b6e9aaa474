// Owns: `npm run mutants`: the classic mistakes, each made in a copy of the source, each to be caught by the tests.
// `npm run mutants -- <words>` tries only those whose name holds all of the words. Ends with 1 when one survives.
import { installPackages } from './lib/packages.mjs';
import { requireNode, runScript, say, Unable } from './lib/say.mjs';
import { makeScratch, tryTests } from './lib/scratch-tests.mjs';
import { tableOf } from './lib/table.mjs';
import { mutants } from './mutants/table.mjs';

const UNCHANGED_LIMIT_MS = 600_000;

const help = `npm run mutants                 makes every classic mistake in a copy of the source; the tests must catch each
npm run mutants -- <words>      only those whose name holds all of the words
npm run mutants -- --list       names them
npm run mutants -- --help       this

First the tests must pass without a mistake. Each mistake is tried on its decision tests and on its simulation; what
caught it is printed at the end. Ends with 1 when one is caught by neither, by one of the two alone where it names both,
or does not apply to the source any more. The table: scripts/mutants/table.mjs`;

await runScript(async () => {
  requireNode();
  const words = process.argv.slice(2);
  if (words.includes('--help')) return void process.stdout.write(`${help}\n`);
  if (words.includes('--list'))
    return void process.stdout.write(`${mutants.map(({ name }) => name).join('\n')}\n`);
  const chosen = mutants.filter(({ name }) => words.every((word) => name.includes(word)));
  if (chosen.length === 0)
    throw new Unable(`No mutant is named ${words.join(' ')}. All names: npm run mutants -- --list`);
  await installPackages();
  const scratch = makeScratch('mutants');
  const seconds = await checkUnchanged(scratch, chosen);
  const limitMs = 1000 * (30 + 4 * seconds);
  const results = [];
  for (const mutant of chosen) results.push(await tryMutant(scratch, mutant, limitMs));
  process.stdout.write(
    `\n${tableOf(['mutant', 'caught by decision tests', 'caught by simulation'], results.map(rowOf))}\n`,
  );
  const survived = results.filter((result) => !isCaught(result));
  say(`${results.length - survived.length} of ${results.length} mutants caught`);
  return survived.length === 0 ? 0 : 1;
});

/** Whatever fails without a mistake would seem to catch every one. Resolves to how many seconds the tests take. */
async function checkUnchanged(scratch, chosen) {
  const files = [...new Set(chosen.flatMap(({ decision, simulation }) => [...decision, ...simulation]))];
  say(`without a mistake: ${files.length} files of tests`);
  const { hasEnded, failures, passed, seconds } = await tryTests(scratch, files, UNCHANGED_LIMIT_MS);
  const missing = files.filter((file) => (passed.get(file) ?? 0) === 0);
  if (!hasEnded) throw new Unable('Without any mistake the tests do not end: the machine is too busy.');
  if (failures.length > 0)
    throw new Unable(`Without any mistake these fail already:\n${failures.map(textOf).join('\n')}`);
  if (missing.length > 0) throw new Unable(`Of these no test ran: ${missing.join(', ')}`);
  return seconds;
}

async function tryMutant(scratch, mutant, limitMs) {
  const { name, decision, simulation } = mutant;
  if (!scratch.change(mutant)) {
    say(`FAILED  ${name}: does not apply any more, its text is not once in ${mutant.file}`);
    return { mutant, isApplied: false, failures: [] };
  }
  const { failures, hasEnded } = await tryTests(scratch, [...decision, ...simulation], limitMs);
  scratch.restore(mutant);
  const result = { mutant, isApplied: true, hasEnded, failures };
  say(`${isCaught(result) ? 'caught' : 'FAILED'}  ${name}`);
  return result;
}

/** By a test of each kind that is named. */
function isCaught({ mutant: { decision, simulation }, isApplied, failures }) {
  const isIn = (files) => files.length === 0 || catcherIn(files, failures) !== undefined;
  return isApplied && isIn(decision) && isIn(simulation);
}

/** The first test that says what is wrong: one that was only not over in time says nothing, on a busy machine least of all. */
function catcherIn(files, failures) {
  return failures.find(({ file, isLate }) => files.includes(file) && isLate !== true);
}

function rowOf({ mutant: { name, decision, simulation, unseen }, isApplied, hasEnded, failures }) {
  const cell = (files) => {
    if (!isApplied) return 'DOES NOT APPLY';
    if (files.length === 0) return `– (${unseen})`;
    if (!hasEnded) return 'DID NOT END';
    return catcherIn(files, failures)?.title ?? 'NOT CAUGHT';
  };
  return [name, cell(decision), cell(simulation)];
}

function textOf({ file, title }) {
  return `  ${file}: ${title}`;
}
