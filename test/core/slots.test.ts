// Owns: which container of a slot is the wanted one, which the outdated one, which too many.
import { expect, test } from 'vitest';
import { wantedOf } from '../../src/core/compare.js';
import { slotsOf } from '../../src/core/slots.js';
import { serviceName } from '../../src/model/ids.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import { contextOf } from '../support/decision.js';

const WEB = serviceName('web');

/** Each slot as `1: current a, outdated b, surplus c d`; a container is known by the pid of its line. */
function slots(...lines: readonly string[]): readonly string[] {
  const context = contextOf({ manifests: 'web: {image: web:1, replicas: 3}', docker: lines.join('\n') });
  const service = context.desired.services.get(WEB);
  if (service === undefined) throw new Error('web is needed');
  const wordOf = (container: ObservedContainer | null): string =>
    container === null ? '-' : String(container.pid);
  return slotsOf(wantedOf(service, context), context.observed.services.get(WEB) ?? []).map(
    ({ slot, current, outdated, surplus }) =>
      `${slot}: current ${wordOf(current)}, outdated ${wordOf(outdated)}, surplus ${surplus.map(wordOf).join(' ')}`.trim(),
  );
}

test('5 slots must be sorted by number', () => {
  expect(slots('web-3 running pid=3', 'web-1 running pid=1', 'web-2 running pid=2')).toEqual([
    '1: current 1, outdated -, surplus',
    '2: current 2, outdated -, surplus',
    '3: current 3, outdated -, surplus',
  ]);
});

test.each([
  [
    'what runs under its own name',
    ['web-1 running pid=1', 'web-1-failed exited pid=2'],
    'current 1, outdated -, surplus 2',
  ],
  [
    'evidence, before what rests',
    ['web-1 exited pid=1', 'web-1-failed exited pid=2'],
    'current 2, outdated -, surplus 1',
  ],
  [
    'its own name, before one kept aside',
    ['web-1 exited pid=1 age=50', 'web-1-old running pid=2 age=10'],
    'current 1, outdated 2, surplus',
  ],
  [
    'one kept aside, where there is no other',
    ['web-1-old exited pid=2', 'web-1 other running pid=3'],
    'current 2, outdated 3, surplus',
  ],
  [
    'the newest of those that rest',
    ['web-1 exited pid=1 age=50 id=a', 'web-1 exited pid=2 age=10 id=b'],
    'current 2, outdated -, surplus 1',
  ],
  [
    'the newest of those that run',
    ['web-1 running pid=1 age=50 id=a', 'web-1 running pid=2 age=10 id=b', 'web-1 exited pid=3 age=1 id=c'],
    'current 2, outdated -, surplus 1 3',
  ],
])('4.8 the current one must be %s', (_, lines, expected) => {
  expect(slots(...lines)).toEqual([`1: ${expected}`]);
  expect(slots(...[...lines].reverse())).toEqual([`1: ${expected}`]);
});

test.each([
  [
    'one kept aside, of whatever spec',
    ['web-1 running pid=1', 'web-1-old running pid=2'],
    'outdated 2, surplus',
  ],
  ['one of another spec', ['web-1 running pid=1', 'web-1 other exited pid=2'], 'outdated 2, surplus'],
  [
    'one that has run, also where its start failed later',
    ['web-1 running pid=1', 'web-1 other created restarts=1 pid=2'],
    'outdated 2, surplus',
  ],
  ['none that never ran', ['web-1 running pid=1', 'web-1 other created pid=2'], 'outdated -, surplus 2'],
  ['none that is dead', ['web-1 running pid=1', 'web-1 other dead pid=2'], 'outdated -, surplus 2'],
  [
    'none that is being removed',
    ['web-1 running pid=1', 'web-1 other removing pid=2'],
    'outdated -, surplus 2',
  ],
  ['no evidence', ['web-1 running pid=1', 'web-1-failed other exited pid=2'], 'outdated -, surplus 2'],
  [
    'one that lives before one that rests',
    ['web-1 running pid=1', 'web-1 other exited pid=2 age=10', 'web-1 other2 paused pid=3 age=5'],
    'outdated 3, surplus 2',
  ],
  [
    'the oldest of those that live',
    ['web-1 running pid=1', 'web-1 other running pid=2 age=10', 'web-1 other2 running pid=3 age=50'],
    'outdated 3, surplus 2',
  ],
  [
    'the oldest of those that rest',
    ['web-1 running pid=1', 'web-1 other exited pid=2 age=10', 'web-1 other2 exited pid=3 age=50'],
    'outdated 3, surplus 2',
  ],
])('4.8 the outdated one must be %s', (_, lines, expected) => {
  expect(slots(...lines)).toEqual([`1: current 1, ${expected}`]);
  expect(slots(...[...lines].reverse())).toEqual([`1: current 1, ${expected}`]);
});

test('5 equals must be told apart by their ids, whatever the order of Docker’s list', () => {
  const lines = ['web-1 running pid=1 id=a', 'web-1 running pid=2 id=b', 'web-1 running pid=3 id=c'];
  const [first] = slots(...lines);
  for (const order of [
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])
    expect(slots(...order.map((index) => lines[index] ?? ''))).toEqual([first]);
});
