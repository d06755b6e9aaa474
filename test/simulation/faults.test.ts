// Owns: faults drawn from seeds: what must hold meanwhile, and that everything comes right once they end.
import { expect, test } from 'vitest';
import { playChaos } from '../support/simulation/chaos.js';

const COUNT = Number(process.env.ALICIA_SIMULATION_SEEDS ?? 200);
const FIRST = Number(process.env.ALICIA_SIMULATION_FIRST_SEED ?? 1);
const SHOWN = 3;

test(`testing 2: whatever is lost, late, refused or meddled with, it must come right and rest: ${COUNT} seeds`, async () => {
  const failures: string[] = [];
  const seen = new Map<string, number>();
  for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) {
    try {
      for (const [kind, count] of await playChaos(seed)) seen.set(kind, (seen.get(kind) ?? 0) + count);
    } catch (error) {
      failures.push(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
    }
  }
  const shown = failures.slice(0, SHOWN).join('\n\n');
  expect(`${failures.length} of ${COUNT} seeds failed\n${shown}`).toBe(`0 of ${COUNT} seeds failed\n`);
  for (const kind of KINDS) expect(seen.get(kind) ?? 0, `never happened: ${kind}`).toBeGreaterThan(0);
}, 3_600_000);

/** What never happens shows nothing. */
const KINDS = [
  'requestLost',
  'replyLost',
  'lateEffect',
  'hangs',
  'refused',
  'eventDropped',
  'eventDoubled',
  'eventDelayed',
  'outage',
  'hung container',
  'half a file',
  'service_update_completed',
  'service_rolled_back',
  'drift_corrected',
  'engine_restored',
];
