// Owns: calls that hang, engines that go, looks that pass by a change: each named after what it once did.
import { expect, test } from 'vitest';
import type { CallFault } from '../support/simulation/faults.js';
import { onlyContainer, running } from '../support/simulation/running.js';
import { containersOf, type SimulatedServices } from '../support/simulation/services.js';
import { PROJECT } from '../support/simulation/settings.js';
import { checkStillness } from '../support/simulation/stillness.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

const SERVICES: SimulatedServices = { web: { image: 'sim-well:1' }, lone: { image: 'sim-well:1' } };

const typesOf = (world: SimulatedWorld): readonly string[] =>
  world.events.map(({ event_type }) => event_type);
const hangs =
  (...calls: readonly (readonly [string, string?])[]): CallFault =>
  (call, args) =>
    calls.some(([name, subject]) => name === call && (subject === undefined || subject === args[0]))
      ? 'hang'
      : null;

test('8.14 one container that hangs must keep only its own replica waiting, and lose no engine', async () => {
  const world = await running(SERVICES);
  const { id } = onlyContainer(world, 'web');
  world.faults.breakCalls(hangs(['inspectContainer', id], ['list']));
  void world.engine.outsider.stop(id);
  world.engine.outsider.remove(onlyContainer(world, 'lone').id);
  await world.runUntil(
    'the other one is back',
    () => containersOf(world.engine.truth, PROJECT, 'lone').length === 1,
    10_000,
  );
  await world.clock.advance(180_000);
  expect(typesOf(world)).not.toContain('engine_lost');
  world.faults.heal();
  await world.runUntilStable();
  await checkStillness(world);
});

test('8.14 an image that gives no answer must keep nobody else waiting', async () => {
  const world = createWorld(1);
  world.faults.breakCalls(hangs(['inspectImage', 'sim-slow:1']));
  world.ask({ ...SERVICES, slow: { image: 'sim-slow:1' } });
  world.start();
  await world.runUntil('the others run', () => world.statuses.get('web')?.health === 'Healthy', 15_000);
  expect(world.statuses.get('slow')?.health).toBe('Progressing');
  world.faults.heal();
  await world.runUntilStable();
});

test('8.1 an engine of which neither a list nor a ping comes back must be told as lost', async () => {
  const world = await running(SERVICES);
  world.faults.breakCalls(hangs(['list'], ['connect']));
  await world.runUntil('it is told', () => typesOf(world).includes('engine_lost'), 120_000);
  world.faults.heal();
  await world.runUntilStable();
  expect(typesOf(world)).toContain('engine_restored');
});

test('8.2 a look that was never answered must keep nobody waiting once the engine is back', async () => {
  const world = await running(SERVICES);
  const { id } = onlyContainer(world, 'web');
  world.faults.breakCalls(hangs(['inspectContainer', id]));
  void world.engine.outsider.stop(id);
  await world.clock.advance(500);
  world.faults.down();
  await world.clock.advance(500);
  world.faults.heal();
  await world.runUntil('it runs again, and nothing is under way', () => isBack(world), 5_000);
  await checkStillness(world);
});

test('8.2 a look after a step that was never answered must keep nobody waiting either', async () => {
  const world = await running(SERVICES);
  const { id } = onlyContainer(world, 'web');
  void world.engine.outsider.stop(id);
  let isStarted = false;
  world.faults.breakCalls((call, [subject]) => {
    isStarted ||= call === 'startContainer';
    return isStarted && call === 'inspectContainer' && subject === id ? 'hang' : null;
  });
  await world.runUntil(
    'it is started again',
    () => isStarted && onlyContainer(world, 'web').status === 'running',
  );
  await world.clock.advance(500);
  world.faults.down();
  await world.clock.advance(500);
  world.faults.heal();
  await world.runUntil('nothing is under way', () => isBack(world), 5_000);
  await checkStillness(world);
});

const isBack = (world: SimulatedWorld): boolean =>
  world.controller().isAtFixedPoint() && onlyContainer(world, 'web').status === 'running';

async function stopsWithin(world: SimulatedWorld, withinMs: number): Promise<boolean> {
  let isStopped = false;
  void world
    .controller()
    .stop()
    .then(() => {
      isStopped = true;
    });
  await world.clock.advance(withinMs);
  return isStopped;
}

test('a controller that stops must not wait for a look that hangs', async () => {
  const world = await running(SERVICES);
  const { id } = onlyContainer(world, 'web');
  void world.engine.outsider.stop(id);
  await world.clock.advance(1_000);
  world.faults.breakCalls(hangs(['inspectContainer']));
  await world.clock.advance(2_000);
  expect(await stopsWithin(world, 1_000)).toBe(true);
});

test('a controller that stops must not wait for an engine that goes meanwhile', async () => {
  const world = await running({ web: { image: 'sim-deaf:1' } });
  const { id } = onlyContainer(world, 'web');
  world.ask({ web: { image: 'sim-deaf:2' } });
  await world.runUntil(
    'a slow stop is under way',
    () => world.engine.truth.containers.get(id)?.isEnding === true,
  );
  void world.clock.after(500, () => world.faults.down());
  expect(await stopsWithin(world, 5_000)).toBe(true);
});

test('a controller that stops must let a call under way end', async () => {
  const world = await running({ web: { image: 'sim-deaf:1' } });
  const { id } = onlyContainer(world, 'web');
  world.ask({ web: { image: 'sim-deaf:2' } });
  await world.runUntil(
    'a slow stop is under way',
    () => world.engine.truth.containers.get(id)?.isEnding === true,
  );
  const before = world.engine.writes.length;
  expect(await stopsWithin(world, 2_000)).toBe(false);
  await world.clock.advance(20_000);
  expect(world.engine.truth.containers.get(id)?.status).toBe('exited');
  expect(typesOf(world)).toContain('orchestrator_stopped');
  expect(world.engine.writes.length).toBe(before);
});

test('8.15 an image event on the heels of a network event must not hide it', async () => {
  const world = await running(SERVICES);
  const network = 'alicia_bus_network';
  const id = world.engine.truth.networks.get(network)?.id ?? '';
  for (const service of ['web', 'lone']) world.engine.outsider.kill(onlyContainer(world, service).id);
  world.engine.truth.networks.delete(network);
  world.engine.emit({ type: 'network', action: 'destroy', id });
  world.clock.after(50, () => world.engine.emit({ type: 'image', action: 'tag', id: 'sim-well:1' }));
  await world.runUntil('it is made anew', () => world.engine.truth.networks.has(network), 2_000);
});

test('8.15 what changes while a list is under way must be seen by the next one', async () => {
  const world = await running(SERVICES);
  const network = 'alicia_bus_network';
  const { engine } = world;
  const id = engine.truth.networks.get(network)?.id ?? '';
  const list = engine.port.list;
  // The answer says what was there when it was asked for, and takes long.
  engine.port.list = async (options) => {
    const listing = await list(options);
    await new Promise<void>((resolve) => {
      world.clock.after(2_000, resolve);
    });
    return listing;
  };
  engine.emit({ type: 'network', action: 'create', id: 'f'.repeat(64) });
  await world.clock.advance(500);
  engine.truth.networks.delete(network);
  engine.emit({ type: 'network', action: 'destroy', id });
  await world.runUntil('it is made anew', () => engine.truth.networks.has(network), 8_000);
});
