// Owns: from when a run counts, what is told of probes that change, and what there is to say without anybody to ask.
import { describe, expect, test } from 'vitest';
import { createObservedStore, setContainer } from '../../src/controller/observed-store.js';
import { createProber, ENGINE_ALONE } from '../../src/controller/prober.js';
import { serviceName } from '../../src/model/ids.js';
import { containerOf, EXEC, HTTP, MQTT, probeOf, TCP } from '../support/probes.js';
import { createVirtualClock, WALL_START_MS } from '../support/simulation/virtual-clock.js';
import { createProbingWorld } from './support/probing.js';

const STARTED = WALL_START_MS;
const HOUR_MS = 3_600_000;
const web = containerOf('web', 'a', { startedAt: STARTED });
const failure = { kind: 'failure', message: 'answered 503' } as const;

describe('6.6 the start period', () => {
  const patient = probeOf(HTTP, { retries: 1, startPeriodMs: 25_000 });

  test.each([
    ['an hour behind', -HOUR_MS],
    ['right', 0],
  ])('6.6 must count from a start that was seen, where the clock of the engine is %s', async (_, skewMs) => {
    const world = createProbingWorld();
    world.answer(failure);
    world.declare('web', [patient]);
    world.see({ ...web, status: 'created', startedAt: null });
    await world.clock.advance(1_000);
    world.see({ ...web, startedAt: STARTED + 1_000 + skewMs });
    await world.clock.advance(29_000);
    expect(world.probed(web)?.status).toBe('starting');
    await world.clock.advance(1_100);
    expect(world.probed(web)?.status).toBe('unhealthy');
  });

  test('6.6 must count anew from each start, also from one by hand while the service is not declared', async () => {
    const world = createProbingWorld();
    world.answer(failure);
    world.see(web);
    world.see({ ...web, startedAt: STARTED - HOUR_MS });
    world.declare('web', [patient]);
    await world.clock.advance(29_000);
    expect(world.probed(web)?.status).toBe('starting');
    await world.clock.advance(1_100);
    expect(world.probed(web)?.status).toBe('unhealthy');
  });

  test('6.6 of a container that went and is seen again only the clocks must count', async () => {
    const world = createProbingWorld();
    world.answer(failure);
    world.declare('web', [patient]);
    world.see(web);
    world.empty();
    await world.clock.advance(30_000);
    world.see(web);
    await world.clock.advance(100);
    expect(world.probed(web)?.status).toBe('unhealthy');
    world.empty();
    world.see({ ...web, startedAt: STARTED - HOUR_MS });
    await world.clock.advance(100);
    expect(world.probed(web)?.status).toBe('unhealthy');
  });
});

describe('6.6 what is told', () => {
  test('6.6 that nothing is known under another definition must be told once', async () => {
    const world = createProbingWorld();
    world.declare('web', [probeOf(HTTP)]);
    world.see(web);
    await world.clock.advance(1_000);
    world.declare('web', [probeOf(TCP)]);
    await world.clock.advance(100);
    expect(world.reports).toEqual(['0 healthy', '1000 nothing', '1000 healthy']);
    world.declare('web', []);
    await world.clock.advance(60_000);
    expect(world.reports.slice(3)).toEqual(['1100 nothing']);
  });

  test('6.6 only probes on the bus must listen to anything', async () => {
    const world = createProbingWorld();
    world.declare('web', [probeOf(HTTP), probeOf(TCP), probeOf(EXEC)]);
    world.see(web);
    await world.clock.advance(100);
    expect(world.topics()).toEqual([]);
    expect(world.attempts).toHaveLength(3);
  });
});

describe('6.6 with nobody to ask', () => {
  test('6.6 nothing must be probed before it is known what is declared', async () => {
    const clock = createVirtualClock();
    const observed = createObservedStore();
    const reports: unknown[] = [];
    const prober = createProber({
      ...{ clock, observed, desired: () => null, leaving: () => new Set(), probing: ENGINE_ALONE },
      engine: { exec: async () => 0 },
      report: (said) => void reports.push(said),
    });
    prober.follow(null);
    prober.follow(setContainer(observed, { kind: 'ours', container: web }).services);
    expect(await clock.step()).toBe(false);
    expect(reports).toEqual([]);
  });

  test.each([
    ['http', HTTP, 'http :9000/health cannot be made here'],
    ['tcp', TCP, 'tcp :5432 cannot be made here'],
    ['mqtt', MQTT, `mqtt ${MQTT.topic} cannot be heard: there is no broker`],
  ] as const)('6.6 a controller with nothing but an engine must say so of %s', async (_, action, message) => {
    const world = createProbingWorld(ENGINE_ALONE);
    world.declare(serviceName('web'), [probeOf(action)]);
    world.see(web);
    await world.clock.advance(60_000);
    expect(world.probed(web)).toEqual({ status: 'starting', message, unreachable: message });
    world.see({ ...web, status: 'exited' });
    world.prober.stop();
    expect(await world.clock.step()).toBe(false);
  });

  test('6.6 a controller with nothing but an engine must still run programs', async () => {
    const world = createProbingWorld(ENGINE_ALONE);
    world.declare('web', [probeOf(EXEC)]);
    world.see(web);
    await world.clock.advance(100);
    expect(world.probed(web)?.status).toBe('healthy');
  });
});
