import { describe, expect, test } from 'vitest';
import { EngineError } from '../../src/controller/ports.js';
import type { FailureCode } from '../../src/model/failure.js';
import { serviceName } from '../../src/model/ids.js';
import { containerOf, EXEC, endpointOf, HTTP, MQTT, probeOf, TCP } from '../support/probes.js';
import { WALL_START_MS } from '../support/simulation/virtual-clock.js';
import { createProbingWorld } from './support/probing.js';

const STARTED = WALL_START_MS;
const web = containerOf('web', 'a', { startedAt: STARTED });
const http = probeOf(HTTP);
const failure = { kind: 'failure', message: 'answered 503' } as const;
const TRY = 'http 172.18.0.2:9000/health';

describe('when probes are made', () => {
  test('6.6 the first must be made at once, then one each period', async () => {
    const world = createProbingWorld();
    world.declare('web', [http]);
    world.see(web);
    await world.clock.advance(25_000);
    expect(world.attempts).toEqual([`0 ${TRY}`, `10000 ${TRY}`, `20000 ${TRY}`]);
    expect(world.probed(web)?.status).toBe('healthy');
    expect(world.reports).toEqual(['0 healthy']);
  });

  test('6.6 nothing must be probed that does not run, is not declared, or has no probes', async () => {
    const world = createProbingWorld();
    world.declare('web', [http]);
    world.declare('db', []);
    for (const status of ['created', 'exited', 'paused', 'restarting', 'dead'] as const)
      world.see({ ...web, status });
    world.see({ ...web, startedAt: null });
    world.see(containerOf('db', 'b'), containerOf('orphan', 'c'));
    await world.clock.advance(60_000);
    expect(world.attempts).toEqual([]);
    expect(world.reports).toEqual([]);
  });

  test('6.6 in maintenance nothing must be probed, and what was known must be forgotten', async () => {
    const world = createProbingWorld();
    world.declare('web', [http]);
    world.see(web);
    await world.clock.advance(1_000);
    world.declare('web', [http], { maintenance: true });
    expect(world.probed(web)).toBeNull();
    await world.clock.advance(60_000);
    expect(world.attempts).toHaveLength(1);
    world.declare('web', [http], { maintenance: false });
    await world.clock.advance(1_000);
    expect(world.probed(web)?.status).toBe('healthy');
  });

  test('6.6 a probe that gives no answer must be a failure in time, and must not keep others waiting', async () => {
    const world = createProbingWorld({ concurrency: 1 });
    world.answer(null);
    world.declare('web', [http, probeOf(TCP)]);
    world.see(web);
    await world.clock.advance(1_500);
    expect(world.attempts).toEqual([`0 ${TRY}`, '1000 tcp 172.18.0.2:5432']);
    expect(world.probed(web)?.message).toBe('http :9000/health gave no answer within 1 s');
    await world.clock.advance(30_000);
    expect(world.probed(web)).toMatchObject({
      ...{ status: 'unhealthy', message: 'http :9000/health gave no answer within 1 s, 3 times in a row' },
    });
  });

  test('no more probes than allowed must be under way at once', async () => {
    const world = createProbingWorld({ concurrency: 2 });
    world.answer(null);
    world.declare('web', [probeOf(HTTP), probeOf(TCP), probeOf(HTTP), probeOf(TCP)]);
    world.see(web);
    await world.clock.advance(999);
    expect(world.attempts).toHaveLength(2);
    await world.clock.advance(1_000);
    expect(world.attempts).toHaveLength(4);
  });

  test('a prober that is stopped must make no attempt and say nothing any more', async () => {
    const world = createProbingWorld();
    world.declare('web', [http, probeOf(MQTT)]);
    world.see(web);
    await world.clock.advance(1_000);
    world.prober.stop();
    world.prober.follow(null);
    world.answer(failure);
    expect(world.topics()).toEqual([]);
    await world.clock.advance(600_000);
    expect(world.attempts).toHaveLength(1);
    expect(await world.clock.step()).toBe(false);
  });
});

