// Owns: the classic mistakes of reconcilers, each in a story in which it would show (`npm run mutants` makes them).

import { expect, test } from 'vitest';
import { EngineError } from '../../src/controller/ports.js';
import { NO_FAULTS } from '../support/simulation/fault-rates.js';
import { onlyContainer, running } from '../support/simulation/running.js';
import { isRolledBack } from '../support/simulation/scenarios.js';
import { containersOf, isServing, type SimulatedServices } from '../support/simulation/services.js';
import { PROJECT } from '../support/simulation/settings.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

/** Resyncs and second looks all have had their time. */
const LONG_MS = 95_000;

const startsOf = (world: SimulatedWorld, service: string): number =>
  world.engine.writes.filter(
    ({ verb, container }) => verb === 'startContainer' && container?.name.startsWith(`${PROJECT}-${service}`),
  ).length;

test('2.2 a dependent must not start while the first of two replicas that it needs does not', async () => {
  const world = createWorld(1);
  const nameOf = (id: unknown): string =>
    [...world.engine.truth.containers.values()].find((container) => container.id === id)?.name ?? '';
  world.faults.breakCalls((call, [id]) =>
    call === 'startContainer' && nameOf(id).startsWith(`${PROJECT}-bus-1`) ? 'engine' : null,
  );
  world.ask({
    bus: { image: 'sim-well:1', replicas: 2 },
    web: { image: 'sim-well:1', needs: { bus: 'service_healthy' } },
  });
  world.start();
  await world.runUntil('the other one serves', () =>
    containersOf(world.engine.truth, PROJECT, 'bus').some(isServing),
  );
  await world.clock.advance(LONG_MS);
  expect(startsOf(world, 'web')).toBe(0);
  world.faults.heal();
  await world.runUntilStable();
  world.checkLaws();
});

test('2.2 a dependent must not start after a one-shot that failed', async () => {
  const world = createWorld(1);
  world.ask({
    job: { image: 'sim-exits-1:1', oneShot: true },
    web: { image: 'sim-well:1', needs: { job: 'service_completed_successfully' } },
  });
  world.start();
  await world.runUntil('it is told', () => world.statuses.get('job')?.state === 'failed');
  await world.clock.advance(LONG_MS);
  expect(startsOf(world, 'web')).toBe(0);
  world.checkLaws();
});

test.each([1, 3])(
  '4.8 start-first must never leave fewer of %i that serve than are declared',
  async (replicas) => {
    const web = (version: 1 | 2): SimulatedServices => ({
      web: { image: `sim-slow:${version}`, replicas, update: { order: 'start-first' } },
    });
    const world = await running(web(1));
    let fewest = replicas;
    world.engine.onWrite(({ verb, container }) => {
      const others = containersOf(world.engine.truth, PROJECT, 'web').filter(
        ({ id }) => id !== container?.id,
      );
      if (verb === 'stopContainer') fewest = Math.min(fewest, others.filter(isServing).length);
    });
    world.ask(web(2));
    await world.runUntilStable();
    expect(fewest).toBe(replicas);
  },
);

test('4.1 more failures than max_failure_ratio allows must roll back, were it by a part of one', async () => {
  const update = { max_failure_ratio: 0.3 };
  const world = await running({ web: { image: 'sim-well:1', replicas: 2, update } });
  world.ask({ web: { image: 'sim-fails-later:2', replicas: 2, update } });
  await world.runUntil('all is rolled back', () => isRolledBack(world));
});

test('1.6 a creation whose reply is lost, and of which no event tells, must be looked at and not be repeated', async () => {
  const world = createWorld(1, { ...NO_FAULTS, eventDropped: 1 });
  const { port } = world.engine;
  const create = port.createContainer;
  let tries = 0;
  port.createContainer = async (draft, options) => {
    tries += 1;
    await create(draft, options);
    throw new EngineError({ code: 'unknownOutcome', message: 'the reply was lost', status: null });
  };
  world.ask({ web: { image: 'sim-well:1' } });
  world.start();
  await world.runUntilStable();
  expect(tries).toBe(1);
});

test.each([
  ['maintenance', true],
  ['self_heal', false],
])('6.3 what was stopped by hand must be left so under %s: %s', async (field, value) => {
  const world = await running({ web: { image: 'sim-well:1' } });
  const text = world.files.read('web.yaml') ?? '';
  world.files.write('web.yaml', text.replace('"spec": {', `"spec": {"${field}": ${value},`));
  await world.clock.advance(LONG_MS);
  void world.engine.outsider.stop(onlyContainer(world, 'web').id);
  const before = world.engine.writes.length;
  await world.clock.advance(LONG_MS);
  expect(onlyContainer(world, 'web').status).toBe('exited');
  expect(world.engine.writes.length).toBe(before);
});
