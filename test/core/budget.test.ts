// Owns: how many replicas a rollout may take away at once.
import { expect, test } from 'vitest';
import { afterSteps, linesOf, pass } from '../support/decision.js';

const web = (options: string): string =>
  `web: {image: web:2, healthcheck: {test: [CMD, ok]}, deploy: {update_config: {order: stop-first, ${options}}}, replicas: 3}`;
const ALL_OLD = 'web-1 other running healthy\nweb-2 other running healthy\nweb-3 other running healthy';
const stop = (slot: number): string => `stop container web-${slot} (other)  its spec changed`;

test('4.6 one replica at a time must be taken away by default', () => {
  expect(linesOf({ manifests: web('parallelism: 1'), docker: ALL_OLD })).toEqual([stop(1)]);
});

test('4.6 as many as the parallelism says must be taken away at once, and no more', () => {
  expect(linesOf({ manifests: web('parallelism: 2'), docker: ALL_OLD })).toEqual([stop(1), stop(2)]);
});

test('4.1 parallelism 0 must take all at once', () => {
  expect(linesOf({ manifests: web('parallelism: 0'), docker: ALL_OLD })).toEqual([stop(1), stop(2), stop(3)]);
});

test('4.6 the next one must wait until the first is ready again', () => {
  const docker =
    'web-1-old other exited\nweb-1 running starting\nweb-2 other running healthy\nweb-3 other running healthy';
  expect(linesOf({ manifests: web('parallelism: 1'), docker })).toEqual([]);
  const ready = docker.replace('starting', 'healthy');
  expect(linesOf({ manifests: web('parallelism: 1'), docker: ready })).toEqual([stop(2)]);
});

test('4.6 a step that is under way must count against the budget', () => {
  const first = pass({ manifests: web('parallelism: 1'), docker: ALL_OLD });
  expect(linesOf({ manifests: web('parallelism: 1'), docker: ALL_OLD, inFlight: first.steps })).toEqual([]);
});

test('4.6 a replica that is already broken may be replaced outside the budget', () => {
  const docker = 'web-1 other running healthy\nweb-2 other running unhealthy\nweb-3 other running healthy';
  expect(linesOf({ manifests: web('parallelism: 1'), docker })).toEqual([stop(2)]);
  expect(linesOf({ manifests: web('parallelism: 2'), docker })).toEqual([stop(1), stop(2)]);
});

test('4.6 when the service was short of replicas before, none that is ready may be taken away', () => {
  const docker =
    'web-1 other running healthy\nweb-2 other running healthy\nweb-3 other restarting restarts=9';
  expect(linesOf({ manifests: web('parallelism: 1'), docker })).toEqual([stop(3)]);
});

test('4.1 the delay between two groups must be kept', () => {
  const manifests = web('delay: 10s');
  const waiting =
    'web-1-old other exited\nweb-1 running starting\nweb-2 other running healthy\nweb-3 other running healthy';
  const before = pass({ manifests, docker: waiting, at: 1000 });
  const docker = waiting.replace('starting', 'healthy');
  const ready = pass({ manifests, docker, at: 1001, memory: afterSteps(before) });
  expect(ready.lines).toEqual([]);
  expect(ready.recheckIn('web')).toBe(10);
  expect(linesOf({ manifests, docker, at: 1010.9, memory: ready.memory })).toEqual([]);
  expect(linesOf({ manifests, docker, at: 1011, memory: ready.memory })).toEqual([stop(2)]);
});

test('4.1 the image must be here before anything is stopped for its sake', () => {
  const scene = {
    manifests: web('parallelism: 1'),
    docker: ALL_OLD,
    images: { 'web:2': 'missing' as const },
  };
  expect(linesOf(scene)).toEqual(['pull image web:2  not on this host']);
});

test('2.2 a rollout must not begin while a dependency of the new spec is not ready', () => {
  const manifests = `
bus: {image: bus:1, healthcheck: {test: [CMD, ok]}}
web: {image: web:2, depends_on: {bus: {condition: service_healthy}}}`;
  const docker = 'bus-1 running starting\nweb-1 other running';
  expect(linesOf({ manifests, docker })).toEqual([]);
  expect(pass({ manifests, docker }).status('web')).toContain('waits for bus to be healthy');
});
