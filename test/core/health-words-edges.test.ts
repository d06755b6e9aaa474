// Owns: how words of health are read that are not quite as expected.
import { expect, test } from 'vitest';
import { parseDiscoveryWord, parseHealthWord } from '../../src/core/health-words.js';

const topics = { events: 'e', register: 'r', unregister: 'u' };
const parse = (value: unknown) => parseDiscoveryWord('e', JSON.stringify(value), topics);

test('6.6 blanks around a declared word must not count, in the manifest or on the bus', () => {
  expect(parseHealthWord('ready', ' ready ')?.isGood).toBe(true);
  expect(parseHealthWord('{"n":1}', ' {"n":1} ')?.isGood).toBe(true);
  expect(parseHealthWord('{"status":"ready"}', ' ready ')?.isGood).toBe(true);
  expect(parseHealthWord('{"status":" ready "}', 'ready')?.isGood).toBe(true);
  expect(parseHealthWord('{"status":" Healthy "}', null)?.isGood).toBe(true);
});

test.each(['not "healthy"', '"healthy" no more', '"healthy'])(
  '6.6 a word that is not in quotes as a whole must be taken as it is: %s',
  (text) => {
    expect(parseHealthWord(text, null)).toEqual({ isGood: false, said: JSON.stringify(text) });
  },
);

test('6.6 a payload that is nothing must be no word', () => {
  expect(parseHealthWord('{"payload":null}', null)).toBeNull();
});

test('6.6 a word must be quoted whole up to 40 characters', () => {
  expect(parseHealthWord('x'.repeat(40), null)?.said).toBe(`"${'x'.repeat(40)}"`);
  expect(parseHealthWord('x'.repeat(41), null)?.said).toBe(`"${'x'.repeat(40)}…"`);
});

test('6.7 an empty id must stand for every instance', () => {
  const data = { service_name: 'web', instance_id: '' };
  expect(parse({ event_type: 'service_registered', service_data: data })?.instance).toBeNull();
});

test('6.7 a change of health that names none must say nothing', () => {
  expect(parse({ event_type: 'service_health_changed', service_data: { service_name: 'web' } })).toBeNull();
});
