// Owns: the edges of a plan: what it counts, what it leaves out, and in which order it says what waits.
import { describe, expect, test } from 'vitest';
import { afterSteps, failed, pass, planLines, planOf, settledMemory } from '../support/decision.js';

const NOTHING = { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 0 };
const PULL = 'pull image app:1  pull_policy is every';

test('1.4 what waits must be listed by name, whatever is decided first', () => {
  const waits = (name: string, priority: number): string =>
    `${name}: {image: "${name}:1", priority: ${priority}, depends_on: [bus]}`;
  const manifests = `bus: {image: "bus:1", replicas: 0}\n${waits('c', 1)}\n${waits('a', 3)}\n${waits('b', 2)}`;
  expect(planOf({ manifests }).waiting.map(({ service }) => service)).toEqual(['a', 'b', 'c']);
});

describe('1.4 the summary', () => {
  test('1.4 must not count a pull as a change of its service', () => {
    const plan = planOf({
      manifests: 'web: {image: "app:1", pull_policy: every_1h}',
      docker: 'web-1 running',
    });
    expect(plan.steps.map(({ verb }) => verb)).toEqual(['pull']);
    expect(plan.summary).toEqual({ ...NOTHING, unchanged: 1 });
  });

  test('1.4 must count what has never run as made, although it is put on a network first', () => {
    const manifests = 'networks: {a: {}, b: {}}\nweb: {image: "web:1", networks: [a, b]}';
    const plan = planOf({ manifests, docker: 'web-1 created off=alicia_b' });
    expect(plan.steps.map(({ verb }) => verb)).toEqual(['connect', 'start']);
    expect(plan.summary).toEqual({ ...NOTHING, create: 1 });
  });
});

describe('3.4 the pulls of a plan', () => {
  const pulled = (ages: Readonly<Record<string, number>>) => ({
    ...settledMemory,
    pulled: new Map(
      Object.entries(ages).map(([image, seconds]) => [
        image,
        { atMs: (1000 - seconds) * 1000, specs: new Set<never>() },
      ]),
    ),
  });
  const SLOW = `slow: {image: "slow:1", replicas: 3, deploy: {update_config: {delay: 10h}}}`;
  const OLD = 'slow-1 other running\nslow-2 other running\nslow-3 other running';
  const pulls = (lines: readonly string[]): readonly string[] =>
    lines.filter((line) => line.startsWith('pull'));

  test('3.4 must be made once for each spec under always', () => {
    expect(planLines({ manifests: 'web: {image: "app:1", pull_policy: always}' })).toEqual([
      'pull image app:1  pull_policy is always',
      'create container web-1  no container in its slot',
      'start container web-1  created, not yet started',
    ]);
  });

  test('3.4 must hold those that are due for one of several services, the very moment included', () => {
    const manifests =
      'web: {image: "app:1", pull_policy: every_10m}\napi: {image: "app:1"}\nbus: {image: "bus:1"}';
    const docker = 'web-1 running\napi-1 running\nbus-1 running';
    for (const age of [600, 700])
      expect(planLines({ manifests, docker, memory: pulled({ 'app:1': age }) })).toEqual([PULL]);
    expect(planLines({ manifests, docker, memory: pulled({ 'app:1': 599 }) })).toEqual([]);
  });

  test('3.4 must hold none that are due later, whatever else is due', () => {
    const manifests = `web: {image: "app:1", pull_policy: every_12h}\nbus: {image: "bus:1", pull_policy: every_1m}\n${SLOW}`;
    const docker = `web-1 running\nbus-1 running\n${OLD}`;
    const lines = planLines({ manifests, docker, memory: pulled({ 'app:1': 500, 'bus:1': 500 }) });
    expect(pulls(lines)).toEqual(['pull image bus:1  pull_policy is every']);
    expect(lines.filter((line) => line.startsWith('remove'))).toHaveLength(3);
  });
});

test('1.4 what is held back must come when its time has, objects of no service included', () => {
  const scene = { manifests: 'networks: {back: {}}', networks: [] };
  const memory = afterSteps(pass(scene), failed('noAddressPool'));
  expect(planLines({ ...scene, memory })).toEqual(['create network alicia_back  does not exist']);
});

test('2.4 what follows a restart must be found, for it has begun later', () => {
  const manifests =
    'bus: {image: "bus:1"}\nweb: {image: "web:1", depends_on: {bus: {condition: service_started, restart: true}}}';
  const docker = 'bus-1 exited\nweb-1 running up=1';
  expect(planLines({ manifests, docker })).toEqual([
    'start container bus-1  exited 0',
    'restart container web-1  bus was started again',
  ]);
});
