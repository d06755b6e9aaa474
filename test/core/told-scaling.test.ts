// Owns: that events of having scaled, and of rollouts given up, say what is so.
import { expect, test } from 'vitest';
import { eventTypes, passes } from '../support/decision.js';
import { OTHER_SPECS } from '../support/decision-observed.js';

const web = (image: string, replicas: number, more = ''): string =>
  `web: {image: "web:${image}", replicas: ${replicas}${more}}`;

test('contract 5: scaling together with a new spec must name only the instances that were added', () => {
  const scenes = [
    { manifests: web('1', 1), docker: 'web-1 running id=a' },
    {
      manifests: web('2', 2),
      docker: 'web-1 running id=b\nweb-2 running id=c',
      at: 1010,
    },
  ];
  const event = passes(scenes)[1]?.events.find(({ type }) => type === 'service_scaled_up');
  expect(event?.facts).toMatchObject({
    added_instances: 1,
    instance_ids: [expect.stringMatching(/^alicia-web-2-/)],
    new_total: 2,
  });
});

test('contract 5: a literal name that becomes a prefix must not count as an instance that was added', () => {
  const named = ', container_name: front';
  const scenes = [
    { manifests: web('1', 1, named), docker: 'web-1 running id=a' },
    { manifests: web('1', 2, named), docker: 'web-1 running id=a\nweb-2 running id=b', at: 1010 },
  ];
  const event = passes(scenes)[1]?.events.find(({ type }) => type === 'service_scaled_up');
  expect(event?.facts).toMatchObject({ added_instances: 1, new_total: 2 });
  expect(event?.facts).toHaveProperty('instance_ids.length', 1);
});

test('contract 5: a rollout that is given up with its manifest must not be told as completed', () => {
  const docker = 'web-1-old other exited policy=no\nweb-1 running';
  const all = passes([
    { manifests: web('2', 1), docker: 'web-1 other running' },
    { manifests: web('2', 1), docker, at: 1001 },
    { manifests: 'lone: {image: lone:1}', docker, at: 1002 },
  ]);
  expect(all.map((one) => eventTypes(one).filter((type) => type.startsWith('service_update')))).toEqual([
    [],
    ['service_update_started'],
    [],
  ]);
});

test('contract 5: recovery must be told also when a restart lies between', () => {
  const manifests = 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}';
  const all = passes([
    { manifests, docker: 'web-1 running healthy id=x' },
    { manifests, docker: 'web-1 running unhealthy id=x', at: 1001 },
    { manifests, docker: 'web-1 running starting id=x up=-2', at: 1002 },
    { manifests, docker: 'web-1 running healthy id=x up=-2', at: 1003 },
  ]);
  expect(all.flatMap(eventTypes).filter((type) => type === 'service_recovered')).toHaveLength(1);
});

test('contract 5: a rollback must be told once, and name what serves again, also by a process that came in its midst', () => {
  const manifests = 'web: {image: "web:2", healthcheck: {test: [CMD, ok]}}';
  const evidence = 'web-1-failed exited exit=1 policy=no';
  const all = passes([
    { manifests, docker: `web-1-old other exited policy=no\n${evidence}` },
    { manifests, docker: `web-1 other running starting id=o\n${evidence}`, at: 1001 },
    { manifests, docker: `web-1 other running healthy id=o\n${evidence}`, at: 1002 },
    { manifests, docker: `web-1 other running unhealthy id=o\n${evidence}`, at: 1003 },
    { manifests, docker: `web-1 other running healthy id=o\n${evidence}`, at: 1004 },
  ]);
  const told = all.flatMap(({ events }) => events).filter(({ type }) => type === 'service_rolled_back');
  expect(told).toHaveLength(1);
  expect(told[0]?.facts).toMatchObject({ to: OTHER_SPECS.other });
});
