// Owns: that a plan is what is then done.
import { expect, test } from 'vitest';
import type { PlannedStep } from '../../src/model/plan.js';
import { planFor } from '../support/simulated-plan.js';
import { runToBeginning, runToEnd, SCENARIOS, type Scenario } from '../support/simulated-scenarios.js';
import { createWorld } from '../support/simulated-world.js';

const NAMED = { image: 'sim-well:1', called: 'front' } as const;

/** Those in which everything succeeds, as a plan believes. */
const FAULTLESS: Readonly<Record<string, Scenario>> = {
  ...Object.fromEntries(
    Object.entries<Scenario>(SCENARIOS).filter(
      ([, { hasEnded, act }]) => hasEnded === undefined && act === undefined,
    ),
  ),
  'a literal name that becomes a prefix': {
    before: { web: NAMED },
    after: { web: { ...NAMED, replicas: 2 } },
  },
  'a prefix that becomes a literal name': {
    before: { web: { ...NAMED, replicas: 2 } },
    after: { web: NAMED },
  },
  'a replacement of what has a literal name': {
    before: { web: NAMED },
    after: { web: { ...NAMED, image: 'sim-well:2' } },
  },
  'fewer replicas of another spec': {
    before: { web: { image: 'sim-well:1', replicas: 3 } },
    after: { web: { image: 'sim-well:2', replicas: 2 } },
  },
  'more replicas of another spec': {
    before: { web: { image: 'sim-well:1', replicas: 1 } },
    after: { web: { image: 'sim-well:2', replicas: 3 } },
  },
  'no replicas any more': {
    before: { web: { image: 'sim-well:1', replicas: 2 }, lone: { image: 'sim-well:1' } },
    after: { web: { image: 'sim-well:1', replicas: 0 }, lone: { image: 'sim-well:1' } },
  },
  'another spec of a one-shot that others wait for': {
    before: {
      job: { image: 'sim-exits-0:1', oneShot: true },
      web: { image: 'sim-well:1', needs: { job: 'service_completed_successfully' } },
    },
    after: {
      job: { image: 'sim-exits-0:2', oneShot: true },
      web: { image: 'sim-well:2', needs: { job: 'service_completed_successfully' } },
    },
  },
};

const lineOf = ({ verb, object, slot }: PlannedStep): string => `${verb} ${object} ${slot ?? ''}`;

test.each(Object.entries(FAULTLESS))(
  'testing 8: the steps of a plan must be those that are done: %s',
  async (_, scenario) => {
    const world = createWorld(1);
    await runToBeginning(world, scenario);
    world.ask(scenario.after);
    const plan = await planFor(world);
    expect(plan.steps.length).toBeGreaterThan(0);
    if (scenario.before === null) world.start();
    const done: string[] = [];
    world.controller().onProgress(({ step, phase }) => phase === 'started' && done.push(lineOf(step)));
    await runToEnd(world, scenario);
    expect(done.sort()).toEqual(plan.steps.map(lineOf).sort());
    expect((await planFor(world)).steps).toEqual([]);
    world.checkLaws();
  },
);
