// Owns: faults drawn from seeds: what must hold meanwhile, and that everything comes right once they end.
import { expect, test } from 'vitest';
import { playChaos } from '../support/simulation/chaos.js';
import { ENOUGH_SEEDS, missingSituations } from '../support/simulation/situations.js';

const COUNT = Number(process.env.ALICIA_SIMULATION_SEEDS ?? 500);
const FIRST = Number(process.env.ALICIA_SIMULATION_FIRST_SEED ?? 1);
const SHOWN = 3;

test(`testing 2: whatever is lost, late, refused or meddled with, it must come right and rest: ${COUNT} seeds`, async () => {
  const failures: string[] = [];
  const seen = new Map<string, number>();
  for (let seed = FIRST; seed < FIRST + COUNT; seed += 1) {
    try {
      const { counts } = await playChaos(seed);
      for (const [kind, count] of counts) seen.set(kind, (seen.get(kind) ?? 0) + count);
    } catch (error) {
      failures.push(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
    }
  }
  const shown = failures.slice(0, SHOWN).join('\n\n');
  expect(`${failures.length} of ${COUNT} seeds failed\n${shown}`).toBe(`0 of ${COUNT} seeds failed\n`);
  if (COUNT >= ENOUGH_SEEDS) expect(missingSituations(seen)).toEqual([]);
}, 3_600_000);

test('invariant 7: one seed must replay byte for byte: every call, event and word', async () => {
  for (const seed of [3, 14, 159]) {
    const [first, second]: [string[], string[]] = [[], []];
    await playChaos(seed, (line) => first.push(line));
    await playChaos(seed, (line) => second.push(line));
    expect(first.length).toBeGreaterThan(100);
    expect(second).toEqual(first);
  }
});

test('7.6 seed 697539370: a file that is saved again at once must be there for one of two looks', async () => {
  const { counts } = await playChaos(697_539_370);
  expect(counts.get('disrepair: saved')).toBe(1);
});
