// Owns: what the whole controller makes of each failure of Docker (semantics 8), seen on the engine's truth.
import { expect, test } from 'vitest';
import { EngineError } from '../../src/controller/ports.js';
import type { FailureCode } from '../../src/model/failure.js';
import type { CallFault } from '../support/simulation/faults.js';
import { onlyContainer, running } from '../support/simulation/running.js';
import { containersOf, type SimulatedServices } from '../support/simulation/services.js';
import { PROJECT } from '../support/simulation/settings.js';
import { checkStillness } from '../support/simulation/stillness.js';
import { createWorld, type SimulatedWorld } from '../support/simulation/world.js';

const WEB: SimulatedServices = { web: { image: 'sim-well:1' } };
const NETWORK = 'alicia_bus_network';
const FIVE_MINUTES = 300_000;

function asked(services: SimulatedServices = WEB): SimulatedWorld {
  const world = createWorld(1);
  world.ask(services);
  world.start();
  return world;
}

const written = (world: SimulatedWorld, verb: string) =>
  world.engine.writes.filter((write) => write.verb === verb);
const status = (world: SimulatedWorld, service = 'web') => world.statuses.get(service);
const saysWhy = (world: SimulatedWorld, reason: string) => () => status(world)?.reason === reason;
const fails =
  (name: string, code: FailureCode | 'hang'): CallFault =>
  (call) =>
    call === name ? code : null;

/** Times of the tries of a call while it fails, in seconds after the first. */
async function triesOf(world: SimulatedWorld, call: string, code: FailureCode): Promise<readonly number[]> {
  const tries: number[] = [];
  world.faults.breakCalls((name) => {
    if (name === call) tries.push(world.clock.elapsedMs());
    return name === call ? code : null;
  });
  await world.clock.advance(FIVE_MINUTES);
  return tries.map((atMs) => Math.round((atMs - (tries[0] ?? 0)) / 1000));
}

const unlikely = (): EngineError =>
  new EngineError({ code: 'unknownOutcome', message: 'the reply was lost', status: null });

test('8.2 a container whose creation was not answered must be found by its name and be started', async () => {
  const world = createWorld(1);
  const { port } = world.engine;
  const create = port.createContainer;
  port.createContainer = async (draft, options) => {
    port.createContainer = create;
    await create(draft, options);
    throw unlikely();
  };
  world.ask(WEB);
  world.start();
  await world.runUntilStable();
  expect(written(world, 'createContainer')).toHaveLength(1);
});

test('8.3 a name that somebody else has must be told as such, and be taken when it is free', async () => {
  const world = createWorld(1);
  const holder = world.engine.outsider.run({ name: 'door' });
  world.ask({ web: { image: 'sim-well:1', called: 'door' } });
  world.start();
  await world.runUntil('it is told', saysWhy(world, 'NameConflict'));
  expect(status(world)?.message).toContain('door');
  await world.clock.advance(60_000);
  expect(world.engine.truth.containers.has(holder)).toBe(true);
  world.engine.outsider.remove(holder);
  await world.runUntilStable();
});

test('8.3 a name that a container of ours has, made by a process before, must not be in the way', async () => {
  const world = asked();
  await world.runUntil('it is made', () => containersOf(world.engine.truth, PROJECT, 'web').length === 1);
  world.crash();
  world.start();
  await world.runUntilStable();
  expect(written(world, 'createContainer')).toHaveLength(1);
});

test('8.4 an image that went before the creation must be pulled', async () => {
  const world = createWorld(1);
  const image = world.engine.truth.images.get('sim-well:1');
  const { port } = world.engine;
  const create = port.createContainer;
  port.createContainer = (draft, options) => {
    port.createContainer = create;
    if (image !== undefined) image.isHere = false;
    return create(draft, options);
  };
  world.ask(WEB);
  world.start();
  await world.runUntilStable();
  expect(written(world, 'pullImage')).toHaveLength(1);
});

test('8.5 a configuration that Docker refuses must be said, and be tried again after 10 to 300 s', async () => {
  const world = asked();
  expect(await triesOf(world, 'createContainer', 'rejected')).toEqual([0, 10, 30, 70, 150]);
  expect(status(world)).toMatchObject({ health: 'Degraded', reason: 'StartFailed' });
  world.faults.heal();
  await world.runUntilStable(FIVE_MINUTES);
});

