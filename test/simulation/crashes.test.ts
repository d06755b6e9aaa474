// Owns: kill -9 at every moment of every call of every named scenario.
import { describe, expect, test } from 'vitest';
import type { CallMoment } from '../support/simulation/lifeline.js';
import {
  askForEnd,
  runToBeginning,
  runToEnd,
  SCENARIOS,
  type Scenario,
} from '../support/simulation/scenarios.js';
import { checkStillness } from '../support/simulation/stillness.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

const SEED = 1;
/** Every call is killed at; a quick check may look at every nth only. */
const STRIDE = Number(process.env.ALICIA_SIMULATION_STRIDE ?? 1);
const MOMENTS: readonly CallMoment[] = ['before', 'sent', 'after'];

/** Where the controller dies: at a call, counted from the beginning of the scenario proper. */
interface Crash {
  readonly call: number;
  readonly moment: CallMoment;
}

/** Plays a scenario; returns how many calls it took, without the stillness at its end. */
async function play(
  scenario: Scenario,
  crash: Crash | null,
): Promise<{ calls: number; hasCrashed: boolean }> {
  const world = createWorld(SEED);
  let begun = 0;
  let hasCrashed = false;
  const onCall: Parameters<SimulatedWorld['start']>[0] = (number, moment, _name, line) => {
    if (hasCrashed || crash === null || begun === -1) return;
    if (number !== begun + crash.call || moment !== crash.moment) return;
    hasCrashed = true;
    line.cut();
    world.clock.after(10, () => world.start());
  };
  begun = -1;
  await runToBeginning(world, scenario, onCall);
  begun = scenario.before === null ? 0 : world.lifeline().calls();
  askForEnd(world, scenario);
  if (scenario.before === null) world.start(onCall);
  await runToEnd(world, scenario);
  const calls = world.lifeline().calls() - begun;
  world.checkLaws();
  await checkStillness(world);
  return { calls, hasCrashed };
}

describe.each(Object.entries<Scenario>(SCENARIOS))('%s', (_, scenario) => {
  test('1.6 a controller killed at any moment of any call must be followed by one that ends it lawfully', async () => {
    const { calls } = await play(scenario, null);
    expect(calls).toBeGreaterThan(5);
    const failures: string[] = [];
    let crashes = 0;
    for (let call = 1; call <= calls; call += STRIDE) {
      for (const moment of MOMENTS) {
        try {
          const { hasCrashed } = await play(scenario, { call, moment });
          if (hasCrashed) crashes += 1;
        } catch (error) {
          failures.push(`crash ${moment} call ${call}: ${error instanceof Error ? error.message : error}`);
        }
      }
    }
    expect(failures.slice(0, 3).join('\n\n')).toBe('');
    expect(crashes).toBeGreaterThan((calls * 2) / STRIDE);
  }, 240_000);
});
