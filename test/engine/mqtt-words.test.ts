import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMqttPublisher } from '../../src/adapters/mqtt/publisher.js';
import { createWitness } from '../adapters/mqtt/listener.js';
import { eventOf, optionsFor } from '../adapters/mqtt/setting.js';
import { eventually } from '../support/eventually.js';
import { createForwarder } from '../support/forwarder.js';
import { createMosquitto, type Mosquitto, type Observer, observe } from '../support/mosquitto.js';

const TOPIC = 'alicia/system/health/web';
const AWAY = 'deaf: there is no connection to a broker';

const endings: (() => Promise<unknown>)[] = [];
let broker: Mosquitto;
beforeEach(async () => {
  broker = await createMosquitto();
  await broker.start();
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await broker.remove();
});

function publisherHere(url = broker.url) {
  const options = optionsFor(url);
  const publisher = createMqttPublisher(options);
  endings.push(() => publisher.stop());
  publisher.start();
  return { publisher, log: options.log };
}

async function speakerHere(): Promise<Observer> {
  const speaker = await observe(broker.url);
  endings.push(() => speaker.end());
  return speaker;
}

/** Listens, and waits until nothing is missed any more. */
async function witnessOf(publisher: ReturnType<typeof publisherHere>['publisher'], topic = TOPIC) {
  const witness = createWitness();
  const cancel = publisher.words.subscribe(topic, witness);
  await eventually(() => witness.told.at(-1) === 'heard');
  return { witness, cancel };
}

test('6.6 words must be heard on the connection that events go out on, and questions be sent', async () => {
  const { publisher, log } = publisherHere();
  const { witness } = await witnessOf(publisher);
  const speaker = await speakerHere();
  await speaker.publish(TOPIC, 'healthy');
  await speaker.publish(TOPIC, 'kept', true);
  await eventually(() => witness.told.includes('word: kept'));
  expect(witness.told.slice(-2)).toEqual(['word: healthy', 'word: kept']);
  publisher.words.publishEmpty('alicia/system/health/check');
  await eventually(() => speaker.latest('alicia/system/health/check') === '');
  publisher.publishEvent(eventOf(1));
  await eventually(() => speaker.latest('alicia/services/events'));
  expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  expect(log.lines.filter(({ message }) => message === 'Connected to the broker')).toHaveLength(1);
});

test('6.6 a word that the broker had kept must not be told, for nobody knows how old it is', async () => {
  const speaker = await speakerHere();
  await speaker.publish(TOPIC, 'online', true);
  const { publisher } = publisherHere();
  const { witness } = await witnessOf(publisher);
  await speaker.publish(TOPIC, 'healthy');
  await eventually(() => witness.told.includes('word: healthy'));
  expect(witness.told.some((line) => line.includes('online'))).toBe(false);
});

test('after an outage of the broker every topic must be heard again', async () => {
  const { publisher } = publisherHere();
  const { witness } = await witnessOf(publisher);
  const { cancel } = await witnessOf(publisher, 'left');
  cancel();
  await broker.kill();
  await eventually(() => witness.told.at(-1) === AWAY);
  await broker.start();
  await eventually(() => witness.told.at(-1) === 'heard');
  const speaker = await speakerHere();
  await speaker.publish(TOPIC, 'healthy');
  await eventually(() => witness.told.at(-1) === 'word: healthy');
});

test('after a cut of the wire every topic must be heard again', async () => {
  const wire = await createForwarder(broker.port);
  await wire.open();
  endings.push(() => wire.cut());
  const { publisher } = publisherHere(wire.url);
  const { witness } = await witnessOf(publisher);
  await wire.cut();
  await eventually(() => witness.told.at(-1) === AWAY);
  await wire.open();
  await eventually(() => witness.told.at(-1) === 'heard');
});

test('no topic, however odd, may cost the connection', async () => {
  const { publisher, log } = publisherHere();
  const odd = [
    ...['#', 'a/+', '', '$share/g/a', '$SYS/broker/uptime', 'a/'.repeat(300), 'x'.repeat(70_000)],
    ...['a\u0000', 'a\u0001', 'a\u007f', 'a\u0085', 'a\ufffe', 'a\ufdd0', '\ud800', 'a\u{1fffe}'],
    ...['/', 'a//b', ' ', 'wörter/🙂', 'a/'.repeat(199), 'x'.repeat(60_000)],
  ];
  await eventually(() => publisher.stats().connected);
  for (const topic of odd) {
    publisher.words.subscribe(topic, createWitness());
    publisher.words.publishEmpty(topic);
  }
  const { witness } = await witnessOf(publisher);
  const speaker = await speakerHere();
  await speaker.publish(TOPIC, 'healthy');
  await eventually(() => witness.told.includes('word: healthy'));
  expect(witness.told).not.toContain(AWAY);
  expect(log.lines.filter(({ message }) => message === 'Connected to the broker')).toHaveLength(1);
});

describe('messages that are too long', () => {
  test('must be passed over: of 64 KiB and one byte, and of two MiB', async () => {
    const { publisher, log } = publisherHere();
    const { witness } = await witnessOf(publisher);
    const speaker = await speakerHere();
    await speaker.publish(TOPIC, 'x'.repeat(65_537));
    await speaker.publish(TOPIC, 'x'.repeat(2 * 1_048_576));
    await speaker.publish(TOPIC, 'healthy');
    await eventually(() => witness.told.includes('word: healthy'));
    expect(witness.told.filter((line) => line.startsWith('word'))).toEqual(['word: healthy']);
    expect(log.lines.filter(({ message }) => message === 'Connected to the broker')).toHaveLength(1);
  });
});

test('nothing that comes in may do anything: a flood of words to every topic of ours changes nothing', async () => {
  const { publisher } = publisherHere();
  const { witness } = await witnessOf(publisher);
  const speaker = await speakerHere();
  for (const topic of [
    'alicia/services/events',
    'alicia/services/web/state',
    'alicia/orchestrator/box/state',
  ])
    for (let count = 0; count < 50; count += 1) await speaker.publish(topic, '{"command":"stop"}');
  await speaker.publish(TOPIC, 'healthy');
  await eventually(() => witness.told.includes('word: healthy'));
  expect(witness.told.filter((line) => line.startsWith('word'))).toEqual(['word: healthy']);
});