describe('what is known of a run', () => {
  test('6.6 a verdict must be told once, when it changes, whatever is looked at meanwhile', async () => {
    const world = createProbingWorld();
    world.declare('web', [http]);
    world.see(web);
    await world.clock.advance(15_000);
    world.answer(failure);
    await world.clock.advance(60_000);
    world.see({ ...web, health: { ...web.health, lastOutput: 'x' } });
    world.answer({ kind: 'success' });
    await world.clock.advance(60_000);
    expect(world.reports).toEqual(['0 healthy', '40000 unhealthy', '80000 healthy']);
  });

  test('6.6 a new run must begin anew, and nothing of the one before may be said of it', async () => {
    const world = createProbingWorld();
    world.answer(failure);
    world.declare('web', [http]);
    world.see(web);
    await world.clock.advance(25_000);
    expect(world.probed(web)?.status).toBe('unhealthy');
    world.see({ ...web, startedAt: STARTED + 24_000 });
    expect(world.probed(web)).toBeNull();
    await world.clock.advance(15_000);
    expect(world.probed(web)?.status).toBe('starting');
    expect(world.attempts.slice(3)).toEqual([`25000 ${TRY}`, `35000 ${TRY}`]);
  });

  test('6.6 a run that has ended, a container that is gone, a service that is not declared must end it', async () => {
    const world = createProbingWorld();
    world.declare('web', [http]);
    for (const end of [
      () => world.see({ ...web, status: 'exited' }),
      () => world.see({ ...web, status: 'paused' }),
      () => world.declare('web', null),
      () => world.empty(),
    ]) {
      world.declare('web', [http]);
      world.see(web);
      await world.clock.advance(100);
      const before = world.attempts.length;
      end();
      await world.clock.advance(60_000);
      expect(world.attempts.length).toBe(before);
      expect(world.probed(web)).toBeNull();
    }
  });

  test('6.6 another definition of the probes must begin anew', async () => {
    const world = createProbingWorld();
    world.declare('web', [http]);
    world.see(web);
    await world.clock.advance(1_000);
    world.answer(failure);
    world.declare('web', [http]);
    expect(world.probed(web)?.status).toBe('healthy');
    world.declare('web', [probeOf(HTTP, { retries: 1 })]);
    expect(world.probed(web)).toBeNull();
    await world.clock.advance(100);
    expect(world.probed(web)?.status).toBe('unhealthy');
  });

  test('6.6 an attempt that was under way when its run ended must not be counted for the next', async () => {
    const world = createProbingWorld();
    world.answer(null);
    world.declare('web', [probeOf(HTTP, { retries: 1 })]);
    world.see(web);
    await world.clock.advance(500);
    world.answer({ kind: 'success' });
    world.see({ ...web, startedAt: STARTED + 400 });
    await world.clock.advance(5_000);
    expect(world.reports).toEqual(['500 healthy']);
  });

  test('6.5 every replica must be probed by itself, at its own address', async () => {
    const world = createProbingWorld();
    const other = containerOf('web', 'b', {
      ...{ startedAt: STARTED, endpoints: [endpointOf('bus', '172.18.0.7')] },
    });
    world.declare('web', [http]);
    world.see(web, other);
    await world.clock.advance(100);
    expect(world.attempts).toEqual([`0 ${TRY}`, '0 http 172.18.0.7:9000/health']);
    world.see({ ...other, endpoints: [endpointOf('bus', '172.18.0.9')] });
    await world.clock.advance(10_000);
    expect(world.attempts.at(-1)).toBe('10000 http 172.18.0.9:9000/health');
  });

  test('6.6 with the network of another container the probe must go to that one', async () => {
    const world = createProbingWorld();
    const vpn = containerOf('vpn', 'c', { endpoints: [endpointOf('bus', '172.18.0.5')] });
    world.declare('web', [http]);
    world.see(vpn, { ...web, networkMode: `container:${vpn.id}`, endpoints: [] });
    await world.clock.advance(100);
    expect(world.attempts).toEqual(['0 http 172.18.0.5:9000/health']);
  });

  test('6.6 without an address no attempt must be made, and it must be told why', async () => {
    const world = createProbingWorld();
    world.declare('web', [http]);
    world.see({ ...web, endpoints: [] });
    await world.clock.advance(100);
    expect(world.attempts).toEqual([]);
    expect(world.probed(web)?.unreachable).toContain('no address');
  });
});

