// Owns: one timer for many moments.
import { expect, test } from 'vitest';
import { createAlarm } from '../../src/controller/alarm.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

/** An alarm; what is due, and how many timers were set for it, is noted. */
function start() {
  const clock = createVirtualClock();
  const due: string[] = [];
  const timers = { set: 0 };
  const counting = {
    ...clock,
    after(delayMs: number, action: () => void) {
      timers.set += 1;
      return clock.after(delayMs, action);
    },
  };
  const alarm = createAlarm<string>(counting, (keys) => {
    due.push(`${clock.elapsedMs()}: ${keys.join(' ')}`);
  });
  return { clock, alarm, due, timers };
}

test('those that are due at one moment must be told of together, each once', async () => {
  const { clock, alarm, due } = start();
  alarm.set('a', 500);
  alarm.set('b', 500);
  alarm.set('c', 501);
  await clock.advance(1_000);
  expect(due).toEqual(['500: a b', '501: c']);
});

test('nothing may be told of before a moment that lies hours ahead, nor be set for nothing', async () => {
  const { clock, alarm, due, timers } = start();
  alarm.set('a', 9_000_000);
  await clock.advance(8_999_999);
  expect(due).toEqual([]);
  await clock.advance(1);
  expect(due).toEqual(['9000000: a']);
  expect(timers.set).toBe(3);
  expect(await clock.step()).toBe(false);
});

test('a moment that stays the earliest must keep its timer', () => {
  const { alarm, timers } = start();
  alarm.set('a', 500);
  alarm.set('a', 500);
  alarm.set('b', 700);
  expect(timers.set).toBe(1);
  alarm.set('c', 300);
  expect(timers.set).toBe(2);
});

test('once it is stopped, or all is taken back, no timer may be left', async () => {
  const { clock, alarm, due } = start();
  alarm.set('a', 500);
  alarm.set('a', null);
  expect(await clock.step()).toBe(false);
  alarm.set('a', 500);
  alarm.stop();
  expect(await clock.step()).toBe(false);
  alarm.set('b', 700);
  await clock.advance(1_000);
  expect(due).toEqual(['700: b']);
});
