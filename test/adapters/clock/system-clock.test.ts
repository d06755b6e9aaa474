// Owns: the delays that Node's timers get.
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';

const LONGEST_MS = 2 ** 31 - 1;

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  ['one of a month must be as long as timers can be, not over at once', 30 * 86_400_000, LONGEST_MS],
  ['one that is past must be due now', -5, 0],
  ['any other must be as it is', 1_500, 1_500],
])('%s', (_, delayMs, expected) => {
  const timer = vi.spyOn(globalThis, 'setTimeout');
  systemClock.after(delayMs, () => undefined)();
  expect(timer).toHaveBeenCalledWith(expect.any(Function), expected);
});
