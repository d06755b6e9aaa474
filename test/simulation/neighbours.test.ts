// Owns: what others do on the same engine, on the whole controller.
import { expect, test } from 'vitest';
import { onlyContainer, running } from '../support/simulation/running.js';
import { containersOf, type SimulatedServices } from '../support/simulation/services.js';
import { PROJECT } from '../support/simulation/settings.js';
import { checkStillness } from '../support/simulation/stillness.js';
import { createWorld } from '../support/simulation/world.js';

test('9.2 who writes to our data must block a start, be named, and let it go on once it is gone', async () => {
  const world = createWorld(1);
  const guest = world.engine.outsider.run({ name: 'guest', volumes: ['alicia_data'] });
  world.ask({ web: { image: 'sim-well:1', volumes: ['data'] } });
  world.start();
  await world.runUntil('it is said', () => world.statuses.get('web')?.reason === 'HeldByOther', 10_000);
  expect(world.statuses.get('web')?.message).toContain('guest');
  expect(world.engine.writes.filter(({ verb }) => verb === 'startContainer')).toEqual([]);
  world.engine.outsider.remove(guest);
  await world.runUntilStable(10_000);
  world.checkLaws();
});

test('5.5 a foreign container must keep a network from being made anew, until it is off', async () => {
  const web = (label: string): SimulatedServices => ({
    web: { image: 'sim-well:1', networks: { front: label } },
  });
  const world = await running(web('1'));
  const before = world.engine.truth.networks.get('alicia_front')?.id;
  const guest = world.engine.outsider.run({ name: 'guest', networks: ['alicia_front'] });
  world.ask(web('2'));
  await world.runUntil('it is said', () => world.statuses.get('web')?.reason === 'NetworkFailed', 10_000);
  expect(world.statuses.get('web')).toMatchObject({ sync: 'OutOfSync', health: 'Healthy' });
  expect(world.engine.truth.networks.get('alicia_front')?.id).toBe(before);
  world.engine.outsider.disconnect(guest, 'alicia_front');
  await world.runUntilStable(30_000);
  expect(world.engine.truth.networks.get('alicia_front')?.id).not.toBe(before);
  world.checkLaws();
  await checkStillness(world);
});

test('3.3 limits that somebody else changed must be put right, and told as drift once', async () => {
  const world = await running({ web: { image: 'sim-well:1', memory: '64m' } });
  world.engine.outsider.update(onlyContainer(world, 'web').id, {
    resources: { memoryBytes: 16 * 1024 * 1024 },
  });
  await world.runUntil(
    'they are put right',
    () => onlyContainer(world, 'web').resources.memoryBytes === 64 * 1024 * 1024,
    5_000,
  );
  await world.runUntilStable();
  const told = world.events.map(({ event_type }) => event_type);
  expect(told.filter((type) => type === 'drift_detected')).toHaveLength(1);
  expect(told.filter((type) => type === 'drift_corrected')).toHaveLength(1);
  await checkStillness(world);
});

test('3.3 an edit of limits must be told as no drift, nor a rollback, nor an edit that is taken back', async () => {
  const world = await running({ web: { image: 'sim-well:1', memory: '64m' } });
  world.ask({ web: { image: 'sim-well:1', memory: '32m' } });
  await world.runUntil(
    'they are changed',
    () => onlyContainer(world, 'web').resources.memoryBytes === 32 * 1024 * 1024,
  );
  world.ask({ web: { image: 'sim-crashes:2', memory: '32m' } });
  await world.runUntil('it is rolled back', () => world.statuses.get('web')?.reason === 'RolledBack');
  world.ask({ web: { image: 'sim-well:1', memory: '32m' } });
  await world.runUntilStable();
  expect(world.events.map(({ event_type }) => event_type)).not.toContain('drift_detected');
});

test('3.3b a container that somebody takes off its network must be put back, and told as drift once', async () => {
  const world = await running({ web: { image: 'sim-well:1' } });
  world.engine.outsider.disconnect(onlyContainer(world, 'web').id, 'alicia_bus_network');
  await world.runUntil('it is back', () => onlyContainer(world, 'web').endpoints.length === 1, 5_000);
  await world.runUntilStable();
  const told = world.events.map(({ event_type }) => event_type);
  expect(told.filter((type) => type === 'drift_detected')).toHaveLength(1);
  expect(told.filter((type) => type === 'drift_corrected')).toHaveLength(1);
});

test('6.2 what stays ill must be given up after max_attempts, and not be touched any more', async () => {
  const world = createWorld(1);
  world.ask({ web: { image: 'sim-never-ready:1', maxAttempts: 2 } });
  world.start();
  await world.runUntil(
    'it is given up',
    () => world.statuses.get('web')?.message.includes('given up') === true,
    600_000,
  );
  expect(world.statuses.get('web')).toMatchObject({
    state: 'failed',
    health: 'Degraded',
    reason: 'Unhealthy',
  });
  const restarts = world.engine.writes.filter(({ verb }) => verb === 'restartContainer').length;
  expect(restarts).toBe(2);
  await world.clock.advance(900_000);
  expect(world.engine.writes.filter(({ verb }) => verb === 'restartContainer')).toHaveLength(restarts);
});

test('3.4 an image that moves while the engine is listed for another reason must be seen at once', async () => {
  const web = { image: 'sim-well:1', pull: 'every_1h' } as const;
  const world = await running({ web });
  const { id } = onlyContainer(world, 'web');
  world.ask({ web, other: { image: 'sim-well:1', networks: { more: '1' } } });
  const isBegun = (): boolean => containersOf(world.engine.truth, PROJECT, 'other').length > 0;
  // By then the new network is known already, and its event is soon what the engine is listed for.
  for (let steps = 0; !isBegun() && steps < 5_000; steps += 1) await world.clock.advance(1);
  world.engine.outsider.moveImage('sim-well:1', 'sha256:moved');
  await world.runUntil('the old one makes room', () => !world.engine.truth.containers.has(id), 10_000);
});
