// Owns: the life of a controller: its beginning, its end, and the loss of its engine.
import { describe, expect, test } from 'vitest';
import { isSettled } from '../../src/model/status.js';
import { LIMITS } from '../support/controller-limits.js';
import { living } from './support/living.js';

/** Notes when a promise settles. */
function noting(promise: Promise<void>, clock: { elapsedMs(): number }): { atMs: number | null } {
  const noted = { atMs: null as number | null };
  void promise.then(() => {
    noted.atMs = clock.elapsedMs();
  });
  return noted;
}

describe('beginning', () => {
  test('a start must be told before all else, the manifests by sorted names, and the arrival once', async () => {
    const { world, controller, events, types, phases } = living();
    world.ask({ web: { image: 'sim-well:1' }, api: { image: 'sim-well:1' } });
    void controller.start();
    await world.clock.advance(20_000);
    expect(events[0]?.event_data).toEqual({ message: 'alicia 0.0.0', cause: 'start', revision: '' });
    expect(types().slice(0, 2)).toEqual(['orchestrator_started', 'manifests_changed']);
    expect(events[1]?.event_data).toMatchObject({
      services: ['api', 'web'],
      cause: 'start',
      revision: expect.stringMatching(/^sha256:/),
    });
    expect(types().filter((type) => type === 'reconcile_completed')).toHaveLength(1);
    expect(types()).not.toContain('engine_restored');
    expect(phases).toEqual(['converging', 'idle']);
    expect(controller.orchestrator()).toMatchObject({ phase: 'idle', in_sync: true, last_pass_ms: 0 });
    world.ask({ web: { image: 'sim-well:2' }, about: { image: 'sim-well:1' }, api: { image: 'sim-well:1' } });
    await world.clock.advance(20_000);
    const changes = events.filter(({ event_type }) => event_type === 'manifests_changed');
    expect(changes[1]?.event_data).toMatchObject({ services: ['about', 'web'], cause: 'manifests' });
  });

  test('8.1 in mode `run` a start must not wait for an engine that is away', async () => {
    const { world, controller } = living();
    world.faults.down();
    const started = noting(controller.start(), world.clock);
    await world.clock.advance(1_000);
    expect(started.atMs).not.toBeNull();
    expect([controller.isReady(), controller.isAtFixedPoint()]).toEqual([false, false]);
    expect(controller.orchestrator().engine).toEqual({ reachable: false, version: '' });
  });

  test('in mode `once` a start must wait for the first pass, however long the engine is away', async () => {
    const { world, controller } = living({ mode: 'once' });
    world.ask({ web: { image: 'sim-well:1' } });
    world.faults.down();
    const started = noting(controller.start(), world.clock);
    await world.clock.advance(60_000);
    expect(started.atMs).toBeNull();
    world.faults.up();
    await world.clock.advance(31_000);
    expect(started.atMs).not.toBeNull();
    expect(controller.isReady()).toBe(true);
  });

  test('an engine that answers before the manifests are read must not be acted upon', async () => {
    const { world, controller, types } = living();
    const { files, clock } = world;
    world.ask({ web: { image: 'sim-well:1' } });
    const scan = files.scan;
    files.scan = async () => {
      const found = await scan();
      await new Promise<void>((resolve) => {
        clock.after(5_000, resolve);
      });
      return found;
    };
    void controller.start();
    await clock.advance(4_900);
    expect([controller.isReady(), types()]).toEqual([false, ['orchestrator_started']]);
    expect([controller.publishesHostPort(80), controller.isAtFixedPoint()]).toEqual([false, false]);
    expect(controller.plan().steps).toEqual([]);
    await clock.advance(30_000);
    expect(controller.services().every(isSettled)).toBe(true);
  });

  test('every so often everything must be listed again, and nothing be told where nothing changed', async () => {
    const { world, controller, statuses, types, callsOf } = living();
    world.ask({ web: { image: 'sim-well:1' } });
    void controller.start();
    await world.clock.advance(25_000);
    const before = [statuses.length, types().length];
    await world.clock.advance(100_000);
    const lists = callsOf('list').map((atMs) => Math.round(atMs / 1_000));
    // The second is for the network that was made.
    expect(lists).toEqual([0, 0, 30, 60, 90, 120]);
    expect([statuses.length, types().length]).toEqual(before);
  });
});

describe('8.1 while the engine is away', () => {
  test('8.1 nothing may count as known; once it is back all must be as it was', async () => {
    const { world, controller, statuses, events, phases } = living();
    world.ask({ web: { image: 'sim-well:1' } });
    void controller.start();
    await world.clock.advance(20_000);
    expect(statuses.at(-1)).toBe('web Healthy');
    const before = events.length;
    world.faults.down();
    await world.clock.advance(100);
    expect(statuses.at(-1)).toBe('web Unknown');
    expect(controller.services().map(({ health }) => health)).toEqual(['Unknown']);
    expect(controller.orchestrator()).toMatchObject({ phase: 'engine_lost', in_sync: false });
    expect(controller.isAtFixedPoint()).toBe(false);
    world.faults.up();
    await world.clock.advance(5_000);
    expect(statuses.at(-1)).toBe('web Healthy');
    expect(events.slice(before).map(({ event_type, event_data }) => [event_type, event_data])).toEqual([
      ['engine_lost', expect.objectContaining({ message: expect.stringMatching(/stream ended/) })],
      ['engine_restored', expect.objectContaining({ message: 'the engine answers again' })],
    ]);
    expect(phases).toEqual(['converging', 'idle', 'engine_lost', 'converging', 'idle']);
  });
});

