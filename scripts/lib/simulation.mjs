// Owns: playing seeds of the simulation on all cores, and what they came to together.
import { existsSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { run } from './command.mjs';
import { cacheDirectory, toolPath } from './paths.mjs';
import { say, Unable } from './say.mjs';

const compiled = join(cacheDirectory, 'simulation');
/** Seeds that a worker plays before it asks for more. */
const batch = 20;

/** Compiles the simulation unless that was done since its last change. Resolves to how to import a module of it. */
export async function compileSimulation() {
  // What tsc remembers is worth nothing without what it wrote.
  if (!existsSync(compiled)) rmSync(join(cacheDirectory, 'simulation.tsbuildinfo'), { force: true });
  const { code, output } = await run(
    'tsc',
    toolPath('tsc'),
    ['-p', 'tsconfig.simulation.json', '--pretty', 'false'],
    {
      show: 'never',
    },
  );
  if (code !== 0) throw new Unable(`${output.trim()}\n\nThe simulation does not compile; see above.`);
  return (path) => import(moduleUrl(path));
}

/** The address of a compiled module, by its path without an extension. */
export const moduleUrl = (path) => pathToFileURL(join(compiled, `${path}.js`)).href;

/**
 * Plays `count` seeds from `first` on, on so many workers. `onProgress` gets the sum so far after every batch.
 * Resolves to `{ seeds, seconds, counts, states, failures: [{ seed, message }] }`.
 */
export async function playSeeds({ first, count, workers, onProgress = () => {} }) {
  const sum = { seeds: 0, seconds: 0, counts: new Map(), states: new Set(), failures: [] };
  const began = Date.now();
  let next = first;
  const take = () => {
    const seeds = { first: next, count: Math.min(batch, first + count - next) };
    next += seeds.count;
    return seeds;
  };
  const add = ({ seeds, counts, states, failures }) => {
    sum.seeds += seeds;
    for (const [name, times] of counts) sum.counts.set(name, (sum.counts.get(name) ?? 0) + times);
    for (const state of states) sum.states.add(state);
    for (const failure of failures) {
      sum.failures.push(failure);
      say(`FAILED  seed ${failure.seed}: ${failure.message.split('\n')[0]}`);
    }
    sum.seconds = (Date.now() - began) / 1000;
    onProgress(sum);
  };
  const work = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./simulation-worker.mjs', import.meta.url), {
        workerData: { chaos: moduleUrl('test/support/simulation/chaos') },
      });
      const give = () => {
        const seeds = take();
        if (seeds.count > 0) worker.postMessage(seeds);
        else void worker.terminate().then(resolve);
      };
      worker.on('message', (played) => {
        add(played);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(workers, Math.ceil(count / batch)) }, work));
  sum.failures.sort((a, b) => a.seed - b.seed);
  return sum;
}

/** How many seeds may be played at the same time: one a core. */
export const coresToUse = () => availableParallelism();

/** Tells how far it is, every 5 s at most. */
export function tellProgress(count) {
  let lastTold = Date.now();
  return ({ seeds, seconds, failures }) => {
    if (Date.now() - lastTold < 5_000) return;
    lastTold = Date.now();
    say(
      `${seeds} of ${count} seeds, ${Math.round((seeds * 60) / seconds)} a minute, ${failures.length} failed`,
    );
  };
}
