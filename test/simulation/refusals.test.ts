// Owns: every way in which every call of every named scenario can fail.
import { describe, expect, test } from 'vitest';
import { type Disturbance, playEach, playThrough } from '../support/simulation/exhaustive.js';
import { READS, REFUSALS } from '../support/simulation/fault-codes.js';
import type { CallSpoilt } from '../support/simulation/faults.js';
import { SCENARIOS, type Scenario } from '../support/simulation/scenarios.js';

/** Every call fails; a quick check may look at every nth only. */
const STRIDE = Number(process.env.ALICIA_SIMULATION_STRIDE ?? 1);
const ASTRAY: readonly CallSpoilt[] = ['unreachable', 'unknownOutcome', 'hang'];
const CARRIED_OUT: readonly CallSpoilt[] = ['replyLost', 'replyCut', 'lateEffect'];

const waysOf = (call: string): readonly CallSpoilt[] => {
  const refusals = Object.entries(REFUSALS).find(([name]) => name === call)?.[1] ?? [];
  return [...new Set([...refusals, ...ASTRAY, ...(READS.has(call) ? [] : CARRIED_OUT)])];
};

describe.each(Object.entries<Scenario>(SCENARIOS))('%s', (_, scenario) => {
  test('8.2 whatever call fails in whatever way, it must end as asked for all the same', async () => {
    const { calls } = await playThrough(scenario);
    const failing = new Map<string, Disturbance>();
    for (let number = 1; number <= calls.length; number += STRIDE)
      for (const spoilt of waysOf(calls[number - 1] ?? ''))
        failing.set(`${spoilt} at call ${number} ${calls[number - 1]}`, { call: { number, spoilt } });
    const { happened, failures } = await playEach(scenario, failing);
    expect(failures.slice(0, 3).join('\n\n')).toBe('');
    expect(happened).toBe(failing.size);
  }, 600_000);
});