describe('ending', () => {
  test('a stop must be told, leave no timer, and be the end however often it is asked for', async () => {
    const { world, controller, events, types, phases } = living();
    void controller.start();
    await world.clock.advance(20_000);
    const stopped = noting(controller.stop(), world.clock);
    void controller.stop();
    await world.clock.advance(0);
    expect(stopped.atMs).toBe(20_000);
    expect(types().filter((type) => type === 'orchestrator_stopped')).toHaveLength(1);
    expect(events.at(-1)?.event_data).toMatchObject({ message: 'the containers run on', cause: 'stop' });
    expect(await world.clock.step()).toBe(false);
    expect(phases.at(-1)).toBe('stopping');
  });

  test('a stop while it starts must end both, and begin nothing', async () => {
    const { world, controller, callsOf } = living({ mode: 'once' });
    world.faults.down();
    const started = noting(controller.start(), world.clock);
    const stopped = noting(controller.stop(), world.clock);
    await world.clock.advance(10);
    expect([stopped.atMs, started.atMs]).toEqual([0, 0]);
    expect([callsOf('connect').length, await world.clock.step()]).toEqual([1, false]);
  });

  test('a stop while everything is listed again must be the last of it', async () => {
    const { world, controller, calls } = living();
    void controller.start();
    await world.clock.advance(25_000);
    world.faults.breakCalls((call) => (call === 'list' ? 'hang' : null));
    await world.clock.advance(10_000);
    void controller.stop();
    await world.clock.advance(0);
    const before = calls.length;
    await world.clock.advance(300_000);
    expect([calls.length, await world.clock.step()]).toEqual([before, false]);
  });

  test('a stop must wait for the steps under way, and those that have not begun must not begin', async () => {
    const { world, controller, callsOf } = living({ limits: { ...LIMITS, concurrency: 1 } });
    world.ask({ a: { image: 'sim-well:1' }, b: { image: 'sim-well:1' }, c: { image: 'sim-well:1' } });
    void controller.start();
    while (callsOf('createContainer').length === 0) await world.clock.step();
    const stopped = noting(controller.stop(), world.clock);
    await world.clock.advance(0);
    expect(stopped.atMs).toBeNull();
    await world.clock.advance(1_000);
    expect(stopped.atMs).not.toBeNull();
    expect(world.engine.truth.containers.size).toBe(1);
  });

  test('a stop must wait for the last of the steps under way', async () => {
    const { world, controller, callsOf } = living();
    world.ask({ a: { image: 'sim-slow:1' }, b: { image: 'sim-well:1' } });
    void controller.start();
    await world.runUntil(
      'all run',
      () => controller.isAtFixedPoint() && controller.services().every(isSettled),
    );
    world.ask({ a: { image: 'sim-slow:1', replicas: 0 }, b: { image: 'sim-well:1', replicas: 0 } });
    while (callsOf('stopContainer').length < 2) await world.clock.step();
    const stopped = noting(controller.stop(), world.clock);
    await world.clock.advance(1_000);
    expect(stopped.atMs).toBeNull();
    await world.clock.advance(1_000);
    expect(stopped.atMs).not.toBeNull();
  });

  test('8.1 a stop must not wait for steps on an engine that is gone, or that goes meanwhile', async () => {
    for (const isGone of [true, false]) {
      const { world, controller, callsOf } = living();
      world.ask({ web: { image: 'sim-well:1' } });
      world.faults.breakCalls((call) => (call === 'createContainer' ? 'hang' : null));
      void controller.start();
      await world.runUntil('it is made', () => callsOf('createContainer').length > 0);
      if (isGone) world.faults.down();
      const stopped = noting(controller.stop(), world.clock);
      await world.clock.advance(1_000);
      expect(stopped.atMs !== null).toBe(isGone);
      world.faults.down();
      await world.clock.advance(10);
      expect(stopped.atMs).not.toBeNull();
      expect(controller.orchestrator().phase).toBe('stopping');
    }
  });

  test('a stop must not wait for a pull, which leaves nothing half done', async () => {
    const { world, controller, callsOf } = living();
    world.engine.truth.images.clear();
    world.ask({ web: { image: 'sim-well:1' } });
    world.faults.breakCalls((call) => (call === 'pullImage' ? 'hang' : null));
    void controller.start();
    await world.runUntil('it is pulled', () => callsOf('pullImage').length > 0);
    const stopped = noting(controller.stop(), world.clock);
    await world.clock.advance(10);
    expect(stopped.atMs).not.toBeNull();
  });

  test('8.14 a stop must not wait for the look after a step', async () => {
    const { world, controller, callsOf } = living();
    world.ask({ web: { image: 'sim-well:1' } });
    world.faults.breakCalls((call) => (call === 'inspectContainer' ? 'hang' : null));
    void controller.start();
    await world.runUntil('it is looked at', () => callsOf('inspectContainer').length > 0);
    const stopped = noting(controller.stop(), world.clock);
    await world.clock.advance(10);
    expect(stopped.atMs).not.toBeNull();
  });

  test('8.14 nor for one of a step that ends later', async () => {
    const { world, controller, callsOf } = living();
    world.ask({ web: { image: 'sim-slow:1' } });
    void controller.start();
    await world.runUntil('it runs', () => controller.services().some(isSettled));
    world.ask({ web: { image: 'sim-slow:2' } });
    await world.runUntil('it stops', () => callsOf('stopContainer').length > 0);
    world.faults.breakCalls((call) => (call === 'inspectContainer' ? 'hang' : null));
    const stopped = noting(controller.stop(), world.clock);
    await world.clock.advance(100);
    expect(stopped.atMs).toBeNull();
    await world.clock.advance(2_000);
    expect(stopped.atMs).not.toBeNull();
  });
});
