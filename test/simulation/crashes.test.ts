// Owns: kill -9 at every moment of every call of every named scenario, and at two moments of the smallest.
import { describe, expect, test } from 'vitest';
import { type Disturbance, playEach, playThrough } from '../support/simulation/exhaustive.js';
import type { CallMoment } from '../support/simulation/lifeline.js';
import { SCENARIOS, type Scenario } from '../support/simulation/scenarios.js';

/** Every call is killed at; a quick check may look at every nth only. */
const STRIDE = Number(process.env.ALICIA_SIMULATION_STRIDE ?? 1);
const MOMENTS: readonly CallMoment[] = ['before', 'sent', 'after'];
/** Two deaths in one story, for a long run. */
const PAIRS = process.env.ALICIA_SIMULATION_PAIRS === 'all';

describe.each(Object.entries<Scenario>(SCENARIOS))('%s', (_, scenario) => {
  test('1.6 a controller killed at any moment of any call must be followed by one that ends it lawfully', async () => {
    const { calls } = await playThrough(scenario);
    expect(calls.length).toBeGreaterThan(5);
    const deaths = new Map<string, Disturbance>();
    for (let call = 1; call <= calls.length; call += STRIDE)
      for (const moment of MOMENTS)
        deaths.set(`crash ${moment} call ${call}`, { crashes: [{ call, moment }] });
    const { happened, failures } = await playEach(scenario, deaths);
    expect(failures.slice(0, 3).join('\n\n')).toBe('');
    expect(happened).toBe(deaths.size);
  }, 240_000);
});

/** The fewest calls: what is in them is in all others, too. */
const SMALLEST = [
  'scaling up',
  'scaling down',
  'limits changed in place',
  'an anonymous volume carried over',
] as const;

describe.each(SMALLEST)('%s', (name) => {
  test(`1.6 two deaths must be no worse than one: ${PAIRS ? 'all pairs' : 'pairs next to each other'}`, async () => {
    const scenario = SCENARIOS[name];
    const { calls } = await playThrough(scenario);
    const pairs = new Map<string, Disturbance>();
    for (let first = 1; first <= calls.length; first += STRIDE) {
      // The second process makes calls of its own: as many again, at most, as the story had.
      const last = PAIRS ? calls.length * 2 : first + 1;
      for (let second = first + 1; second <= last; second += 1)
        for (const moment of MOMENTS)
          pairs.set(`crashes ${moment} calls ${first} and ${second}`, {
            crashes: [
              { call: first, moment },
              { call: second, moment },
            ],
          });
    }
    const { happened, failures } = await playEach(scenario, pairs);
    expect(failures.slice(0, 3).join('\n\n')).toBe('');
    expect(happened).toBe(pairs.size);
  }, 3_600_000);
});
