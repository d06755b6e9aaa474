// Owns: whom words of discovery are about, and how long they are kept.
import { expect, test } from 'vitest';
import { containerId } from '../../src/model/ids.js';
import { containerOf } from '../support/probes.js';
import { WALL_START_MS } from '../support/simulation/virtual-clock.js';
import { createProbingWorld } from './support/probing.js';

const STARTED = WALL_START_MS;
const web = containerOf('web', 'a', { startedAt: STARTED });
const second = containerOf('web', 'b', {
  startedAt: STARTED,
  id: containerId(`${'b'.repeat(12)}${'c'.repeat(52)}`),
});

const start = async () => {
  const world = createProbingWorld({ discovery: { events: 'e', register: 'r', unregister: 'u' } });
  for (const name of ['web', 'db']) world.declare(name, []);
  world.see(web, second);
  await world.clock.advance(1_000);
  const tell = (event_type: string, data: Record<string, unknown> = {}): void =>
    world.say('e', JSON.stringify({ event_type, service_data: { service_name: 'web', ...data } }));
  return { world, tell, statuses: () => [web, second].map((each) => world.probed(each)?.status ?? null) };
};

test('6.7 what is no word of discovery must be passed over', async () => {
  const { world, tell, statuses } = await start();
  for (const text of ['', 'x', '{}', '[]', '{"event_type":"service_health_changed"}']) world.say('e', text);
  tell('service_health_changed', { status: 'starting' });
  tell('service_scaled');
  expect(statuses()).toEqual([null, null]);
});

test('6.7 an instance must be named by the beginning of its id, not by the end', async () => {
  const { tell, statuses } = await start();
  tell('service_unregistered', { instance_id: 'c'.repeat(12) });
  expect(statuses()).toEqual([null, null]);
  tell('service_unregistered', { instance_id: 'b'.repeat(12) });
  expect(statuses()).toEqual([null, 'unhealthy']);
});

test('6.7 a word of an instance of a service that has no containers must be about nobody', async () => {
  const { world, tell, statuses } = await start();
  tell('service_unregistered', { service_name: 'db', instance_id: web.id });
  tell('service_unregistered', { service_name: 'db' });
  world.see({ ...web, restartCount: 1 });
  await world.clock.advance(1_000);
  expect([statuses(), world.reports]).toEqual([[null, null], []]);
});

test('6.7 a good word must be heard also of what we stop', async () => {
  const { world, tell, statuses } = await start();
  tell('service_unregistered');
  world.leaving.add(second.id);
  tell('service_registered');
  expect(statuses()).toEqual([null, null]);
});

test('6.7 a word in the very millisecond of the start must be about the new run', async () => {
  const { world, tell, statuses } = await start();
  world.see({ ...web, startedAt: STARTED + 1_000 });
  tell('service_unregistered', { instance_id: web.id });
  expect(statuses()).toEqual(['unhealthy', null]);
});

test('6.7 of a container that is gone nothing must be kept, once anything else is said', async () => {
  const { world, tell, statuses } = await start();
  tell('service_unregistered');
  expect(statuses()).toEqual(['unhealthy', 'unhealthy']);
  world.empty();
  tell('service_unregistered', { service_name: 'other' });
  world.see(web, second);
  await world.clock.advance(1_000);
  expect(statuses()).toEqual([null, null]);
});