test('8.6 what is done already must be taken for done: stopped, and gone', async () => {
  const world = await running({ web: { image: 'sim-deaf:1' } });
  const { id } = onlyContainer(world, 'web');
  const { port } = world.engine;
  const stop = port.stopContainer;
  port.stopContainer = async (...args) => {
    port.stopContainer = stop;
    world.engine.outsider.kill(id);
    await stop(...args);
  };
  const remove = port.removeContainer;
  port.removeContainer = async (...args) => {
    port.removeContainer = remove;
    world.engine.outsider.remove(id);
    await remove(...args);
  };
  world.ask({ lone: { image: 'sim-well:1' } });
  await world.runUntilStable();
  expect(world.events.filter(({ event_type }) => event_type === 'service_failed')).toEqual([]);
});

test('8.7 a host port that is taken must be told with its owner, and be used when it is free', async () => {
  const world = createWorld(1);
  const holder = world.engine.outsider.run({ name: 'guest', hostPort: 8080 });
  world.ask({ web: { image: 'sim-well:1', ports: ['8080:80'] } });
  world.start();
  await world.runUntil('it is told', saysWhy(world, 'PortConflict'));
  expect(status(world)?.message).toContain('container guest');
  const { id } = onlyContainer(world, 'web');
  world.engine.outsider.remove(holder);
  await world.runUntilStable();
  expect(onlyContainer(world, 'web').id).toBe(id);
});

test('8.8 a network that goes before the start must be made, and the container be tied to it', async () => {
  const world = createWorld(1);
  const { port, truth } = world.engine;
  const start = port.startContainer;
  port.startContainer = (...args) => {
    port.startContainer = start;
    truth.networks.delete(NETWORK);
    return start(...args);
  };
  world.ask(WEB);
  world.start();
  await world.runUntilStable();
  expect(written(world, 'createContainer')).toHaveLength(1);
  expect(onlyContainer(world, 'web').endpoints).toMatchObject([
    { network: NETWORK, networkId: truth.networks.get(NETWORK)?.id },
  ]);
});

test('8.8 a container whose network was that of one that is gone must be made anew', async () => {
  const services: SimulatedServices = {
    vpn: { image: 'sim-well:1' },
    web: { image: 'sim-well:1', check: false, sharesNetworkOf: 'vpn' },
  };
  const world = await running(services);
  const { id } = onlyContainer(world, 'web');
  world.engine.outsider.remove(onlyContainer(world, 'vpn').id);
  await world.runUntil('it is another one', () => {
    const [container] = containersOf(world.engine.truth, PROJECT, 'web');
    return container !== undefined && container.id !== id && container.status === 'running';
  });
  await world.runUntilStable();
  expect(onlyContainer(world, 'web').networkMode).toBe(`container:${onlyContainer(world, 'vpn').id}`);
  await checkStillness(world);
});

test('8.9 a start that fails must be told and made again for ever, on the same container', async () => {
  const world = asked();
  const tries = await triesOf(world, 'startContainer', 'engine');
  expect(tries).toEqual([0, 10, 30, 70, 150]);
  expect(status(world)).toMatchObject({ health: 'Degraded', reason: 'StartFailed' });
  await world.clock.advance(3 * FIVE_MINUTES);
  world.faults.heal();
  await world.runUntilStable(FIVE_MINUTES + 30_000);
  expect(written(world, 'createContainer')).toHaveLength(1);
});

test('8.10 used-up address pools must be told with the setting that mends them', async () => {
  const world = createWorld(1);
  world.faults.breakCalls(fails('createNetwork', 'noAddressPool'));
  world.ask(WEB);
  world.start();
  await world.runUntil('it is told', saysWhy(world, 'NetworkFailed'));
  expect(status(world)?.message).toContain('default-address-pools');
  world.faults.heal();
  await world.runUntilStable();
});

