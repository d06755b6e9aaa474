// Owns: `npm run check`, the inner loop: everything that needs no Docker Engine, within a minute.
import { runChecks } from './lib/checks.mjs';
import { installPackages } from './lib/packages.mjs';
import { requireNode, runScript } from './lib/say.mjs';
import { runTests, sumOf, textOf } from './lib/vitest.mjs';

const tidyTests = 'test/tidy';

await runScript(async () => {
  requireNode();
  await installPackages();
  const results = [await runChecks()];
  results.push(await runTests({ title: 'tidy', project: 'unit', args: [tidyTests] }));
  results.push(await runTests({ title: 'unit', project: 'unit', args: ['--exclude', `${tidyTests}/**`] }));
  results.push(await runTests({ title: 'simulation', project: 'simulation' }));
  const sum = sumOf(results);
  process.stdout.write(`${textOf(sum)}\n`);
  return sum.failed === 0 ? 0 : 1;
});
