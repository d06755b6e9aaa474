// Owns: every event of every named scenario dropped, doubled, late.
import { describe, expect, test } from 'vitest';
import { type Disturbance, playEach, playThrough } from '../support/simulation/exhaustive.js';
import { SCENARIOS, type Scenario } from '../support/simulation/scenarios.js';

/** Every event is spoilt; a quick check may look at every nth only. */
const STRIDE = Number(process.env.ALICIA_SIMULATION_STRIDE ?? 1);
const WAYS = ['eventDropped', 'eventDoubled', 'eventDelayed'] as const;

describe.each(Object.entries<Scenario>(SCENARIOS))('%s', (_, scenario) => {
  test('8.15 whatever event is dropped, doubled or late, it must end as asked for all the same', async () => {
    const { events } = await playThrough(scenario);
    expect(events).toBeGreaterThan(1);
    const spoilt = new Map<string, Disturbance>();
    for (let number = 1; number <= events; number += STRIDE)
      for (const way of WAYS) spoilt.set(`${way} at event ${number}`, { event: { number, spoilt: way } });
    const { happened, failures } = await playEach(scenario, spoilt);
    expect(failures.slice(0, 3).join('\n\n')).toBe('');
    // The last ones may come in the moment after the end.
    expect(happened).toBeGreaterThanOrEqual(spoilt.size * 0.9);
  }, 600_000);
});
