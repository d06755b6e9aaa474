import { expect, test } from 'vitest';
import { stampEvent } from '../../src/core/stamp.js';

const stamp = {
  id: '01J00000000000000000000000',
  wallMs: 1_769_860_800_250,
  instance: 'box',
  project: 'alicia',
  revision: 'abc',
};

test('an event must carry the envelope of the contract, with time as seconds and as ISO 8601', () => {
  const event = stampEvent(
    { type: 'engine_lost', facts: { message: 'no answer' }, cause: 'ping failed' },
    stamp,
  );
  expect(event).toEqual({
    event_type: 'engine_lost',
    event_data: { message: 'no answer', cause: 'ping failed', revision: 'abc' },
    timestamp: 1_769_860_800.25,
    source: 'service_orchestrator',
    id: '01J00000000000000000000000',
    time: '2026-01-31T12:00:00.250Z',
    instance: 'box',
    project: 'alicia',
  });
});

test('an error must be readable at top level too, as listeners of the seed expect it', () => {
  const facts = { error: 'port taken', service_name: 'web', category: 'engine' } as const;
  const event = stampEvent({ type: 'orchestration_errors', facts, cause: 'start' }, stamp);
  expect(event).toMatchObject({ error: 'port taken', service_name: 'web', event_data: facts });
  expect(event).not.toHaveProperty('status');
});

test('a recovery must say at top level what recovered', () => {
  const facts = { status: 'recovered', service_name: null, category: 'engine' } as const;
  const event = stampEvent({ type: 'recovery', facts, cause: 'engine is back' }, stamp);
  expect(event).toMatchObject({ status: 'recovered', service_name: null, event_data: facts });
  expect(event).not.toHaveProperty('error');
});

test('no other type may carry a service name at top level', () => {
  const facts = { service_name: 'web', message: 'ready' };
  expect(stampEvent({ type: 'service_ready', facts, cause: 'healthy' }, stamp)).not.toHaveProperty(
    'service_name',
  );
});
