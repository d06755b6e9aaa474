// Owns: the edges of the rules of a lone replica.
import { expect, test } from 'vitest';
import { emptyMemory } from '../../src/core/memory.js';
import { linesOf, pass } from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const CHECKED = 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}';
const BY_HAND = 'web: {image: web:1, self_heal: false}';

test('2.2 what is unhealthy must not be restarted while what it needs is not met', () => {
  const manifests = `db: {image: db:1, healthcheck: {test: [CMD, ok]}}\n${CHECKED.replace('}}', '}, depends_on: {db: {condition: service_healthy}}}')}`;
  const docker = (db: string): string => `db-1 running ${db}\nweb-1 running unhealthy`;
  const first = pass({ manifests, docker: docker('starting') });
  expect(linesOf({ manifests, docker: docker('starting'), at: 1020, memory: first.memory })).toEqual([]);
  expect(linesOf({ manifests, docker: docker('healthy'), at: 1020, memory: first.memory })).toEqual([
    'restart container web-1  unhealthy',
  ]);
});

test('8.9 an end that Docker did not see must be nobody’s wish, also with self_heal: false', () => {
  const { memory } = pass({ manifests: BY_HAND, docker: 'web-1 running' });
  const seen = (exit: number): readonly string[] => {
    const docker = `web-1 exited exit=${exit}`;
    const first = pass({ manifests: BY_HAND, docker, memory, at: 1001 });
    return linesOf({ manifests: BY_HAND, docker, memory: first.memory, at: 1060 });
  };
  expect(seen(0)).toEqual([]);
  expect(seen(255)).toHaveLength(1);
});

test('4.3 a start in a rollout must be no going on of a run', () => {
  const manifests = CHECKED.replace('web:1', 'web:2');
  const { steps } = pass({ manifests, docker: 'web-1-old other running healthy\nweb-1 created' });
  expect(steps).toMatchObject([{ kind: 'startContainer', interrupted: false }]);
});

test('6.4 a first start must be no run that was cut off', () => {
  const { steps } = pass({ manifests: 'job: {image: job:1, restart: "no"}', docker: 'job-1 created' });
  expect(steps).toMatchObject([{ kind: 'startContainer', again: false, interrupted: false }]);
});

test('8.12 what is being removed must be left, whatever its name', () => {
  expect(linesOf({ manifests: WEB, docker: 'web-1 removing named=x' })).toEqual([]);
});

test('8.9 a start that failed must be named so when it is made again', () => {
  expect(linesOf({ manifests: WEB, docker: 'web-1 created error=no_such_device' })).toEqual([
    'start container web-1  its start failed',
  ]);
});

test('6.4 what a fresh process finds exited must be started, also with self_heal: false', () => {
  const scene = { manifests: BY_HAND, docker: 'web-1 exited exit=0' };
  const found = pass({ ...scene, memory: emptyMemory }).memory;
  expect(linesOf({ ...scene, at: 1003, memory: { ...found, amnesty: false } })).toEqual([
    'start container web-1  exited 0',
  ]);
  const seen = pass({ ...scene, docker: 'web-1 running' }).memory;
  const ended = pass({ ...scene, at: 1001, memory: seen }).memory;
  expect(linesOf({ ...scene, at: 1004, memory: ended })).toEqual([]);
});

test('6.3 what was stopped by hand and is left must be left off its networks, too', () => {
  const docker = 'web-1 exited exit=0 off=alicia_bus_network';
  const before = pass({ manifests: BY_HAND, docker: 'web-1 running' });
  const first = pass({ manifests: BY_HAND, docker, at: 1001, memory: before.memory });
  expect([
    ...first.lines,
    ...linesOf({ manifests: BY_HAND, docker, at: 1004, memory: first.memory }),
  ]).toEqual([]);
});

test.each([
  ['a container that gave no answer', 'web-1 running unhealthy silent', 'web-1 running unhealthy', CHECKED],
  [
    'a paused one',
    'web-1 paused probed=unhealthy',
    'web-1 running probed=unhealthy',
    'web: {image: web:1, probes: [{tcp: {port: 1}}]}',
  ],
])('6.2 of %s nothing may count before it is seen to run and be ill', (_, before, after, manifests) => {
  const { memory } = pass({ manifests, docker: before });
  expect(linesOf({ manifests, docker: after, at: 1012, memory })).toEqual([]);
});
