// Owns: when is asked on the bus, and which words of a topic count.
import { describe, expect, test } from 'vitest';
import { createAsking } from '../../src/controller/prober-hearing.js';
import { containerOf, MQTT, probeOf } from '../support/probes.js';
import { createVirtualClock, WALL_START_MS } from '../support/simulation/virtual-clock.js';
import { createProbingWorld } from './support/probing.js';

const web = containerOf('web', 'a', { startedAt: WALL_START_MS });
const db = containerOf('db', 'b', { startedAt: WALL_START_MS });
const TOPIC_OF_DB = 'alicia/system/health/db';

/** `web` is probed from the beginning, `db` from `laterMs` on; both ask on one topic. */
async function staggered(laterMs: number, { periodMs = 10_000, said = '' } = {}) {
  const world = createProbingWorld();
  world.connect();
  world.declare('web', [probeOf(MQTT, { periodMs })]);
  world.declare('db', [probeOf({ ...MQTT, topic: TOPIC_OF_DB }, { periodMs })]);
  world.see(web);
  await world.clock.advance(1);
  if (said !== '') world.say(MQTT.topic, said);
  await world.clock.advance(laterMs - 1);
  world.see(db);
  if (said !== '') world.say(TOPIC_OF_DB, said);
  return world;
}

const timesOf = (asked: readonly string[]): readonly number[] =>
  asked.map((line) => Number(line.split(' ')[0]));

describe('6.6 questions', () => {
  test('6.6 nothing must be asked where no topic for it is declared', async () => {
    const world = createProbingWorld();
    world.connect();
    world.declare('web', [probeOf({ ...MQTT, request: null })]);
    world.see(web);
    await world.clock.advance(60_000);
    expect(world.asked).toEqual([]);
  });

  test('6.6 they must be sent each period also while words keep coming', async () => {
    const world = await staggered(100, { said: 'healthy' });
    await world.clock.advance(35_000);
    expect(timesOf(world.asked).filter((ms) => ms > 5_000)).toEqual([10_001, 20_001, 30_001]);
  });

  test.each<readonly [string, number, Parameters<typeof staggered>[1], readonly number[]]>([
    ['at once, when a second has passed', 1_000, {}, [0, 1_000]],
    ['not again within a second', 999, {}, [0]],
    ['after half a period, when that is shorter', 600, { periodMs: 1_000 }, [0, 600]],
  ])('6.6 whoever has heard nothing yet must be answered soon: %s', async (_, laterMs, options, times) => {
    const world = await staggered(laterMs, options);
    await world.clock.advance(100);
    expect(timesOf(world.asked)).toEqual(times);
  });

  test('6.6 whoever has heard a word must make do with an answer that is half a period old', async () => {
    const world = await staggered(3_000, { said: 'healthy' });
    await world.clock.advance(18_000);
    // The first attempt of `db` was made before it had heard anything.
    expect(timesOf(world.asked)).toEqual([0, 3_000, 10_001, 20_001]);
  });

  test('only so many topics must be remembered as may be', () => {
    const clock = createVirtualClock();
    const sent: string[] = [];
    const words = { subscribe: () => () => {}, publishEmpty: (topic: string) => void sent.push(topic) };
    const asking = createAsking(words, clock);
    const ask = (topic: string): boolean => {
      const before = sent.length;
      asking.ask(topic, 1_000);
      return sent.length > before;
    };
    for (let index = 0; index < 1_000; index += 1) expect(ask(`t${index}`)).toBe(true);
    expect([ask('t0'), ask('t999')]).toEqual([false, false]);
    expect([ask('one too many'), ask('t0')]).toEqual([true, true]);
    expect([ask('one too many'), ask('t0')]).toEqual([false, false]);
  });
});

describe('6.6 words', () => {
  const heard = async () => {
    const world = createProbingWorld();
    world.connect();
    world.declare('web', [probeOf(MQTT, { retries: 1 })]);
    world.see(web);
    await world.clock.advance(300);
    return world;
  };

  test.each(['', '  ', '{"voltage": 3}', '{'])(
    '6.6 a message that says nothing about health (%j) must not count, nor take back what was said',
    async (text) => {
      const world = await heard();
      world.say(MQTT.topic, text);
      await world.clock.advance(15_000);
      expect(world.reports).toEqual([]);
      world.say(MQTT.topic, 'healthy');
      world.say(MQTT.topic, text);
      await world.clock.advance(25_000);
      expect(world.reports).toEqual(['15300 healthy']);
    },
  );

  test('6.6 of several words at once the first must count at once, and the last at the next period', async () => {
    const world = await heard();
    for (const text of ['healthy', 'healthy', 'offline']) world.say(MQTT.topic, text);
    await world.clock.advance(15_000);
    expect(world.reports).toEqual(['300 healthy', '10300 unhealthy']);
  });
});
