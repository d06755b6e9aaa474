// Owns: that a loop of crashes is one piece of news, and not a new one with every crash.
import { expect, test } from 'vitest';
import { eventTypes, type Pass, passes, type Scene } from '../support/decision.js';

const manifests = 'web: {image: web:1}';

/** So many crashes, each seen while it rests and while it runs; `gapS` seconds apart. */
function crashes(count: number, gapS: number): readonly Scene[] {
  return Array.from({ length: count }, (_, index) => index + 1).flatMap((number) => {
    const at = 1000 + number * gapS;
    return [
      { manifests, docker: `web-1 restarting restarts=${number - 1} exit=1 id=x`, at },
      { manifests, docker: `web-1 running restarts=${number} id=x up=${-number * gapS}`, at: at + 1 },
    ];
  });
}

const START: Scene = { manifests, docker: 'web-1 running restarts=0 id=x' };
const later = (at: number): Scene => ({ manifests, docker: 'web-1 running restarts=8 id=x', at });
const told = (all: readonly Pass[], type: string): number =>
  all.flatMap(eventTypes).filter((word) => word === type).length;

test('6.1 five crashes within ten minutes must be told once, whatever it does between them', () => {
  const all = passes([START, ...crashes(8, 60)]);
  expect(told(all, 'service_failed')).toBe(1);
  expect(all.at(-1)?.status('web')).toBe(
    'failed Synced Degraded CrashLoopBackOff: crash loop: exited 1 8 times; it runs again, and counts as well after ten minutes without a crash',
  );
});

test('6.1 a crash loop must be over after ten minutes without a crash, and not before', () => {
  const all = passes([START, ...crashes(8, 60), later(1481 + 598), later(1481 + 600)]);
  expect(all.at(-2)?.status('web')).toContain('CrashLoopBackOff');
  expect(all.at(-1)?.status('web')).toBe('running Synced Healthy');
  expect(told(all, 'recovery')).toBe(1);
});

test('6.1 the end of a crash loop must be looked for at its time, and not any more after it', () => {
  const all = passes([START, ...crashes(8, 60), later(1481 + 598), later(1481 + 600), later(1481 + 601)]);
  expect(all.slice(-3).map((done) => done.recheckIn('web'))).toEqual([2, null, null]);
});

test('6.1 of two crash loops the end of the first must be looked for first', () => {
  const two = (first: number, second: number, at: number): Scene => ({
    manifests: 'web: {image: web:1, replicas: 2}',
    docker: `web-1 running restarts=${first} id=x\nweb-2 running restarts=${second} id=y`,
    at,
  });
  const five = [1, 2, 3, 4, 5];
  const all = passes([
    two(0, 0, 1000),
    ...five.map((number) => two(number, 0, 1000 + number)),
    ...five.map((number) => two(5, number, 1100 + number)),
  ]);
  expect(all.at(-1)?.recheckIn('web')).toBe(500);
});

test('6.1 five crashes within exactly ten minutes must be a loop', () => {
  expect(told(passes([START, ...crashes(5, 150)]), 'service_failed')).toBe(1);
  expect(told(passes([START, ...crashes(5, 151)]), 'service_failed')).toBe(0);
});

test('6.1 crashes that lie far apart must be no loop', () => {
  const all = passes([START, ...crashes(8, 200)]);
  expect(told(all, 'service_failed')).toBe(0);
});

test('6.1 a fresh process that finds a loop must tell of it once', () => {
  const all = passes(crashes(12, 60).slice(12));
  expect(told(all, 'service_failed')).toBe(1);
});

test.each([
  ['running restarts=5 up=100 age=700', true],
  ['running restarts=5 up=100 age=701', false],
  ['running restarts=5 up=599 age=1199', true],
  ['running restarts=5 up=600 age=1200', false],
  ['running restarts=4 up=100 age=200', false],
  ['restarting restarts=5 up=900 age=9000', true],
  ['exited restarts=5 up=100 age=700', false],
])(
  '6.1 by Docker’s own figures a container that is first seen %s must be in a loop: %s',
  (words, isLooping) => {
    const found = passes([{ manifests, docker: `web-1 ${words}` }]);
    expect(found[0]?.status('web').includes('CrashLoopBackOff')).toBe(isLooping);
  },
);