describe('programs in containers', () => {
  const exec = probeOf(EXEC);

  test('6.6 exit code 0 must hold, any other must not', async () => {
    const world = createProbingWorld();
    world.declare('web', [probeOf(EXEC, { retries: 1 })]);
    world.see(web);
    await world.clock.advance(100);
    expect(world.probed(web)?.status).toBe('healthy');
    world.exec(async () => 7);
    await world.clock.advance(10_000);
    expect(world.probed(web)?.message).toContain('ended with exit code 7');
  });

  test('6.6 one that hangs must fail each period, and never run twice at once', async () => {
    const world = createProbingWorld();
    world.exec(null);
    world.declare('web', [exec]);
    world.see(web);
    await world.clock.advance(45_000);
    expect(world.attempts).toEqual(['0 exec aa /bin/ready']);
    expect(world.probed(web)).toMatchObject({
      ...{ status: 'unhealthy', message: 'exec /bin/ready gave no answer within 1 s, 3 times in a row' },
    });
    world.exec(async () => 0);
    world.finish(0);
    await world.clock.advance(10_000);
    expect(world.attempts).toEqual(['0 exec aa /bin/ready', '50000 exec aa /bin/ready']);
    expect(world.probed(web)?.status).toBe('healthy');
  });

  test('6.6 one that hangs must not be started beside itself when its loop begins anew', async () => {
    const world = createProbingWorld();
    world.exec(null);
    world.declare('web', [exec]);
    world.see(web);
    await world.clock.advance(5_000);
    world.declare('web', [exec], { maintenance: true });
    world.declare('web', [exec]);
    await world.clock.advance(35_000);
    expect(world.attempts).toHaveLength(1);
    expect(world.probed(web)?.status).toBe('unhealthy');
    world.see({ ...web, startedAt: STARTED + 39_000 });
    await world.clock.advance(100);
    expect(world.attempts).toHaveLength(2);
  });

  test.each([
    ['unreachable', null],
    ['engine', 'exec /bin/ready cannot be run: no'],
    ['noSuchContainer', 'exec /bin/ready cannot be run: no'],
  ] as const)('6.6 an engine that fails (%s) must say nothing of the service', async (code, unreachable) => {
    const world = createProbingWorld();
    world.exec(() => Promise.reject(engineError(code)));
    world.declare('web', [exec]);
    world.see(web);
    await world.clock.advance(60_000);
    expect(world.attempts).toHaveLength(7);
    expect(world.probed(web)?.unreachable ?? null).toBe(unreachable);
    expect(world.probed(web)?.status).not.toBe('unhealthy');
  });

  const engineError = (code: FailureCode): EngineError =>
    new EngineError({ code, message: 'no', status: null });
});

