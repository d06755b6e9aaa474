// Owns: `npm run check`, the inner loop: everything that needs no Docker Engine, within a minute.
import { runChecks } from './lib/checks.mjs';
import { installPackages } from './lib/packages.mjs';
import { requireNode, runScript } from './lib/say.mjs';
import { runTests, sumOf, tellSum, withoutEngine } from './lib/vitest.mjs';

/** Fewer seeds, services, histories, cuts, scans and bad inputs, and a fault at every 60th call or event only: `npm test` has them all. */
const QUICKLY = {
  ALICIA_SIMULATION_SEEDS: '20',
  ALICIA_SIMULATION_STRIDE: '60',
  ALICIA_SIMULATION_SERVICES: '50',
  ALICIA_HISTORY_SEEDS: '10',
  ALICIA_PREFIX_STRIDE: '9',
  ALICIA_SWAP_SCANS: '100',
  ALICIA_BAD_INPUTS: '1000',
};

/** Files of tests that share what they import: most of their time is imports. `npm test` gives each a world of its own. */
const AS_ONE = { unit: ['--no-isolate'], simulation: ['--no-isolate'] };

await runScript(async () => {
  requireNode();
  await installPackages();
  const results = [await runChecks()];
  for (const project of withoutEngine)
    results.push(await runTests({ project, args: AS_ONE[project] ?? [], env: QUICKLY }));
  const sum = sumOf(results);
  tellSum(sum);
  return sum.failed === 0 ? 0 : 1;
});
