import { afterEach, describe, expect, test } from 'vitest';
import { createEmbeddedBroker } from '../../../src/adapters/mqtt/broker.js';
import { createBus } from '../../../src/adapters/mqtt/bus.js';
import { createInbound } from '../../../src/adapters/mqtt/inbound.js';
import type { Link } from '../../../src/adapters/mqtt/link.js';
import { discoveryTopics, isListenable } from '../../../src/adapters/mqtt/topics.js';
import { createWordsAlone } from '../../../src/adapters/mqtt/words-alone.js';
import { eventually } from '../../support/eventually.js';
import { accepts, freePort, observe } from '../../support/mosquitto.js';
import { createSilentLog } from '../../support/silent-log.js';
import { createWitness } from './listener.js';
import { testLimits } from './setting.js';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const AWAY = 'deaf: there is no connection to a broker';
const TOPIC = 'alicia/system/health/web';

describe('over one connection after the other', () => {
  /** A link that writes down what is asked of it, and grants when it is told to. */
  function fakeLink(): {
    readonly link: Link;
    readonly asked: readonly string[];
    settle(refusal: string | null): void;
  } {
    const asked: string[] = [];
    const settles: ((refusal: string | null) => void)[] = [];
    return {
      asked,
      settle(refusal) {
        for (const settle of settles.splice(0)) settle(refusal);
      },
      link: {
        publish: () => {},
        subscribe(filter, onSettled) {
          asked.push(`subscribe ${filter}`);
          settles.push(onSettled);
        },
        unsubscribe: (filter) => void asked.push(`unsubscribe ${filter}`),
        publishEmpty: (topic) => void asked.push(`ask ${topic}`),
        close: () => {},
      },
    };
  }
  const create = (limits = testLimits) => createInbound({ limits, log: createSilentLog() });

  test('a topic must be asked for once, however many listen, and left with the last of them', () => {
    const inbound = create();
    const wire = fakeLink();
    inbound.onUp(wire.link);
    const [one, two] = [createWitness(), createWitness()];
    const cancels = [inbound.subscribe(TOPIC, one), inbound.subscribe(TOPIC, two)];
    wire.settle(null);
    inbound.onMessage(TOPIC, 'healthy', false);
    expect([one.told, two.told]).toEqual(Array(2).fill(['heard', 'word: healthy']));
    cancels[0]?.();
    cancels[0]?.();
    inbound.onMessage(TOPIC, 'offline', false);
    expect(one.told).toHaveLength(2);
    expect(two.told).toHaveLength(3);
    cancels[1]?.();
    expect(wire.asked).toEqual([`subscribe ${TOPIC}`, `unsubscribe ${TOPIC}`]);
    const late = createWitness();
    inbound.subscribe(TOPIC, late);
    expect(late.told).toEqual([]);
  });

  test('who comes later to a topic that is heard must be told at once', () => {
    const inbound = create();
    const wire = fakeLink();
    inbound.onUp(wire.link);
    inbound.subscribe(TOPIC, createWitness());
    wire.settle(null);
    const late = createWitness();
    inbound.subscribe(TOPIC, late);
    expect(late.told).toEqual(['heard']);
  });

  test('after a connection is lost every topic must be asked for again, and be deaf until it is granted', () => {
    const inbound = create();
    const witness = createWitness();
    inbound.subscribe(TOPIC, witness);
    const [first, second] = [fakeLink(), fakeLink()];
    inbound.onUp(first.link);
    first.settle(null);
    inbound.onDown();
    inbound.onUp(second.link);
    expect(second.asked).toEqual([`subscribe ${TOPIC}`]);
    expect(witness.told).toEqual([AWAY, 'heard', AWAY]);
    second.settle(null);
    expect(witness.told.at(-1)).toBe('heard');
  });

  test('a grant of a connection that is gone must not count for the next one', () => {
    const inbound = create();
    const witness = createWitness();
    inbound.subscribe(TOPIC, witness);
    const [first, second] = [fakeLink(), fakeLink()];
    inbound.onUp(first.link);
    inbound.onDown();
    inbound.onUp(second.link);
    first.settle(null);
    expect(witness.told).toEqual([AWAY, AWAY]);
  });

  test('a topic that the broker refuses must be told to be deaf, with the reason', () => {
    const inbound = create();
    const wire = fakeLink();
    inbound.onUp(wire.link);
    const witness = createWitness();
    inbound.subscribe(TOPIC, witness);
    wire.settle('not authorized');
    expect(witness.told).toEqual(['deaf: the broker does not let the topic be heard']);
  });

  test('what the broker had kept, what is too long and what nobody listens to must not be told', () => {
    const inbound = create({ ...testLimits, inboundBytes: 10 });
    const witness = createWitness();
    inbound.subscribe(TOPIC, witness);
    inbound.onMessage(TOPIC, 'healthy', true);
    inbound.onMessage(TOPIC, 'x'.repeat(11), false);
    inbound.onMessage(TOPIC, 'é'.repeat(6), false);
    inbound.onMessage('other', 'healthy', false);
    inbound.onMessage(TOPIC, 'x'.repeat(10), false);
    expect(witness.told).toEqual([AWAY, `word: ${'x'.repeat(10)}`]);
  });

  test('more topics than allowed, and what is no topic, must be told to be deaf and never asked for', () => {
    const inbound = create({ ...testLimits, inboundTopics: 2 });
    const wire = fakeLink();
    inbound.onUp(wire.link);
    for (const topic of ['a', 'b']) inbound.subscribe(topic, createWitness());
    const witness = createWitness();
    for (const topic of ['c', 'a/#', '', '$SYS/x']) inbound.subscribe(topic, witness)();
    inbound.publishEmpty('a/+');
    expect(witness.told).toEqual([
      'deaf: more than 2 topics are not listened to',
      ...['"a/#"', '""', '"$SYS/x"'].map((topic) => `deaf: ${topic} is no topic that a broker takes`),
    ]);
    expect(wire.asked).toEqual(['subscribe a', 'subscribe b']);
  });
});

