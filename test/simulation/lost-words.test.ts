// Owns: updates that were nearly taken back because a word about a healthy replica was lost or late.
import { expect, test } from 'vitest';
import { playThrough } from '../support/simulation/exhaustive.js';
import { running } from '../support/simulation/running.js';
import { SCENARIOS } from '../support/simulation/scenarios.js';
import type { SimulatedServices } from '../support/simulation/services.js';

const web = (version: 1 | 2): SimulatedServices => ({
  web: { image: `sim-slow:${version}`, replicas: 2, update: { order: 'stop-first' } },
});

test('4.4 a healthy replica whose word of health was not heard must not be judged late', async () => {
  const world = await running(web(1));
  world.faults.breakEvents((_, { action }) => (action === 'health_status' ? 'eventDropped' : null));
  world.ask(web(2));
  await world.runUntilStable();
  expect(world.faults.counts.get('eventDropped')).toBeGreaterThan(1);
  expect(world.events.map(({ event_type }) => event_type)).not.toContain('service_rolled_back');
});

test('4.4 a replica of which the engine gives no answer for longer than its deadline must not be judged late', async () => {
  const world = await running(web(1));
  const isFresh = (id: unknown): boolean =>
    [...world.engine.truth.containers.values()].some(
      (container) =>
        container.id === id && container.startedAt !== null && container.spec.image === 'sim-slow:2',
    );
  let hung = 0;
  world.faults.breakCalls((call, [id]) => {
    if (call !== 'inspectContainer' || !isFresh(id) || hung >= 2) return null;
    hung += 1;
    return 'hang';
  });
  world.ask(web(2));
  await world.runUntil(
    'it is known that nothing is known',
    () => world.statuses.get('web')?.health === 'Unknown',
  );
  await world.runUntilStable();
  expect(hung).toBe(2);
  expect(world.events.map(({ event_type }) => event_type)).not.toContain('service_rolled_back');
});

test.each(['unknownOutcome', 'hang', 'replyLost'] as const)(
  '1.6 an update in place of which nothing is known (%s) must be made again where it was not made',
  async (spoilt) => {
    const scenario = SCENARIOS['limits changed in place'];
    const { calls } = await playThrough(scenario);
    const number = calls.indexOf('updateContainer') + 1;
    expect((await playThrough(scenario, { call: { number, spoilt } })).happened).toBe(1);
  },
);

test.each(['unknownOutcome', 'hang', 'replyLost'] as const)(
  '1.6 a restart of which nothing is known (%s) must be made again where it was not made',
  async (spoilt) => {
    const scenario = SCENARIOS['a dependency replaced, and followed'];
    const { calls } = await playThrough(scenario);
    const number = calls.indexOf('restartContainer') + 1;
    expect((await playThrough(scenario, { call: { number, spoilt } })).happened).toBe(1);
  },
);
