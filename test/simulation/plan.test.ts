// Owns: that a plan is what is then done.
import { expect, test } from 'vitest';
import { planFor } from '../support/simulation/plan.js';
import { FAULTLESS, lineOf, noteSteps, toBeginning } from '../support/simulation/plan-stories.js';
import { ask } from '../support/simulation/reached.js';
import { running } from '../support/simulation/running.js';
import { runToEnd } from '../support/simulation/scenarios.js';
import type { SimulatedServices } from '../support/simulation/services.js';
import { createWorld } from '../support/simulation/world.js';

const handsOff = (version: 1 | 2): SimulatedServices => ({
  db: { image: `sim-well:${version}` },
  web: { image: `sim-well:${version}`, needs: { db: 'service_healthy' } },
  other: { image: `sim-well:${version}` },
});

test.each(Object.entries(FAULTLESS))(
  'testing 8: the steps of a plan must be those that are done: %s',
  async (_, scenario) => {
    const { before, after, amended } = scenario;
    const world = createWorld(1);
    await toBeginning(world, scenario);
    ask(world, after, amended);
    const plan = await planFor(world);
    expect(plan.steps.length).toBeGreaterThan(0);
    if (before === null) world.start();
    const done = noteSteps(world);
    await runToEnd(world, scenario);
    expect([...done].sort()).toEqual(plan.steps.map(lineOf).sort());
    expect((await planFor(world)).steps).toEqual([]);
    world.checkLaws();
  },
);

test('testing 8: a plan must leave alone what is under maintenance, as is then done', async () => {
  const world = await running(handsOff(1));
  ask(world, handsOff(2), { db: { maintenance: true }, web: { maintenance: true } });
  const plan = await planFor(world);
  expect(new Set(plan.steps.map(({ service }) => service))).toEqual(new Set(['other']));
  const done = noteSteps(world);
  await world.clock.advance(120_000);
  expect([...done].sort()).toEqual(plan.steps.map(lineOf).sort());
});
