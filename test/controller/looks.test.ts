// Owns: how patiently a look that failed is made again.
import { expect, test } from 'vitest';
import { lookAgainDelayMs } from '../../src/controller/looks.js';

test('8.14 a look that fails must be made again after half a second, and after ten at most', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100].map(lookAgainDelayMs)).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000,
  ]);
});