test('8.11 two stops of one container must never be under way at once, and each must have its grace', async () => {
  const world = await running({ web: { image: 'sim-deaf:1' } });
  const { port } = world.engine;
  const stop = port.stopContainer;
  let underWay = 0;
  let most = 0;
  port.stopContainer = async (id, graceMs, options) => {
    underWay += 1;
    most = Math.max(most, underWay);
    expect(options.deadlineMs).toBe(graceMs + 20_000);
    await stop(id, graceMs, options);
    underWay -= 1;
  };
  world.ask({ web: { image: 'sim-deaf:2' } });
  await world.runUntil('a stop is under way', () => underWay === 1);
  for (const version of [3, 2, 3] as const) {
    world.ask({ web: { image: `sim-deaf:${version}` } });
    await world.clock.advance(2_000);
  }
  await world.runUntilStable();
  expect(most).toBe(1);
});

test('8.12 a removal that is under way must be waited for', async () => {
  const world = await running(WEB);
  const before = written(world, 'removeContainer').length;
  world.faults.breakCalls(fails('removeContainer', 'removalInProgress'));
  world.ask({ lone: { image: 'sim-well:1' } });
  await world.runUntil('it is stopped', () => onlyContainer(world, 'web').status === 'exited');
  world.clock.after(5_000, () => world.engine.outsider.remove(onlyContainer(world, 'web').id));
  await world.runUntilStable();
  expect(written(world, 'removeContainer')).toHaveLength(before);
});

test('8.12 a dead container must be put aside, be told, and go when it can be removed', async () => {
  const world = await running(WEB);
  const { id } = onlyContainer(world, 'web');
  world.engine.outsider.makeDead(id);
  const live = () =>
    containersOf(world.engine.truth, PROJECT, 'web').find((container) => container.status === 'running');
  await world.runUntil('another one has its place', () => live() !== undefined);
  expect(world.engine.truth.containers.get(id)?.name).toMatch(/-stuck-[0-9a-f]{4}$/);
  const before = written(world, 'removeContainer').length;
  await world.clock.advance(FIVE_MINUTES);
  expect(written(world, 'removeContainer').length - before).toBeLessThanOrEqual(6);
  world.engine.outsider.mend(id);
  await world.runUntilStable(FIVE_MINUTES + 30_000);
  expect(world.engine.truth.containers.has(id)).toBe(false);
  await checkStillness(world);
});

test('8.13 a stuck container with a process must keep what shares its port from being started', async () => {
  const world = await running({ web: { image: 'sim-well:1', ports: ['8080:80'] } });
  const { id } = onlyContainer(world, 'web');
  world.engine.outsider.makeStuck(id, { hasProcess: true });
  await world.runUntil('it is put aside', () =>
    /-stuck-/.test(world.engine.truth.containers.get(id)?.name ?? ''),
  );
  await world.clock.advance(60_000);
  expect(status(world)?.health).toBe('Degraded');
  expect(status(world)?.message).toContain('stuck');
  const others = containersOf(world.engine.truth, PROJECT, 'web').filter((container) => container.id !== id);
  expect(others.filter((container) => container.startedAt !== null)).toEqual([]);
  world.engine.outsider.mend(id);
  await world.runUntilStable(FIVE_MINUTES + 30_000);
  await checkStillness(world);
});

test('8.13 a stuck container without a process must give its place to another one', async () => {
  const world = await running(WEB);
  const { id } = onlyContainer(world, 'web');
  world.engine.outsider.makeStuck(id);
  await world.runUntil('another one runs', () =>
    containersOf(world.engine.truth, PROJECT, 'web').some((container) => container.status === 'running'),
  );
  world.engine.outsider.daemonRestart();
  await world.runUntilStable(2 * FIVE_MINUTES);
  await checkStillness(world);
});

test.each([{ lossy: false }, { lossy: true }])(
  '8.15 after a restart of the daemon (%o) all must be as asked for, by a list',
  async (restart) => {
    const world = await running({
      bus: { image: 'sim-slow:1' },
      web: { image: 'sim-well:1', replicas: 3, needs: { bus: 'service_healthy' } },
      job: { image: 'sim-exits-0:1', oneShot: true },
    });
    const job = onlyContainer(world, 'job').startedAt;
    world.engine.outsider.daemonRestart(restart);
    await world.runUntil('it is told', () =>
      world.events.some(({ event_type }) => event_type === 'engine_restored'),
    );
    await world.runUntilStable();
    expect(onlyContainer(world, 'job').startedAt).toBe(job);
    expect(world.events.filter(({ event_type }) => event_type.startsWith('drift'))).toEqual([]);
    world.checkLaws();
    await checkStillness(world);
  },
);
