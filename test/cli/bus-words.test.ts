import { afterEach, expect, test } from 'vitest';
import { createEmbeddedBroker } from '../../src/adapters/mqtt/broker.js';
import { wordsOf } from '../../src/cli/bus-words.js';
import type { MqttChoice } from '../../src/config-transports.js';
import { createWitness } from '../adapters/mqtt/listener.js';
import { eventually } from '../support/eventually.js';
import { freePort, observe } from '../support/mosquitto.js';
import { createSilentLog } from '../support/silent-log.js';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const wordsWith = (mqtt: MqttChoice) =>
  wordsOf({ mqtt, instance: 'box' }, { log: createSilentLog(), pid: 7 });
const login = { username: null, password: null, ca: null, cert: null, key: null };

test('6.6 a command without a named broker must hear nothing and say why', () => {
  const witness = createWitness();
  wordsWith({ kind: 'off' }).subscribe('a', witness)();
  const embedded = wordsWith({ kind: 'embedded', listen: { host: '127.0.0.1', port: 1883 } });
  embedded.subscribe('a', witness)();
  embedded.publishEmpty('a');
  expect(witness.told).toEqual(['deaf: MQTT is off', 'deaf: no broker is named; give --mqtt-url']);
});

test('6.6 a command with a named broker must hear words there, and only while it listens', async () => {
  const port = await freePort();
  const limits = { connections: 10, stopMs: 500 };
  const broker = createEmbeddedBroker({ host: '127.0.0.1', port, limits, log: createSilentLog() });
  await broker.start();
  endings.push(() => broker.stop());
  const url = `mqtt://127.0.0.1:${port}`;
  const words = wordsWith({ kind: 'broker', url, ...login });
  const [early, witness] = [createWitness(), createWitness()];
  words.subscribe('a', early)();
  const cancel = words.subscribe('a', witness);
  await eventually(() => witness.told.at(-1) === 'heard');
  const speaker = await observe(url, 4);
  endings.push(() => speaker.end());
  await speaker.publish('a', 'healthy');
  await eventually(() => witness.told.at(-1) === 'word: healthy');
  words.publishEmpty('b');
  await eventually(() => speaker.latest('b') === '');
  cancel();
  expect(early.told).toEqual([]);
});
