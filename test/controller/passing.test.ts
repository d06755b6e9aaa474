// Owns: what a pass tells, plans and remembers, and what becomes of a bug in it.
import { describe, expect, test } from 'vitest';
import { leavingOf } from '../../src/controller/parts.js';
import { containerId } from '../../src/model/ids.js';
import { keys, type Step } from '../../src/model/step.js';
import { living } from './support/living.js';

describe('progress', () => {
  test('each step must be told as it begins, goes on and ends, with what the engine says of it', async () => {
    const { world, controller, progress } = living();
    world.ask({ web: { image: 'sim-well:1' } });
    for (const image of world.engine.truth.images.values()) image.isHere = false;
    let failures = 0;
    world.faults.breakCalls((call) => {
      if (call !== 'createContainer' || failures > 1) return null;
      failures += 1;
      return failures === 1 ? 'engine' : 'unknownOutcome';
    });
    const stopListening = controller.onProgress(() => undefined);
    stopListening();
    void controller.start();
    await world.clock.advance(60_000);
    const told = progress.map(({ step, phase, detail }) => `${step.verb} ${step.object} ${phase} ${detail}`);
    const pull = told.filter((line) => line.startsWith('pull image sim-well:1'));
    expect(pull[0]).toBe('pull image sim-well:1 started ');
    expect(pull.filter((line) => line.includes(' progress ')).length).toBeGreaterThan(0);
    expect(pull.at(-1)).toBe('pull image sim-well:1 done ');
    const create = progress.filter(
      ({ step }) => step.object.startsWith('container') && step.verb === 'create',
    );
    expect(create.map(({ phase, detail }) => `${phase} ${detail.length > 0 ? 'why' : ''}`)).toEqual([
      ...['started ', 'failed why', 'started ', 'failed why', 'started ', 'done '],
    ]);
    expect(controller.report().recent.map(({ number }) => number)).toEqual(progress.map((_, at) => at + 1));
  });
});

describe('rest', () => {
  test('a controller must not count as idle while a service is on its way, though nothing is left to do', async () => {
    const { world, controller, phases, types } = living();
    world.ask({ slow: { image: 'sim-slow:1' }, web: { image: 'sim-well:1' } });
    void controller.start();
    await world.clock.advance(2_500);
    expect([phases, types().includes('reconcile_completed')]).toEqual([['converging'], false]);
    await world.clock.advance(10_000);
    expect(phases).toEqual(['converging', 'idle']);
    expect(types().filter((type) => type === 'reconcile_completed')).toHaveLength(1);
  });

  test('7.6 it must not count as at rest while a deletion waits for a second look, whatever happens meanwhile', async () => {
    const { world, controller } = living();
    const [web, slow] = [{ image: 'sim-well:1' }, { image: 'sim-slow:1' }] as const;
    world.ask({ web, slow, gone: web });
    void controller.start();
    await world.clock.advance(2_400);
    world.ask({ web, slow });
    await world.clock.advance(500);
    expect(controller.isAtFixedPoint()).toBe(false);
    const before = controller.decidedServices();
    await world.clock.advance(300);
    expect(controller.decidedServices()).toBeGreaterThan(before);
    expect(controller.isAtFixedPoint()).toBe(false);
    await world.clock.advance(20_000);
    expect([controller.services().length, controller.isAtFixedPoint()]).toEqual([2, true]);
  });

  test('7.6 one look at the manifests more must be all that a deletion costs', async () => {
    const { world, controller } = living({ mode: 'once' });
    let scans = 0;
    const { scan } = world.files;
    world.files.scan = () => {
      scans += 1;
      return scan();
    };
    world.ask({ web: { image: 'sim-well:1' } });
    void controller.start();
    await world.clock.advance(60_000);
    expect(scans).toBe(1);
  });
});

test('8.10 a network that could not be made must be tried again in its time, whatever else is decided meanwhile', async () => {
  const { world, controller, callsOf } = living();
  world.ask({ web: { image: 'sim-well:1' } });
  void controller.start();
  await world.runUntil('it runs', () => controller.isAtFixedPoint());
  const [container] = world.engine.truth.containers.values();
  if (container === undefined) throw new Error('nothing runs');
  world.ask({ web: { image: 'sim-well:1' }, other: { image: 'sim-well:1', networks: { back: 'a' } } });
  world.faults.breakCalls((call) => (call === 'createNetwork' ? 'engine' : null));
  await world.clock.advance(1_000);
  const tries = (): number => callsOf('createNetwork').length;
  expect(tries()).toBe(2);
  world.engine.outsider.kill(container.id);
  await world.clock.advance(15_000);
  expect(tries()).toBe(3);
});

