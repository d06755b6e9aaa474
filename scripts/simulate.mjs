// Owns: `npm run simulate`: many seeds of the simulation, or one again with all that happens in it.
import { parseArgs } from 'node:util';
import { installPackages } from './lib/packages.mjs';
import { requireNode, runScript, say, Unable } from './lib/say.mjs';
import { compileSimulation, coresToUse, playSeeds, tellProgress } from './lib/simulation.mjs';
import { countersOf, figuresOf } from './lib/simulation-report.mjs';

const HELP = `Plays stories drawn from seeds: the whole controller on a simulated Docker, with faults, in virtual time.

Usage: npm run simulate -- [options]

  --seeds N     how many seeds (default 1000)
  --first N     the first of them (default 1; 'fresh': another one each time)
  --workers N   how many at the same time (default: one a core)
  --seed N      only this one
  --trace       with --seed: print every call, event and word
  --help        this text

Examples:
  npm run simulate -- --seeds 50000
  npm run simulate -- --seed 4711 --trace

Ends with 1 when a law was broken, or when something never occurred that must occur in so many seeds.
`;

const SHOWN = 3;

await runScript(async () => {
  requireNode();
  const { values } = parsed();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  await installPackages();
  const load = await compileSimulation();
  if (values.seed !== undefined) return replay(load, numberOf('--seed', values.seed), values.trace);
  const { missingSituations, ENOUGH_SEEDS } = await load('test/support/simulation/situations');
  const count = numberOf('--seeds', values.seeds);
  const first = values.first === 'fresh' ? Date.now() % 1_000_000_000 : numberOf('--first', values.first);
  const workers = numberOf('--workers', values.workers);
  say(`${count} seeds from ${first} on, ${workers} at the same time`);
  const sum = await playSeeds({ first, count, workers, onProgress: tellProgress(count) });
  const missing = count >= ENOUGH_SEEDS ? missingSituations(sum.counts) : [];
  for (const { message } of sum.failures.slice(0, SHOWN)) process.stdout.write(`\n${message}\n`);
  if (sum.failures.length > SHOWN) {
    const others = sum.failures.slice(SHOWN, 100).map(({ seed }) => seed);
    process.stdout.write(`\nfurther seeds that failed: ${others.join(' ')}\n`);
  }
  process.stdout.write(`\n${countersOf(sum)}\n\n${figuresOf({ ...sum, workers })}\n`);
  if (missing.length > 0) process.stdout.write(`\nnever occurred: ${missing.join(', ')}\n`);
  return sum.failures.length + missing.length === 0 ? 0 : 1;
});

function parsed() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string', default: '1000' },
        first: { type: 'string', default: '1' },
        workers: { type: 'string', default: String(coresToUse()) },
        seed: { type: 'string' },
        trace: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Unable(`${error.message}\nTry: npm run simulate -- --help`);
  }
}

function numberOf(option, text) {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Unable(`${option} wants a whole number from 0 on, not "${text}".`);
}

async function replay(load, seed, isTraced) {
  const { playChaos } = await load('test/support/simulation/chaos');
  const trace = isTraced ? (line) => process.stdout.write(`${line}\n`) : undefined;
  try {
    const { counts, states } = await playChaos(seed, trace);
    process.stdout.write(`${countersOf({ counts })}\n\nseed ${seed}: good, ${states.size} states\n`);
    return 0;
  } catch (error) {
    process.stdout.write(`${error.stack}\n`);
    return 1;
  }
}
