import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createEmbeddedBroker } from '../../../src/adapters/mqtt/broker.js';
import { createMqttPublisher } from '../../../src/adapters/mqtt/publisher.js';
import { eventually } from '../../support/eventually.js';
import { freePort, observe } from '../../support/mosquitto.js';
import { sampleOrchestrator, sampleStatus } from '../../support/samples.js';
import { eventOf, optionsFor, testLimits } from './setting.js';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A server that speaks no MQTT. */
async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  const port = await freePort();
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    sockets.push(socket);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  endings.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return port;
}

function publisherTo(url: string | null, change: Parameters<typeof optionsFor>[1] = {}) {
  const options = optionsFor(url, change);
  const publisher = createMqttPublisher(options);
  endings.push(() => publisher.stop());
  return { publisher, log: options.log };
}

async function brokerOn(port: number) {
  const broker = createEmbeddedBroker({
    host: '127.0.0.1',
    port,
    limits: { connections: 10, stopMs: 500 },
    log: optionsFor(null).log,
  });
  expect(await broker.start()).toEqual({ kind: 'listening', port });
  endings.push(() => broker.stop());
  return broker;
}

test('a broker that speaks 3.1.1 only must be spoken to in 3.1.1', async () => {
  const port = await freePort();
  await brokerOn(port);
  const observer = await observe(`mqtt://127.0.0.1:${port}`, 4);
  endings.push(() => observer.end());
  const { publisher, log } = publisherTo(`mqtt://127.0.0.1:${port}`);
  publisher.start();
  publisher.publishEvent(eventOf(1));
  publisher.publishStatus('web', sampleStatus('web'));
  await eventually(() => observer.latest('alicia/services/web/state'));
  await eventually(() => observer.latest('alicia/services/service_ready'));
  expect(observer.latest('alicia/services/events')).toBe(observer.latest('alicia/services/service_ready'));
  expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  expect(log.lines.map(({ facts }) => facts.protocol)).toContain('3.1.1');
});

test('a broker that closes without a word at MQTT 5 must be tried with 3.1.1', async () => {
  const levels: number[] = [];
  const port = await serve((socket) => {
    socket.once('data', (bytes) => {
      const level = bytes[8] ?? 0;
      levels.push(level);
      if (level === 4) socket.write(Buffer.from([0x20, 2, 0, 0]));
      else socket.destroy();
    });
  });
  const { publisher } = publisherTo(`mqtt://127.0.0.1:${port}`);
  publisher.start();
  await eventually(() => publisher.stats().connected);
  expect(levels).toEqual([5, 5, 5, 4]);
});

test('without a broker publishing must neither throw nor wait nor grow without bound', async () => {
  const { publisher, log } = publisherTo(`mqtt://127.0.0.1:${await freePort()}`);
  publisher.start();
  for (let number = 1; number <= 25; number += 1) publisher.publishEvent(eventOf(number));
  for (let number = 1; number <= 25; number += 1)
    publisher.publishStatus('web', sampleStatus('web', { restarts: number }));
  publisher.publishOrchestrator(sampleOrchestrator);
  // Ten events, the state of web, of the controller, and its availability.
  expect(publisher.stats()).toEqual({ connected: false, queued: 13, dropped: 15 });
  await eventually(() => log.lines.some(({ level }) => level === 'warn'));
  await publisher.stop();
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('a broker that accepts and then says nothing must not hold up the end', async () => {
  const port = await serve(() => {});
  const { publisher } = publisherTo(`mqtt://127.0.0.1:${port}`);
  publisher.start();
  const before = performance.now();
  await publisher.stop();
  expect(performance.now() - before).toBeLessThan(testLimits.stopMs + 500);
});

test('a broker that connects and then acknowledges nothing must get a bounded number of messages and not hold up the end', async () => {
  let publishes = 0;
  const port = await serve((socket) => {
    socket.on('data', (bytes) => {
      if ((bytes[0] ?? 0) === 0x10) socket.write(Buffer.from([0x20, 3, 0, 0, 0]));
      else publishes += bytes.toString('latin1').split('alicia/services/').length - 1;
    });
  });
  const { publisher } = publisherTo(`mqtt://127.0.0.1:${port}`);
  publisher.start();
  await eventually(() => publisher.stats().connected);
  for (let number = 1; number <= 25; number += 1) publisher.publishEvent(eventOf(number));
  await eventually(() => publishes > 0);
  const before = performance.now();
  await publisher.stop();
  expect(performance.now() - before).toBeLessThan(testLimits.stopMs + 500);
  expect(publishes).toBeLessThanOrEqual(testLimits.inFlight);
  expect(publisher.stats().dropped).toBe(15);
});

test('a name that is no topic must be left out and said, and the rest go on', async () => {
  const port = await freePort();
  await brokerOn(port);
  const { publisher, log } = publisherTo(`mqtt://127.0.0.1:${port}`);
  publisher.start();
  publisher.publishStatus('a#b', sampleStatus('a#b'));
  publisher.publishStatus('web', sampleStatus('web'));
  await eventually(() => publisher.stats().connected && publisher.stats().queued === 0);
  expect(log.lines.filter(({ level }) => level === 'warn').map(({ facts }) => facts.topic)).toEqual([
    'alicia/services/a#b/state',
  ]);
});

test('an address or certificate that the library throws at must be an outage, not an exception', async () => {
  const { publisher, log } = publisherTo('mqtts://127.0.0.1:1', { ca: 'no certificate' });
  publisher.start();
  await eventually(() => log.lines.some(({ level }) => level === 'warn'));
  expect(publisher.stats().connected).toBe(false);
});

test('a password must never reach the log', async () => {
  const { publisher, log } = publisherTo(`mqtt://127.0.0.1:${await freePort()}`, {
    username: 'me',
    password: 'hunter2',
  });
  publisher.start();
  await eventually(() => log.lines.length > 0);
  expect(JSON.stringify(log.lines)).not.toContain('hunter2');
});

test('going to another broker must publish everything retained there', async () => {
  const ports = [await freePort(), await freePort()];
  const states: boolean[] = [];
  const { publisher } = publisherTo(null, { onState: (isConnected) => states.push(isConnected) });
  publisher.start();
  publisher.publishStatus('web', sampleStatus('web'));
  for (const port of ports) {
    await brokerOn(port);
    publisher.target(`mqtt://127.0.0.1:${port}`);
    await eventually(() => publisher.stats().connected && publisher.stats().queued === 0);
    const observer = await observe(`mqtt://127.0.0.1:${port}`, 4);
    endings.push(() => observer.end());
    await eventually(() => observer.latest('alicia/services/web/state'));
    expect(observer.latest('alicia/orchestrator/box/availability')).toBe('online');
  }
  expect(states).toEqual([true, false, true]);
});

test('stop must be harmless before start and when repeated', async () => {
  const { publisher } = publisherTo('mqtt://127.0.0.1:1');
  await publisher.stop();
  publisher.start();
  await publisher.stop();
  publisher.publishEvent(eventOf(1));
  expect(publisher.stats().queued).toBe(0);
});
