// Owns: that what is due by the clock is looked at before it is decided.
import { expect, test } from 'vitest';
import { createAgenda } from '../../src/controller/agenda.js';
import { serviceName } from '../../src/model/ids.js';
import { createVirtualClock } from '../support/simulation/virtual-clock.js';

const web = serviceName('web');
const db = serviceName('db');

/** An agenda whose looks take 300 ms; passes and looks are noted with their time. */
function start() {
  const clock = createVirtualClock();
  const passes: string[] = [];
  const looks: string[] = [];
  const agenda = createAgenda(
    clock,
    () => {
      const { services, objects } = agenda.take();
      passes.push(`${clock.elapsedMs()}: ${[...services].sort().join(' ')}${objects ? ' objects' : ''}`);
    },
    (names) => {
      looks.push(`${clock.elapsedMs()}: ${names.join(' ')}`);
      return new Promise((resolve) => {
        clock.after(300, resolve);
      });
    },
  );
  return { clock, agenda, passes, looks };
}

test('a pass that is due by the clock must come once what is due has been looked at, and not before', async () => {
  const { clock, agenda, passes, looks } = start();
  agenda.plan(web, 500);
  agenda.plan(db, 500);
  await clock.advance(600);
  expect([looks, passes]).toEqual([['500: web db'], []]);
  await clock.advance(5_000);
  expect(passes).toEqual(['800: db web']);
});

test('objects that are due need no look, and wait for none', async () => {
  const { clock, agenda, passes, looks } = start();
  agenda.planObjects(200);
  await clock.advance(1_000);
  expect([looks, passes]).toEqual([[], ['200:  objects']]);
  agenda.plan(web, 2_000);
  agenda.planObjects(2_000);
  await clock.advance(5_000);
  expect([looks, passes.slice(1)]).toEqual([['2000: web'], ['2000:  objects', '2300: web']]);
});

test('an agenda must not count as empty while anything is dirty, or is being looked at', async () => {
  const { clock, agenda } = start();
  expect(agenda.isEmpty()).toBe(true);
  agenda.mark([web]);
  expect(agenda.isEmpty()).toBe(false);
  agenda.take();
  agenda.mark([], true);
  expect(agenda.isEmpty()).toBe(false);
  await clock.advance(10);
  expect(agenda.isEmpty()).toBe(true);
  agenda.plan(web, 500);
  await clock.advance(600);
  expect(agenda.isEmpty()).toBe(false);
  await clock.advance(300);
  expect(agenda.isEmpty()).toBe(true);
});

test('a look that was under way when it was stopped must bring no pass', async () => {
  const { clock, agenda, passes } = start();
  agenda.plan(web, 500);
  await clock.advance(600);
  agenda.stop();
  await clock.advance(5_000);
  expect(passes).toEqual([]);
});