describe('words on the bus', () => {
  const mqtt = probeOf(MQTT);
  const start = () => {
    const world = createProbingWorld();
    world.connect();
    world.declare('web', [mqtt]);
    world.see(web);
    return world;
  };

  test('6.6 the first word must count at once, not at the next period only', async () => {
    const world = start();
    await world.clock.advance(300);
    expect(world.probed(web)).toBeNull();
    world.say(MQTT.topic, 'healthy');
    await world.clock.advance(1);
    expect(world.probed(web)?.status).toBe('healthy');
    expect(world.reports).toEqual(['300 healthy']);
  });

  test('6.6 words that keep coming must not count more often than once a period', async () => {
    const world = start();
    world.say(MQTT.topic, 'online');
    for (let count = 0; count < 9; count += 1) {
      await world.clock.advance(1_000);
      world.say(MQTT.topic, 'offline');
    }
    expect(world.probed(web)?.status).toBe('healthy');
    world.say(MQTT.topic, 'offline');
    await world.clock.advance(22_000);
    expect(world.probed(web)).toMatchObject({ status: 'unhealthy' });
    expect(world.probed(web)?.message).toContain('said "offline"');
  });

  test('6.6 silence must be a failure once a word would be too old', async () => {
    const world = start();
    world.say(MQTT.topic, 'healthy');
    await world.clock.advance(55_000);
    expect(world.probed(web)?.status).toBe('healthy');
    await world.clock.advance(10_000);
    expect(world.probed(web)?.message).toContain('gave no word for more than 30 s');
  });

  test('6.6 a question must be sent each period, once for all who ask the same', async () => {
    const world = start();
    world.declare('db', [probeOf({ ...MQTT, topic: 'alicia/system/health/db' })]);
    world.see(containerOf('db', 'b', { startedAt: STARTED }));
    await world.clock.advance(35_000);
    const times = world.asked.map((line) => Number(line.split(' ')[0]));
    expect(times).toEqual([0, 10_000, 20_000, 30_000]);
    expect(world.asked[0]).toBe('0 alicia/system/health/check');
  });

  test('6.6 while the broker is away nothing must be known nor asked, and nothing failed', async () => {
    const world = createProbingWorld();
    world.declare('web', [mqtt]);
    world.see(web);
    await world.clock.advance(300_000);
    expect(world.asked).toEqual([]);
    expect(world.probed(web)).toMatchObject({ status: 'starting' });
    expect(world.probed(web)?.unreachable).toContain('no connection to a broker');
    world.connect();
    await world.clock.advance(1);
    expect(world.asked).toHaveLength(1);
    world.say(MQTT.topic, '{"status":"healthy"}');
    await world.clock.advance(1);
    expect(world.probed(web)?.status).toBe('healthy');
  });

  test('6.6 a broker that is away for a moment must change nothing, one that stays away what is known', async () => {
    const world = start();
    world.say(MQTT.topic, 'healthy');
    await world.clock.advance(5_000);
    world.disconnect();
    await world.clock.advance(15_000);
    world.connect();
    await world.clock.advance(25_000);
    expect(world.probed(web)?.status).toBe('healthy');
    world.disconnect();
    await world.clock.advance(35_000);
    expect(world.probed(web)?.unreachable).toContain('the broker is away');
    expect(world.probed(web)?.status).toBe('starting');
  });

  test('6.6 a topic must be listened to only as long as its run lasts', async () => {
    const world = start();
    expect(world.topics()).toEqual([MQTT.topic]);
    world.say(MQTT.topic, 'healthy');
    await world.clock.advance(1);
    world.see({ ...web, status: 'exited' });
    expect(world.topics()).toEqual([]);
    world.see({ ...web, startedAt: STARTED + 5_000 });
    await world.clock.advance(1);
    expect(world.probed(web)).toBeNull();
    expect(world.topics()).toEqual([MQTT.topic]);
  });
});

