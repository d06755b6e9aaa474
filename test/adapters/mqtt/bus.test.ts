import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createEmbeddedBroker } from '../../../src/adapters/mqtt/broker.js';
import { type BusChoice, createBus, publishesPort } from '../../../src/adapters/mqtt/bus.js';
import type { DesiredService, PortMapping } from '../../../src/model/desired.js';
import { eventually } from '../../support/eventually.js';
import { accepts, freePort, observe } from '../../support/mosquitto.js';
import { sampleStatus } from '../../support/samples.js';
import { createSilentLog } from '../../support/silent-log.js';
import { testLimits } from './setting.js';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const brokerLimits = { connections: 10, stopMs: 500, reclaimEveryMs: 50, reclaimTries: 20 };

function busWith(choice: BusChoice, servicePort: number) {
  const log = createSilentLog();
  const bus = createBus({
    ...{ choice, servicePort, log, brokerLimits, mqttLimits: testLimits },
    ...{ prefix: 'alicia', instance: 'box', project: 'alicia' },
  });
  endings.push(() => bus.stop());
  bus.start();
  bus.publishStatus('web', sampleStatus('web'));
  const said = (words: string): boolean => log.lines.some(({ message }) => message.includes(words));
  return { bus, said };
}

const embeddedOn = (port: number): BusChoice => ({ kind: 'embedded', listen: { host: '127.0.0.1', port } });
const brokerOn = (port: number) =>
  createEmbeddedBroker({ host: '127.0.0.1', port, limits: brokerLimits, log: createSilentLog() });

async function stateAt(port: number): Promise<void> {
  const observer = await observe(`mqtt://127.0.0.1:${port}`, 4);
  endings.push(() => observer.end());
  await eventually(() => observer.latest('alicia/services/web/state'));
}

test('with no broker named and none wanted by a service, an embedded one must start and be used', async () => {
  const port = await freePort();
  const { bus, said } = busWith(embeddedOn(port), port);
  expect(await accepts(port)).toBe(false);
  await bus.onDesired(false);
  await stateAt(port);
  expect(said('Embedded broker')).toBe(true);
});

test('when a service wants the port, the embedded broker must have left it before the caller goes on', async () => {
  const port = await freePort();
  const { bus, said } = busWith(embeddedOn(port), port);
  await bus.onDesired(false);
  await eventually(() => bus.stats().connected);
  await bus.onDesired(true);
  expect(await accepts(port)).toBe(false);
  expect(said('makes way')).toBe(true);
  const service = brokerOn(port);
  endings.push(() => service.stop());
  expect((await service.start()).kind).toBe('listening');
  await stateAt(port);
});

test('when a service has the port from the start, no embedded broker must be tried', async () => {
  const port = await freePort();
  const { bus, said } = busWith(embeddedOn(port), port);
  await bus.onDesired(true);
  expect(await accepts(port)).toBe(false);
  expect(said('it is used')).toBe(true);
});

test('when the service goes, the embedded broker must come back once its port is free', async () => {
  const port = await freePort();
  const service = brokerOn(port);
  await service.start();
  const { bus, said } = busWith(embeddedOn(port), port);
  await bus.onDesired(true);
  await eventually(() => bus.stats().connected);
  await bus.onDesired(false);
  await service.stop();
  await eventually(() => said('Embedded broker'));
  await stateAt(port);
});

test('when another process holds the port, it must be used as the broker', async () => {
  const port = await freePort();
  const other = brokerOn(port);
  await other.start();
  endings.push(() => other.stop());
  const { bus, said } = busWith(embeddedOn(port), port);
  await bus.onDesired(false);
  await stateAt(port);
  expect(said('Another process')).toBe(true);
});

test('a process on the port that is no broker must disturb nobody', async () => {
  const server = createServer((socket) => socket.end('no broker\n').resume());
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  const { bus, said } = busWith(embeddedOn(port), port);
  await bus.onDesired(false);
  await eventually(() => said('The broker is away'));
  expect(bus.stats()).toMatchObject({ connected: false, dropped: 0 });
});

test('an address that this machine does not have must be said and disturb nobody', async () => {
  const { bus, said } = busWith({ kind: 'embedded', listen: { host: '192.0.2.1', port: 1883 } }, 1883);
  await bus.onDesired(false);
  expect(said('cannot listen')).toBe(true);
});

test('"off" must publish nothing and say so', async () => {
  const port = await freePort();
  const { bus, said } = busWith({ kind: 'off' }, port);
  await bus.onDesired(false);
  expect(await accepts(port)).toBe(false);
  expect(bus.stats()).toEqual({ connected: false, queued: 0, dropped: 0 });
  expect(said('MQTT is off')).toBe(true);
});

test('only a service that will hold the port on loopback must count as the broker', () => {
  const service = (ports: readonly Partial<PortMapping>[], replicas = 1): DesiredService =>
    ({
      replicas,
      container: {
        ports: ports.map((port) => ({
          containerPort: 1883,
          protocol: 'tcp',
          hostIp: '',
          hostPorts: null,
          ...port,
        })),
      },
    }) as unknown as DesiredService;
  const fixed = { first: 1883, last: 1883 };
  expect(publishesPort([service([]), service([{ hostPorts: fixed }])])).toBe(true);
  expect(publishesPort([service([{ hostPorts: { first: 1880, last: 1890 } }])])).toBe(true);
  expect(publishesPort([service([{ hostPorts: fixed, hostIp: '127.0.0.1' }])])).toBe(true);
  expect(publishesPort([service([{ hostPorts: fixed, hostIp: '192.168.1.5' }])])).toBe(false);
  expect(publishesPort([service([{ hostPorts: fixed, protocol: 'udp' }])])).toBe(false);
  expect(publishesPort([service([{ hostPorts: { first: 1884, last: 1884 } }, {}])])).toBe(false);
  expect(publishesPort([service([{ hostPorts: fixed }], 0)])).toBe(false);
});
