// Owns: rollouts that fail late, and what a kill does to them: each a story that crashes at every call would end in two ways.
import { expect, test } from 'vitest';
import { isRolledBack } from '../support/simulation/scenarios.js';
import { containersOf, type SimulatedServices } from '../support/simulation/services.js';
import { PROJECT } from '../support/simulation/settings.js';
import { checkStillness } from '../support/simulation/stillness.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

const web = (image: 'sim-well:1' | 'sim-fails-later:2', update = {}): SimulatedServices => ({
  web: { image, replicas: 2, update },
});

async function updated(update = {}): Promise<SimulatedWorld> {
  const world = createWorld(1);
  world.ask(web('sim-well:1', update));
  world.start();
  await world.runUntilStable();
  world.ask(web('sim-fails-later:2', update));
  return world;
}

test('4.5 a new one that fails after it seemed well must take all slots back', async () => {
  const world = await updated();
  await world.runUntil('all is rolled back', () => isRolledBack(world));
  world.checkLaws();
  await checkStillness(world);
});

test('4.5 one that was stopped as failed must be named so, and not be tried again by the same process', async () => {
  const world = await updated();
  await world.runUntil('all is rolled back', () => isRolledBack(world));
  const starts = world.engine.writes.filter(
    ({ verb, container }) => verb === 'startContainer' && container?.spec.image === 'sim-fails-later:2',
  );
  expect(new Set(starts.map(({ name }) => name)).size).toBe(starts.length);
});

test('4.1 failure_action: pause must leave all as it is, and an edit go on from there', async () => {
  const world = await updated({ failure_action: 'pause' });
  await world.runUntil(
    'it is paused',
    () => world.statuses.get('web')?.reason === 'ProgressDeadlineExceeded',
    30_000,
  );
  const writes = world.engine.writes.length;
  await world.clock.advance(60_000);
  expect(world.engine.writes.length).toBe(writes);
  expect(containersOf(world.engine.truth, PROJECT, 'web').length).toBeGreaterThan(2);
  world.ask({ web: { image: 'sim-well:3', replicas: 2 } });
  await world.runUntilStable();
  world.checkLaws();
});

test('4.1 failure_action: continue must replace all, and leave the failed ones to Docker', async () => {
  const world = await updated({ failure_action: 'continue' });
  await world.runUntil(
    'all are of the new spec',
    () =>
      containersOf(world.engine.truth, PROJECT, 'web').every(
        ({ spec }) => spec.image === 'sim-fails-later:2',
      ),
    60_000,
  );
  await world.runUntil('it is told', () => world.statuses.get('web')?.reason === 'CrashLoopBackOff');
  world.checkLaws();
});
