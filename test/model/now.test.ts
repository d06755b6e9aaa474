// Owns: times as text.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime } from '../../src/model/now.js';

test('a time must be written as the platform writes it, whatever the date', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
      (date) => {
        expect(isoTime(date.getTime())).toBe(date.toISOString());
      },
    ),
  );
});

test.each([
  '1970-01-01T00:00:00.000Z',
  '2000-02-29T23:59:59.999Z',
  '2024-12-31T00:00:00.001Z',
  '2100-03-01T12:00:00.000Z',
])('the time %s must be written so', (text) => {
  expect(isoTime(Date.parse(text))).toBe(text);
});

test('a fraction of a millisecond must not be shown', () => {
  expect(isoTime(1.9)).toBe('1970-01-01T00:00:00.001Z');
});
