// Owns: that a plan that is made in the middle of things is what is then done.
//
// Two moments have no such plan, and are left out. Before a new one has failed a plan believes that it will do well, so that
// the steps back are in none. While a daemon is away there is no plan at all, and once it is back the containers that it lost
// are found one by one: that story is held by its own test, and its steps by those of a kill.
import { expect, test } from 'vitest';
import { roleOfName } from '../../src/model/names.js';
import type { Plan } from '../../src/model/plan.js';
import { planFor } from '../support/simulation/plan.js';
import { FAULTLESS, lineOf, noteSteps, toBeginning } from '../support/simulation/plan-stories.js';
import { ask } from '../support/simulation/reached.js';
import {
  askForEnd,
  isRolledBack,
  runToBeginning,
  runToEnd,
  SCENARIOS,
  type Scenario,
} from '../support/simulation/scenarios.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

/** Whoever comes fresh asks the registry once more where the policy says so (3.4). */
const isPull = (line: string): boolean => line.startsWith('pull ');
const sorted = (lines: readonly string[]): readonly string[] => lines.filter((line) => !isPull(line)).sort();
const linesOf = ({ steps }: Plan): readonly string[] => sorted(steps.map(lineOf));

/** The longest that anything goes on by itself after a kill: the grace of what does not listen. */
const ECHO_MS = 12_000;
/** After so many calls the controller is killed. */
const KILLS = [3, 6, 9, 13, 18, 26];

test.each(Object.entries(FAULTLESS))(
  'testing 8: a plan from where a controller was killed must be what the next one does: %s',
  async (_, story) => {
    for (const calls of KILLS) {
      const world = createWorld(1, null, { hasLaws: false });
      const armed = { from: story.before === null ? 0 : Number.POSITIVE_INFINITY };
      const onCall: Parameters<SimulatedWorld['start']>[0] = (number, moment, _name, line) => {
        if (number === armed.from + calls && moment === 'sent') line.cut();
      };
      await toBeginning(world, story, onCall);
      if (story.before !== null) armed.from = world.lifeline().calls();
      ask(world, story.after, story.amended);
      if (story.before === null) world.start(onCall);
      await world.clock.advance(ECHO_MS);
      world.crash();
      await world.clock.advance(ECHO_MS);
      const plan = await planFor(world);
      world.start();
      const done = noteSteps(world);
      await world.runUntil(
        'all is as asked for',
        () => world.controller().isReady() && isDone(world),
        300_000,
      );
      await world.clock.advance(ECHO_MS);
      expect(sorted(done), `killed at call ${calls}`).toEqual(linesOf(plan));
    }
  },
);

const isDone = (world: SimulatedWorld): boolean =>
  world.controller().isAtFixedPoint() &&
  world
    .controller()
    .services()
    .every(({ health }) => health !== 'Progressing' && health !== 'Missing');

const ACTS = [
  'an edit in mid-rollout',
  'an edit in mid-rollout, stop-first',
  'an edit that is taken back in mid-rollout',
  'an edit that is taken back in mid-rollout, stop-first',
] as const satisfies readonly (keyof typeof SCENARIOS)[];

test.each(ACTS.flatMap((name) => [2_350, 2_600, 3_500, 5_000].map((atMs) => [name, atMs] as const)))(
  'testing 8: the plan of a running controller must be what is done from then on: %s, %i ms after the first edit',
  async (name, atMs) => {
    const scenario: Scenario = SCENARIOS[name];
    const world = createWorld(1);
    await runToBeginning(world, scenario);
    askForEnd(world, scenario);
    await world.clock.advance(atMs);
    const plan = world.controller().plan();
    const done = noteSteps(world);
    await runToEnd(world, scenario);
    expect(sorted(done)).toEqual(linesOf(plan));
  },
);

test.each([
  'an image that moved, replaced by one of the same hash',
  'an image that moved, of a service with a literal name',
] as const)('testing 8: the steps of a plan must be those that are done: %s', async (name) => {
  const scenario: Scenario = SCENARIOS[name];
  const world = createWorld(1);
  await runToBeginning(world, scenario);
  askForEnd(world, scenario);
  const plan = await planFor(world);
  const done = noteSteps(world);
  await runToEnd(world, scenario);
  expect(sorted(done)).toEqual(linesOf(plan));
  expect(plan.steps.length).toBeGreaterThan(0);
});

test('testing 8: the steps of a plan must be those that are done: replicas that fall ill, once they are', async () => {
  const scenario: Scenario = SCENARIOS['a replica that falls ill'];
  const world = createWorld(1);
  await runToBeginning(world, scenario);
  await world.runUntil('they are ill', () => world.statuses.get('web')?.reason === 'Unhealthy');
  const plans = [world.controller().plan(), await planFor(world)].map(linesOf);
  const done = noteSteps(world);
  await runToEnd(world, scenario);
  for (const lines of plans) expect(sorted(done)).toEqual(lines);
});

test.each([
  'a replacement that fails and is taken back',
  'a replacement that fails and is taken back, stop-first',
] as const)(
  'testing 8: a plan made once the new one has failed must be what is done from then on: %s',
  async (name) => {
    const scenario: Scenario = SCENARIOS[name];
    const world = createWorld(1);
    await runToBeginning(world, scenario);
    askForEnd(world, scenario);
    while (![...world.engine.truth.containers.values()].some((each) => roleOfName(each.name) === 'failed'))
      await world.clock.step();
    await world.clock.advance(5);
    const plan = world.controller().plan();
    const done = noteSteps(world);
    await world.runUntil('it is rolled back', () => isRolledBack(world));
    expect(sorted(done)).toEqual(linesOf(plan));
    expect([world.controller().plan(), await planFor(world)].map(linesOf)).toEqual([[], []]);
  },
);
