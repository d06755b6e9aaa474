// Owns: whole stories of one controller, without faults.
import { describe, expect, test } from 'vitest';
import {
  askForEnd,
  runToBeginning,
  runToEnd,
  SCENARIOS,
  type Scenario,
} from '../support/simulation/scenarios.js';
import { checkStillness } from '../support/simulation/stillness.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

async function played(scenario: Scenario, seed: number): Promise<SimulatedWorld> {
  const world = createWorld(seed);
  await runToBeginning(world, scenario);
  askForEnd(world, scenario);
  if (scenario.before === null) world.start();
  await runToEnd(world, scenario);
  return world;
}

describe.each(Object.entries<Scenario>(SCENARIOS))('%s', (_, scenario) => {
  test.each([1, 2, 3])(
    'must end as asked for by lawful steps, and rest without a write: seed %i',
    async (seed) => {
      const world = await played(scenario, seed);
      world.checkLaws();
      await checkStillness(world);
    },
  );

  test('a seed must replay byte for byte', async () => {
    const [first, second] = [await played(scenario, 4), await played(scenario, 4)];
    expect(JSON.stringify(second.engine.writes)).toBe(JSON.stringify(first.engine.writes));
    expect(JSON.stringify(second.events)).toBe(JSON.stringify(first.events));
  });

  test('a fresh process at the end must change nothing', async () => {
    const world = await played(scenario, 5);
    const before = world.engine.writes.length;
    world.crash();
    world.start();
    await runToEnd(world, scenario);
    await checkStillness(world);
    // A fresh process asks the registry once more where the policy says so (3.4).
    const writes = world.engine.writes.slice(before).filter(({ verb }) => verb !== 'pullImage');
    expect(writes).toEqual([]);
  });
});