test('8.5 a volume that could not be made must be tried again in its time, though nobody mounts it', async () => {
  const { world, controller, callsOf } = living();
  world.ask({ web: { image: 'sim-well:1' } });
  const volume = { apiVersion: 'alicia/v1', kind: 'Volume', metadata: { name: 'data' }, spec: {} };
  world.files.write('volume.yaml', JSON.stringify(volume));
  world.faults.breakCalls((call) => (call === 'createVolume' ? 'engine' : null));
  void controller.start();
  await world.clock.advance(5_000);
  expect(callsOf('createVolume')).toHaveLength(1);
  const [container] = world.engine.truth.containers.values();
  if (container === undefined) throw new Error('nothing runs');
  world.engine.outsider.kill(container.id);
  await world.clock.advance(9_000);
  expect(callsOf('createVolume')).toHaveLength(2);
});

describe('bugs', () => {
  /** A controller whose decisions fail as long as it is told to. */
  function buggy() {
    const bug = { isThere: true };
    const stage = living({
      async prepare(desired) {
        const { services } = desired;
        Object.defineProperty(desired, 'services', {
          get() {
            if (bug.isThere && new Error().stack?.includes('decideOrSurvive') === true)
              throw new TypeError('a bug');
            return services;
          },
        });
      },
    });
    stage.world.ask({ web: { image: 'sim-well:1' } });
    return { ...stage, bug };
  }

  test('a bug must end the pass, be logged with its place, and be tried again after a second', async () => {
    const { world, controller, log, bug, types } = buggy();
    void controller.start();
    await world.clock.advance(500);
    const errors = log.lines.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.facts).toEqual({ error: expect.stringMatching(/TypeError: a bug\n +at/) });
    expect([controller.isReady(), world.engine.writes]).toEqual([false, []]);
    bug.isThere = false;
    await world.clock.advance(20_000);
    expect(types()).toContain('reconcile_completed');
  });

  test('a bug that comes three times in a row must end the process', async () => {
    const { world, controller } = buggy();
    void controller.start();
    await world.clock.advance(1_900);
    await expect(world.clock.advance(1_000)).rejects.toThrow('a bug');
  });

  test('bugs that do not come in a row must not', async () => {
    const { world, controller, log, bug } = buggy();
    void controller.start();
    await world.clock.advance(1_500);
    for (const version of [2, 3] as const) {
      bug.isThere = false;
      await world.clock.advance(5_000);
      bug.isThere = true;
      world.ask({ web: { image: `sim-well:${version}` } });
      await world.clock.advance(1_000);
    }
    bug.isThere = false;
    await world.clock.advance(20_000);
    expect(log.lines.filter(({ level }) => level === 'error').length).toBeGreaterThan(3);
  });
});

test('6.7 those that we stop, restart or remove must count as leaving, and no others', () => {
  const kinds = ['stopContainer', 'restartContainer', 'removeContainer', 'startContainer', 'pullImage'];
  const inFlight = new Map(
    kinds.map((kind) => [keys.image(kind), { kind, id: containerId(kind) } as unknown as Step]),
  );
  expect([...leavingOf({ inFlight } as Parameters<typeof leavingOf>[0])]).toEqual(kinds.slice(0, 3));
});

test('host ports must count as published where a replica of a service publishes them, each of a range', async () => {
  const { world, controller } = living();
  world.ask({
    web: { image: 'sim-well:1', ports: ['8080-8082:80-82', '90'] },
    none: { image: 'sim-well:1', ports: ['9000:80'], replicas: 0 },
    plain: { image: 'sim-well:1' },
  });
  void controller.start();
  await world.clock.advance(5_000);
  const published = [90, 8_079, 8_080, 8_081, 8_082, 8_083, 9_000].filter((port) =>
    controller.publishesHostPort(port),
  );
  expect(published).toEqual([8_080, 8_081, 8_082]);
});
