import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMqttPublisher } from '../../src/adapters/mqtt/publisher.js';
import { eventOf, optionsFor } from '../adapters/mqtt/setting.js';
import { eventually } from '../support/eventually.js';
import { createForwarder, type Forwarder } from '../support/forwarder.js';
import { createMosquitto, type Mosquitto, type Observer, observe } from '../support/mosquitto.js';
import { sampleOrchestrator, sampleStatus } from '../support/samples.js';

const endings: (() => Promise<unknown>)[] = [];
let broker: Mosquitto;
beforeEach(async () => {
  broker = await createMosquitto();
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
  const whenSent = () => eventually(() => publisher.stats().connected && publisher.stats().queued === 0);
  return { publisher, log: options.log, whenSent };
}

async function wireHere(): Promise<Forwarder> {
  const wire = await createForwarder(broker.port);
  await wire.open();
  endings.push(() => wire.cut());
  return wire;
}

async function observerHere(): Promise<Observer> {
  const observer = await observe(broker.url);
  endings.push(() => observer.end());
  return observer;
}

const AVAILABILITY = 'alicia/orchestrator/box/availability';
const numbersOf = (observer: Observer, topic: string) =>
  observer.seen
    .filter((each) => each.topic === topic)
    .map(({ payload }) => JSON.parse(payload).event_data.message as string);

test('every topic must be as the contract says: copies, retained states, quality and expiry', async () => {
  await broker.start();
  const observer = await observerHere();
  const { publisher, log } = publisherHere();
  publisher.publishStatus('web', sampleStatus('web'));
  publisher.publishOrchestrator(sampleOrchestrator);
  publisher.publishEvent(eventOf(1));
  await eventually(() => observer.latest('alicia/services/service_ready'));
  await eventually(() => observer.latest('alicia/services/web/state'));
  expect(observer.latest('alicia/services/events')).toBe(JSON.stringify(eventOf(1)));
  expect(observer.latest('alicia/services/service_ready')).toBe(JSON.stringify(eventOf(1)));
  expect(observer.seen.every(({ qos }) => qos === 1)).toBe(true);
  expect(log.lines.map(({ facts }) => facts.protocol)).toContain('5');

  const expiries = new Map(observer.seen.map(({ topic, expirySeconds }) => [topic, expirySeconds]));
  expect(expiries.get('alicia/services/events')).toBeGreaterThan(0);
  expect(expiries.get('alicia/services/web/state')).toBeNull();

  const late = await observerHere();
  await eventually(() => late.seen.length >= 3);
  expect(late.seen.map(({ topic }) => topic).sort()).toEqual([
    AVAILABILITY,
    'alicia/orchestrator/box/state',
    'alicia/services/web/state',
  ]);
  expect(late.seen.every(({ isRetained }) => isRetained)).toBe(true);
});

test('a service that goes must leave no retained state', async () => {
  await broker.start();
  const { publisher, whenSent } = publisherHere();
  publisher.publishStatus('web', sampleStatus('web'));
  publisher.publishStatus('db', sampleStatus('db'));
  await whenSent();
  const observer = await observerHere();
  publisher.publishStatus('web', null);
  publisher.retainOnly([]);
  await eventually(() => observer.latest('alicia/services/web/state') === '');
  await eventually(() => observer.latest('alicia/services/db/state') === '');
  const late = await observerHere();
  await eventually(() => late.latest(AVAILABILITY));
  expect(late.seen.map(({ topic }) => topic)).toEqual([AVAILABILITY]);
});

test('a broker that is away at start must get everything once it is there', async () => {
  const { publisher, whenSent } = publisherHere();
  publisher.publishStatus('web', sampleStatus('web'));
  publisher.publishEvent(eventOf(1));
  expect(publisher.stats().connected).toBe(false);
  await broker.start();
  await whenSent();
  const observer = await observerHere();
  await eventually(() => observer.latest('alicia/services/web/state'));
  expect(observer.latest(AVAILABILITY)).toBe('online');
});

test('a broker killed midway and back must get all retained states again and the latest events, oldest given up', async () => {
  await broker.start();
  const { publisher, whenSent } = publisherHere();
  publisher.publishStatus('web', sampleStatus('web', { restarts: 1 }));
  publisher.publishStatus('db', sampleStatus('db'));
  publisher.publishEvent(eventOf(0));
  await whenSent();
  await broker.kill();
  await eventually(() => !publisher.stats().connected);
  for (let number = 1; number <= 15; number += 1) publisher.publishEvent(eventOf(number));
  publisher.publishStatus('web', sampleStatus('web', { restarts: 2 }));
  publisher.publishStatus('db', null);
  expect(publisher.stats().dropped).toBe(5);

  await broker.start();
  const observer = await observerHere();
  await whenSent();
  await eventually(() => observer.latest(AVAILABILITY) === 'online');
  await eventually(() => observer.latest('alicia/services/web/state')?.includes('"restarts":2'));
  expect(observer.latest('alicia/services/db/state') || '').toBe('');
  await publisher.stop();
  await eventually(() => observer.latest(AVAILABILITY) === 'offline');
});

test('events whose acknowledgement was lost must be sent again, in their order', async () => {
  await broker.start();
  const wire = await wireHere();
  const observer = await observerHere();
  const { publisher, whenSent } = publisherHere(wire.url);
  await whenSent();
  wire.deafen();
  for (let number = 1; number <= 6; number += 1) publisher.publishEvent(eventOf(number));
  await eventually(() => numbersOf(observer, 'alicia/services/events').length === 2);
  await wire.cut();
  await eventually(() => !publisher.stats().connected);
  await wire.open();
  const all = ['number 1', 'number 2', 'number 3', 'number 4', 'number 5', 'number 6'];
  await eventually(() => numbersOf(observer, 'alicia/services/events').length === 8);
  expect(numbersOf(observer, 'alicia/services/events').slice(2)).toEqual(all);
  expect(publisher.stats().dropped).toBe(0);
});

test('a clean stop must send what is queued and then say offline', async () => {
  await broker.start();
  const observer = await observerHere();
  const { publisher } = publisherHere();
  await eventually(() => publisher.stats().connected);
  for (let number = 1; number <= 10; number += 1) publisher.publishEvent(eventOf(number));
  await publisher.stop();
  await eventually(() => observer.latest(AVAILABILITY) === 'offline');
  const topics = observer.seen.map(({ topic }) => topic);
  expect(numbersOf(observer, 'alicia/services/events')).toHaveLength(10);
  expect(topics.lastIndexOf('alicia/services/events')).toBeLessThan(topics.lastIndexOf(AVAILABILITY));
});

test('a controller that vanishes must be offline by its will, and online when it is back', async () => {
  await broker.start();
  const wire = await wireHere();
  const observer = await observerHere();
  publisherHere(wire.url);
  await eventually(() => observer.latest(AVAILABILITY) === 'online');
  await wire.cut();
  await eventually(() => observer.latest(AVAILABILITY) === 'offline');
  await wire.open();
  await eventually(() => observer.latest(AVAILABILITY) === 'online');
});

test('states that an earlier run left must be cleared, and nobody else’s', async () => {
  await broker.start();
  const other = await observerHere();
  const leave = (service: string, change: Parameters<typeof sampleStatus>[1]) =>
    other.publish(`alicia/services/${service}/state`, JSON.stringify(sampleStatus(service, change)), true);
  await leave('gone', {});
  await leave('kept', {});
  await leave('foreign', { instance: 'other' });
  await leave('cousin', { project: 'home' });
  await other.publish('alicia/services/odd/state', 'no JSON', true);

  const { publisher, whenSent } = publisherHere();
  publisher.publishStatus('web', sampleStatus('web'));
  await whenSent();
  publisher.retainOnly(['web', 'kept']);
  await eventually(() => other.latest('alicia/services/gone/state') === '');
  await publisher.stop();
  const late = await observerHere();
  await eventually(() => late.latest(AVAILABILITY));
  expect(late.seen.map(({ topic }) => topic).filter((topic) => topic.startsWith('alicia/services'))).toEqual(
    expect.arrayContaining(
      ['kept', 'foreign', 'cousin', 'odd', 'web'].map((name) => `alicia/services/${name}/state`),
    ),
  );
  expect(late.latest('alicia/services/gone/state')).toBeNull();
});

test('before the full set is known, nothing that an earlier run left may be cleared', async () => {
  await broker.start();
  const other = await observerHere();
  await other.publish('alicia/services/early/state', JSON.stringify(sampleStatus('early')), true);
  const { publisher, whenSent } = publisherHere();
  publisher.publishStatus('web', sampleStatus('web'));
  await whenSent();
  publisher.publishEvent(eventOf(1));
  await eventually(() => other.latest('alicia/services/events'));
  expect(other.latest('alicia/services/early/state')).not.toBe('');
});

test('two controllers of one name must be told how to live together', async () => {
  await broker.start();
  const first = publisherHere();
  await first.whenSent();
  publisherHere();
  await eventually(() => first.log.lines.some(({ message }) => message.includes('--instance')));
});

test('a message larger than the broker allows must be left out and said, and the rest go on', async () => {
  await broker.remove();
  broker = await createMosquitto(['max_packet_size 3000']);
  await broker.start();
  const observer = await observerHere();
  const { publisher, log } = publisherHere();
  publisher.publishStatus('big', sampleStatus('big', { description: 'x'.repeat(4000) }));
  publisher.publishStatus('web', sampleStatus('web'));
  await eventually(() => observer.latest('alicia/services/web/state'));
  expect(log.lines.filter(({ level }) => level === 'warn').map(({ facts }) => facts.topic)).toEqual([
    'alicia/services/big/state',
  ]);
  expect(publisher.stats().connected).toBe(true);
});