describe('discovery', () => {
  const discovery = { events: 'e', register: 'r', unregister: 'u' };
  const second = containerOf('web', 'b', { startedAt: STARTED });
  const start = async () => {
    const world = createProbingWorld({ discovery });
    world.declare('web', [http]);
    world.declare('plain', []);
    world.see(web, second);
    await world.clock.advance(100);
    const tell = (event_type: string, data: Record<string, unknown>): void =>
      world.say('e', JSON.stringify({ event_type, service_data: { service_name: 'web', ...data } }));
    return { world, tell };
  };
  const ill = { status: 'unhealthy', message: 'discovery says "unhealthy"', unreachable: null };

  test('6.7 an ill word must count until the next contrary one, whatever the probes say', async () => {
    const { world, tell } = await start();
    tell('service_health_changed', { status: 'unhealthy' });
    expect([world.probed(web), world.probed(second)]).toEqual([ill, ill]);
    await world.clock.advance(60_000);
    expect(world.probed(web)).toEqual(ill);
    tell('service_health_changed', { status: 'healthy' });
    expect(world.probed(web)?.status).toBe('healthy');
    tell('service_unregistered', {});
    expect(world.probed(web)?.status).toBe('unhealthy');
    tell('service_registered', {});
    expect(world.probed(web)?.status).toBe('healthy');
  });

  test.each(['b'.repeat(12), second.id, second.name])(
    '6.7 a word of one instance (%s) must be about no other',
    async (instance_id) => {
      const { world, tell } = await start();
      tell('service_health_changed', { status: 'unhealthy', instance_id });
      expect(world.probed(web)?.status).toBe('healthy');
      expect(world.probed(second)).toEqual(ill);
    },
  );

  test('6.7 a word of an instance that is not known must be about nobody', async () => {
    const { world, tell } = await start();
    tell('service_unregistered', { instance_id: 'alicia-web-1-00000000' });
    tell('service_unregistered', { instance_id: 'b' });
    tell('service_unregistered', { service_name: 'other' });
    expect(world.reports).toEqual(['0 healthy', '0 healthy']);
  });

  test('6.7 what is said while we stop an instance must not be heard', async () => {
    const { world, tell } = await start();
    world.leaving.add(second.id);
    tell('service_unregistered', { instance_id: second.id });
    tell('service_unregistered', {});
    expect(world.probed(second)?.status).toBe('healthy');
    expect(world.probed(web)?.status).toBe('healthy');
    tell('service_unregistered', { instance_id: web.id });
    expect(world.probed(web)?.status).toBe('unhealthy');
  });

  test('6.7 a word of before the start must say nothing of the run', async () => {
    const { world, tell } = await start();
    tell('service_health_changed', { status: 'unhealthy' });
    world.see({ ...web, startedAt: STARTED + 5_000 });
    await world.clock.advance(10_000);
    expect(world.probed(web)?.status).toBe('healthy');
    expect(world.probed(second)).toEqual(ill);
  });

  test('6.7 a word that comes before the start was seen must count', async () => {
    const { world, tell } = await start();
    await world.clock.advance(9_000);
    tell('service_health_changed', { status: 'unhealthy' });
    world.see({ ...web, startedAt: STARTED + 9_000 });
    expect(world.probed(web)).toEqual(ill);
  });

  test("6.7 services without probes must be heard of too, and the bus's own topics", async () => {
    const { world } = await start();
    const plain = containerOf('plain', 'c', { startedAt: STARTED });
    world.see(plain);
    expect(world.probed(plain)).toBeNull();
    world.say('u', JSON.stringify({ payload: { service_name: 'plain' } }));
    expect(world.probed(plain)?.status).toBe('unhealthy');
    world.say('r', JSON.stringify({ payload: { service_name: 'plain' } }));
    expect(world.probed(plain)).toBeNull();
  });

  test('6.7 in maintenance nothing must be said, and without discovery nothing be listened to', async () => {
    const { world, tell } = await start();
    world.declare('web', [http], { maintenance: true });
    tell('service_unregistered', {});
    expect(world.probed(web)).toBeNull();
    expect(world.topics()).toEqual(['e', 'r', 'u']);
    world.prober.stop();
    expect(world.topics()).toEqual([]);
    const without = createProbingWorld();
    without.declare(serviceName('web'), [http]);
    expect(without.topics()).toEqual([]);
  });
});
