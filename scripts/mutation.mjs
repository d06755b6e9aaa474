// Owns: `npm run mutation`: StrykerJS over core/ and controller/, and its score by folder. Takes most of an hour; no part of `npm test`.
// Arguments are what to mutate (`npm run mutation -- 'src/core/rollout*.ts'`); what was found before is taken over.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './lib/command.mjs';
import { installPackages } from './lib/packages.mjs';
import { cacheDirectory, root, toolPath } from './lib/paths.mjs';
import { requireNode, runScript, say } from './lib/say.mjs';
import { tableOf } from './lib/table.mjs';

/** The thousand services of the simulation would be a thousand for each mutant. */
const FEW = { ALICIA_SIMULATION_SERVICES: '12' };

const help = `npm run mutation                            every mutant of src/core and src/controller, tried on their tests
npm run mutation -- 'src/core/rollout*.ts'  those of these files
npm run mutation -- --help                  this

What is known from an earlier run is taken over (.cache/mutation/incremental.json; delete it to begin anew). The report:
.cache/mutation/report.json. Survivors that change nothing are explained in docs/mutation.md.`;

await runScript(async () => {
  requireNode();
  const words = process.argv.slice(2);
  if (words.includes('--help')) return void process.stdout.write(`${help}\n`);
  await installPackages();
  const args = ['run', ...(words.length === 0 ? [] : ['--mutate', words.join(',')])];
  const { code, seconds } = await run('mutation testing', toolPath('stryker'), args, { env: FEW });
  if (code !== 0) return code;
  const report = readFileSync(join(cacheDirectory, 'mutation', 'report.json'), 'utf8');
  process.stdout.write(
    `\n${tableOf(['folder', 'score', 'caught', 'survived', 'no test'], scoresOf(JSON.parse(report)))}\n`,
  );
  say(`mutation testing took ${Math.round(seconds / 60)} minutes; what survived: docs/mutation.md`);
  return 0;
});

/** One row a folder, and one for all of it. A mutant that never ends is caught. */
function scoresOf({ files, projectRoot = root }) {
  const counts = new Map();
  for (const [path, { mutants }] of Object.entries(files)) {
    const folder = path.replace(`${projectRoot}/`, '').split('/').slice(0, -1).join('/');
    for (const { status } of mutants) {
      for (const name of [folder, 'all']) {
        const known = counts.get(name) ?? { caught: 0, survived: 0, untested: 0 };
        if (status === 'Killed' || status === 'Timeout') known.caught += 1;
        if (status === 'Survived') known.survived += 1;
        if (status === 'NoCoverage') known.untested += 1;
        counts.set(name, known);
      }
    }
  }
  const shareOf = ({ caught, survived, untested }) => {
    const sum = caught + survived + untested;
    return sum === 0 ? '–' : `${((100 * caught) / sum).toFixed(1)} %`;
  };
  return [...counts]
    .sort(([a], [b]) => Number(a === 'all') - Number(b === 'all') || a.localeCompare(b))
    .map(([name, count]) => [name, shareOf(count), count.caught, count.survived, count.untested].map(String));
}
