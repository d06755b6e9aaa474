// Owns: what watchers of the latest steps are shown.
import { expect, test } from 'vitest';
import type { StepProgress } from '../../src/controller/ports.js';
import { createProgressRing } from '../../src/controller/progress.js';

const progressOf = (detail: string): StepProgress => ({
  step: { verb: 'start', object: 'container web-1', service: 'web', slot: 1, cause: 'asked for' },
  phase: 'progress',
  detail,
});

test('a ring must keep the latest 500, oldest first, numbered without gaps from 1', () => {
  const ring = createProgressRing();
  expect(ring.recent()).toEqual([]);
  ring.add(progressOf('a'));
  ring.add(progressOf('b'));
  expect(ring.recent()).toEqual([
    { ...progressOf('a'), number: 1 },
    { ...progressOf('b'), number: 2 },
  ]);
  for (let number = 3; number <= 500; number += 1) ring.add(progressOf('c'));
  expect(ring.recent().map(({ number }) => number)).toEqual(Array.from({ length: 500 }, (_, at) => at + 1));
  for (let number = 501; number <= 620; number += 1) ring.add(progressOf('d'));
  expect(ring.recent().map(({ number }) => number)).toEqual(Array.from({ length: 500 }, (_, at) => at + 121));
});

test('what was handed out once must not change with what comes later', () => {
  const ring = createProgressRing();
  ring.add(progressOf('a'));
  const before = ring.recent();
  ring.add(progressOf('b'));
  expect(before).toHaveLength(1);
});

test('every listener must be told of each piece at once, until it stops listening', () => {
  const ring = createProgressRing();
  const told: string[] = [];
  const stop = ring.listen(({ detail }) => told.push(`first ${detail}`));
  ring.listen(({ detail }) => told.push(`second ${detail}`));
  ring.add(progressOf('a'));
  stop();
  ring.add(progressOf('b'));
  expect(told).toEqual(['first a', 'second a', 'second b']);
});
