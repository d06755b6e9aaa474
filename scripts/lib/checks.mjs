// Owns: the list of checks that are not tests: one program each, good when it ends with 0.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.mjs';
import { cacheDirectory, root, toolPath } from './paths.mjs';
import { say } from './say.mjs';

/** Remembers what it found for the next time: an unchanged tree is checked in a second. */
const tsc = (project) => {
  const memory = join(cacheDirectory, `${project}.tsbuildinfo`);
  return [
    toolPath('tsc'),
    ['--noEmit', '--incremental', '--tsBuildInfoFile', memory, '-p', project, '--pretty', 'false'],
  ];
};

const checks = [
  { title: 'types: src and tests', command: tsc('tsconfig.test.json') },
  { title: 'types: core, model and manifest without Node and DOM', command: tsc('tsconfig.pure.json') },
  { title: 'format and lint (biome)', command: [toolPath('biome'), ['check', '--error-on-warnings', '.']] },
  {
    title: 'who imports whom (dependency-cruiser)',
    command: [
      toolPath('depcruise'),
      ['src', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long'],
    ],
  },
  {
    title: 'generated types are up to date',
    needs: join(root, 'schemas', 'manifest.schema.json'),
    command: [process.execPath, ['scripts/generate-types.mjs', '--check']],
  },
];

/** How many checks run at the same time: tsc and the others each keep about one core busy. */
const atOnce = 2;

/** Runs all checks, printing each with its time and the output of those that fail. Resolves to `{ passed, failed, failures }`. */
export async function runChecks() {
  const waiting = checks.filter(({ needs }) => needs === undefined || existsSync(needs));
  const total = { passed: 0, failed: 0, failures: [] };
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { code, output, seconds } = await run(check.title, ...check.command, { show: 'never' });
      say(`${code === 0 ? 'ok    ' : 'FAILED'}  ${check.title} (${seconds.toFixed(1)} s)`);
      if (code !== 0) {
        process.stdout.write(`${output.trimEnd()}\n`);
        total.failures.push(`${check.title}\n${output.trimEnd()}`);
      }
      total[code === 0 ? 'passed' : 'failed'] += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return total;
}
