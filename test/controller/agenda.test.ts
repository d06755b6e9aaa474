import { expect, test } from 'vitest';
import { createAgenda } from '../../src/controller/agenda.js';
import { serviceName } from '../../src/model/ids.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

const web = serviceName('web');
const db = serviceName('db');

function start() {
  const clock = createVirtualClock();
  const passes: string[] = [];
  const agenda = createAgenda(clock, () => {
    const { services, objects } = agenda.take();
    passes.push(`${clock.elapsedMs()}: ${[...services].sort().join(' ')}${objects ? ' objects' : ''}`);
  });
  return { clock, agenda, passes };
}

test('many marks before a pass make one pass', async () => {
  const { clock, agenda, passes } = start();
  agenda.mark([web]);
  agenda.mark([db, web]);
  agenda.mark([], true);
  expect(agenda.isEmpty()).toBe(false);
  await clock.advance(10);
  expect(passes).toEqual(['0: db web objects']);
  expect(agenda.isEmpty()).toBe(true);
});

test('marking nothing makes no pass', async () => {
  const { clock, agenda, passes } = start();
  agenda.mark([]);
  await clock.advance(10);
  expect(passes).toEqual([]);
});

test('a planned look comes at its time, the earliest first', async () => {
  const { clock, agenda, passes } = start();
  agenda.plan(web, 500);
  agenda.plan(db, 200);
  agenda.planObjects(900);
  await clock.advance(2000);
  expect(passes).toEqual(['200: db', '500: web', '900:  objects']);
});

test('a new plan for a service replaces the old one, and null takes it back', async () => {
  const { clock, agenda, passes } = start();
  agenda.plan(web, 500);
  agenda.plan(db, 500);
  agenda.plan(web, 700);
  agenda.plan(db, null);
  await clock.advance(2000);
  expect(passes).toEqual(['700: web']);
});

test('a stopped agenda stays silent', async () => {
  const { clock, agenda, passes } = start();
  agenda.mark([web]);
  agenda.plan(db, 100);
  agenda.stop();
  await clock.advance(1000);
  expect(passes).toEqual([]);
});

test('a look that lies further ahead than any timer reaches must not come at once, nor again and again', async () => {
  const clock = createVirtualClock();
  let delays: readonly number[] = [];
  const counting = {
    ...clock,
    after(delayMs: number, action: () => void) {
      delays = [...delays, delayMs];
      return clock.after(delayMs, action);
    },
  };
  let passes = 0;
  const agenda = createAgenda(counting, () => {
    passes += 1;
  });
  agenda.plan(serviceName('web'), 40 * 86_400_000);
  await clock.advance(7_200_000);
  expect(passes).toBe(0);
  expect(Math.max(...delays)).toBeLessThan(2 ** 31);
  expect(delays.length).toBeLessThan(5);
});
