// Owns: which replicas are given up where there are too many.
import { expect, test } from 'vitest';
import { linesOf } from '../support/decision.js';

const web = (replicas: number): string =>
  `web: {image: web:1, replicas: ${replicas}, healthcheck: {test: [CMD, ok]}}`;
const gone = (replicas: number, docker: string): readonly string[] =>
  linesOf({ manifests: web(replicas), docker })
    .filter((line) => line.includes('more replicas than declared'))
    .map((line) => line.split(' ').slice(0, 3).join(' '));

test.each([
  [
    'the oldest goes first, wherever it stands',
    2,
    'web-1 running healthy age=10\nweb-2 running healthy age=30\nweb-3 running healthy age=20',
    [2],
  ],
  [
    'the youngest stays',
    1,
    'web-1 running healthy age=10\nweb-2 running healthy age=30\nweb-3 running healthy age=20',
    [2, 3],
  ],
  [
    'of equals the lowest slot goes first',
    2,
    'web-1 running healthy\nweb-2 running healthy\nweb-3 running healthy',
    [1],
  ],
  [
    'what is not ready goes before what is outdated',
    1,
    'web-1 running starting\nweb-2 other running healthy',
    [1],
  ],
  [
    'a slot whose old one serves is ready',
    1,
    'web-1 other running healthy\nweb-1 running starting\nweb-2 running starting',
    [2],
  ],
])('5.2 %s', (_, replicas, docker, slots) => {
  expect(gone(replicas, docker)).toEqual(slots.map((slot) => `stop container web-${slot}`));
});

test.each([1, 2])('4.5 the evidence of a failed spec must stay, whichever slot it stands in: %i', (slot) => {
  const docker = `web-${slot}-failed exited\nweb-${slot} other running healthy\nweb-${3 - slot} other running healthy`;
  expect(gone(1, docker)).toEqual([`stop container web-${3 - slot}`]);
});

test.each([
  ['an old one that serves', 'web-1 other running healthy\nweb-2-failed exited exit=1'],
  ['a current one that serves', 'web-1 running healthy\nweb-2-failed exited exit=1'],
  [
    'a current one that serves beside an old one that does',
    'web-1 running healthy\nweb-2-failed exited exit=1\nweb-2 other running healthy',
  ],
  [
    'an old one that serves beside one that does not',
    'web-1 other running healthy\nweb-2-failed exited exit=1\nweb-2 other running unhealthy',
  ],
])('5.2 evidence must never stay in the place of %s', (_, docker) => {
  expect(gone(1, docker)).not.toContain('stop container web-1');
});

test('4.5 of slots none of which serves that with the evidence must stay', () => {
  expect(
    gone(
      1,
      'web-1-failed exited exit=1 age=30\nweb-1 other running unhealthy age=40\nweb-2 other running unhealthy age=20',
    ),
  ).toEqual(['stop container web-2']);
});
