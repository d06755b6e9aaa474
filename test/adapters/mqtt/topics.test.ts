import { expect, test } from 'vitest';
import { createTopics, isPublishable } from '../../../src/adapters/mqtt/topics.js';

test('topics must be those of the contract, below a prefix of several levels too', () => {
  const topics = createTopics('home/alicia', 'box');
  expect(topics.events).toBe('home/alicia/services/events');
  expect(topics.ofType('service_ready')).toBe('home/alicia/services/service_ready');
  expect(topics.stateOf('web')).toBe('home/alicia/services/web/state');
  expect(topics.availability).toBe('home/alicia/orchestrator/box/availability');
  expect(topics.orchestrator).toBe('home/alicia/orchestrator/box/state');
});

test('a state topic must give its service back, and no other topic one', () => {
  const topics = createTopics('alicia', 'box');
  expect(topics.serviceOf('alicia/services/web/state')).toBe('web');
  for (const other of [
    'alicia/services/events',
    'alicia/services/a/b/state',
    'b/services/web/state',
    'alicia/services//state',
  ])
    expect(topics.serviceOf(other)).toBeNull();
});

test('a topic that makes a broker cut the connection must never be published', () => {
  for (const topic of ['a/#', 'a/+/b', 'a\u0000', '', 'a'.repeat(65_536)])
    expect(isPublishable(topic)).toBe(false);
  expect(isPublishable('alicia/services/wëb/state')).toBe(true);
});