test('a topic that makes a broker cut the connection must not be listenable', () => {
  const bad = [
    '',
    'a/#',
    '+',
    'a\u0000b',
    'a\u0001',
    'a\u007f',
    'a\u009f',
    'a\uffff',
    'a\ufdd0',
    '\ud800',
    '$share/g/a',
  ];
  expect(bad.filter(isListenable)).toEqual([]);
  expect(isListenable('a/'.repeat(200))).toBe(false);
  expect(isListenable('a'.repeat(65_536))).toBe(false);
  for (const good of [TOPIC, 'wörter/🙂', 'a b', '/a//b']) expect(isListenable(good)).toBe(true);
});

test('6.7 the topics of discovery must be those of the contract', () => {
  expect(discoveryTopics('alicia')).toEqual({
    events: 'alicia/discovery/events',
    register: 'alicia/system/discovery/register',
    unregister: 'alicia/system/discovery/unregister',
  });
});

describe('with the embedded broker', () => {
  const brokerLimits = { connections: 10, stopMs: 500, reclaimEveryMs: 50, reclaimTries: 20 };
  const startBroker = async () => {
    const port = await freePort();
    const broker = createEmbeddedBroker({
      host: '127.0.0.1',
      port,
      limits: brokerLimits,
      log: createSilentLog(),
    });
    await broker.start();
    endings.push(() => broker.stop());
    return `mqtt://127.0.0.1:${port}`;
  };
  const speakerAt = async (url: string) => {
    const speaker = await observe(url, 4);
    endings.push(() => speaker.end());
    return speaker;
  };

  test('6.6 words must be heard and questions be sent', async () => {
    const port = await freePort();
    const bus = createBus({
      choice: { kind: 'embedded', listen: { host: '127.0.0.1', port } },
      ...{ servicePort: port, log: createSilentLog(), brokerLimits, mqttLimits: testLimits },
      ...{ prefix: 'alicia', instance: 'box', project: 'alicia' },
    });
    endings.push(() => bus.stop());
    const witness = createWitness();
    bus.words.subscribe(TOPIC, witness);
    bus.start();
    await bus.onDesired(false);
    await eventually(() => witness.told.includes('heard'));
    const speaker = await speakerAt(`mqtt://127.0.0.1:${port}`);
    await speaker.publish(TOPIC, 'healthy');
    await eventually(() => witness.told.includes('word: healthy'));
    bus.words.publishEmpty('alicia/system/health/check');
    await eventually(() => speaker.latest('alicia/system/health/check') === '');
    await bus.onDesired(true);
    await eventually(() => witness.told.at(-1) === AWAY);
  });

  test('6.6 "off" must be told, and nobody be listened to', () => {
    const bus = createBus({
      choice: { kind: 'off' },
      ...{ log: createSilentLog(), brokerLimits, mqttLimits: testLimits },
      ...{ prefix: 'alicia', instance: 'box', project: 'alicia' },
    });
    const witness = createWitness();
    bus.words.subscribe(TOPIC, witness)();
    bus.words.publishEmpty(TOPIC);
    expect(witness.told).toEqual(['deaf: MQTT is off']);
  });

  test('words alone must need a connection only while somebody listens, and say nothing themselves', async () => {
    const url = await startBroker();
    const log = createSilentLog();
    const words = createWordsAlone({
      ...{ url, clientId: 'alicia-box-1', limits: testLimits, log },
      ...{ username: null, password: null, ca: null, cert: null, key: null },
    });
    const speaker = await speakerAt(url);
    expect(log.lines).toEqual([]);
    const witness = createWitness();
    const cancel = words.subscribe(TOPIC, witness);
    await eventually(() => witness.told.includes('heard'));
    await speaker.publish(TOPIC, 'healthy');
    await eventually(() => witness.told.includes('word: healthy'));
    cancel();
    const again = createWitness();
    const cancelAgain = words.subscribe(TOPIC, again);
    await eventually(() => again.told.includes('heard'));
    cancelAgain();
    expect(speaker.seen.map(({ topic }) => topic)).toEqual([TOPIC]);
    expect(await accepts(Number(new URL(url).port))).toBe(true);
  });
});
