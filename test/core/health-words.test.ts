import { describe, expect, test } from 'vitest';
import { type Heard, mqttResult, parseDiscoveryWord, parseHealthWord } from '../../src/core/health-words.js';
import { MQTT } from '../support/probes.js';

describe('a word of health', () => {
  test.each([
    'healthy',
    ' Online\n',
    '"healthy"',
    '{"status":"healthy"}',
    '{"health":"online"}',
    '{"service_name":"web","payload":{"status":"healthy"}}',
    '{"message_id":"1","payload":{"health":"HEALTHY"}}',
    '{"payload":"online"}',
  ])('6.6 must be good: %s', (text) => {
    expect(parseHealthWord(text, null)?.isGood).toBe(true);
  });

  test.each([
    'unhealthy',
    'offline',
    'degraded',
    '{"status":"unhealthy"}',
    '{"status":"error","payload":{"status":"healthy"}}',
    '{"payload":{"status":"offline"}}',
  ])('6.6 must be bad: %s', (text) => {
    expect(parseHealthWord(text, null)?.isGood).toBe(false);
  });

  test.each(['', '  ', '{"uptime":3}', '{"status":5}', '{"status":"healthy"', '{"payload":[]}', '{}'])(
    '6.6 must be no word at all: %s',
    (text) => {
      expect(parseHealthWord(text, null)).toBeNull();
    },
  );

  test('6.6 a declared word must be the only good one, alone or as the status in JSON', () => {
    expect(parseHealthWord('ready', 'ready')?.isGood).toBe(true);
    expect(parseHealthWord('{"status":"ready"}', 'ready')?.isGood).toBe(true);
    expect(parseHealthWord('{"n":1}', '{"n":1}')?.isGood).toBe(true);
    expect(parseHealthWord('{"n":2}', '{"n":1}')?.isGood).toBe(false);
    expect(parseHealthWord('healthy', 'ready')?.isGood).toBe(false);
    expect(parseHealthWord('', 'ready')).toBeNull();
  });

  test('what is repeated of a word must be short and on one line', () => {
    const said = parseHealthWord(`bad\n${'x'.repeat(10_000)}`, null)?.said ?? '';
    expect(said.length).toBeLessThan(60);
    expect(said).not.toContain('\n');
  });
});

describe('the latest word', () => {
  const heardOf = (change: Partial<Heard>): Heard => ({
    ...{ latest: null, sinceMs: 0, deafBecause: 'the broker is away' },
    ...change,
  });
  const word = (isGood: boolean, atMs: number) => ({ isGood, said: '"offline"', atMs });

  test('6.6 must hold while it is good and not too old', () => {
    expect(mqttResult(MQTT, heardOf({ latest: word(true, 1_000) }), 31_000)).toEqual({ kind: 'success' });
    expect(mqttResult(MQTT, heardOf({ latest: word(true, 1_000) }), 31_001)).toEqual({
      ...{ kind: 'failure', message: 'gave no word for more than 30 s' },
    });
    expect(mqttResult(MQTT, heardOf({ latest: word(false, 1_000) }), 2_000)).toEqual({
      ...{ kind: 'failure', message: 'said "offline"' },
    });
  });

  test('6.6 silence from the start must be nothing yet, and a failure once a word would be too old', () => {
    expect(mqttResult(MQTT, heardOf({ sinceMs: 5_000 }), 35_000)).toBeNull();
    expect(mqttResult(MQTT, heardOf({ sinceMs: 5_000 }), 35_001)?.kind).toBe('failure');
  });

  test('6.6 without a broker the probe must be one that could not run, whatever was heard before', () => {
    expect(mqttResult(MQTT, heardOf({ sinceMs: null, latest: word(true, 1_000) }), 2_000)).toEqual({
      ...{ kind: 'notRun', message: 'cannot be heard: the broker is away' },
    });
  });

  test('6.6 words that were missed while the broker was away must not count as silence', () => {
    const heard = heardOf({ sinceMs: 100_000, latest: word(true, 1_000) });
    expect(mqttResult(MQTT, heard, 110_000)).toBeNull();
    expect(mqttResult(MQTT, heard, 130_001)?.kind).toBe('failure');
  });
});

describe('a word of discovery', () => {
  const topics = { events: 'e', register: 'r', unregister: 'u' };
  const parse = (value: unknown, topic = 'e') => parseDiscoveryWord(topic, JSON.stringify(value), topics);
  const event = (type: string, data: unknown) => ({ event_type: type, service_data: data });

  test('6.7 must be read from the events', () => {
    expect(parse(event('service_registered', { service_name: 'web', instance_id: 'i' }))).toEqual({
      ...{ service: 'web', instance: 'i', ill: null },
    });
    expect(parse(event('service_unregistered', { service_name: 'web' }))).toMatchObject({
      ...{ service: 'web', instance: null, ill: expect.stringContaining('service_unregistered') },
    });
    expect(parse(event('service_health_changed', { service_name: 'web', status: 'unhealthy' }))).toEqual({
      ...{ service: 'web', instance: null, ill: 'discovery says "unhealthy"' },
    });
    expect(
      parse(event('service_health_changed', { service_name: 'web', status: 'healthy' }))?.ill,
    ).toBeNull();
  });

  test("6.7 must be read from the bus's envelope too", () => {
    const inner = event('service_health_changed', { service_name: 'web', status: 'offline' });
    expect(parse({ message_type: 'event', source: 'discovery', payload: inner })?.ill).toContain('offline');
    expect(parse({ source: 'web', payload: { service_name: 'web', status: 'online' } }, 'r')).toEqual({
      ...{ service: 'web', instance: null, ill: null },
    });
  });

  test("6.7 must be read from the bus's own topics", () => {
    expect(parse({ service_name: 'web' }, 'r')?.ill).toBeNull();
    expect(parse({ service_name: 'web' }, 'u')?.ill).toContain('service_unregistered');
    expect(parse({ service_name: 'web', payload: { port: 80 } }, 'r')?.service).toBe('web');
  });

  test('6.7 a device that leaves must never be taken for the service that says so', () => {
    expect(parse({ source: 'speakers', payload: { device_id: 'kitchen' } }, 'u')).toBeNull();
  });

  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no service', '{"event_type":"service_registered","service_data":{}}'],
    ['a service that is no text', '{"event_type":"service_registered","service_data":{"service_name":1}}'],
    ['another event', '{"event_type":"service_started","service_data":{"service_name":"web"}}'],
    [
      'a health that is neither good nor ill',
      '{"event_type":"service_health_changed","service_data":{"service_name":"web","status":"starting"}}',
    ],
  ])('6.7 %s must say nothing', (_what, text) => {
    expect(parseDiscoveryWord('e', text, topics)).toBeNull();
  });
});
