// Owns: that a plan is the decision run forward.
import { expect, test } from 'vitest';
import { planLines, planOf } from '../support/decision.js';

const STACK = `
volumes: {data: {}}
bus: {image: bus:1, healthcheck: {test: [CMD, ok]}}
migrate: {image: migrate:1, restart: "no", depends_on: {bus: {condition: service_healthy}}}
web:
  image: web:1
  replicas: 2
  volumes: ["data:/data"]
  depends_on: {migrate: {condition: service_completed_successfully}, bus: {condition: service_healthy}}
`;
const CONVERGED = `
bus-1 running healthy
migrate-1 exited exit=0
web-1 running
web-2 running`;

test('1.4 the plan of a fresh start must hold every step, dependencies first', () => {
  expect(planLines({ manifests: STACK, networks: [], volumes: [], images: { 'bus:1': 'missing' } })).toEqual([
    'pull image bus:1  not on this host',
    'create network alicia_bus_network  does not exist',
    'create volume alicia_data  does not exist',
    'create container bus-1  no container in its slot',
    'start container bus-1  created, not yet started',
    'create container migrate-1  no container in its slot',
    'start container migrate-1  created, not yet started',
    'create container web-1  no container in its slot',
    'create container web-2  no container in its slot',
    'start container web-1  created, not yet started',
    'start container web-2  created, not yet started',
  ]);
});

test('1.4 the plan of what is converged must be empty', () => {
  const plan = planOf({ manifests: STACK, docker: CONVERGED });
  expect(plan).toEqual({
    steps: [],
    waiting: [],
    summary: { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 3 },
  });
});

test('1.4 the plan of a new spec must hold the whole replacement, the old one kept until the new one is ready', () => {
  const manifests = STACK.replace('web:1', 'web:2');
  const docker = CONVERGED.replaceAll(/(web-\d)/g, '$1 other');
  expect(planLines({ manifests, docker })).toEqual([
    'create container web-1  its spec changed',
    'start container web-1  its spec changed',
    'stop container web-1  its successor is ready',
    'rename container web-1  kept until its successor is ready',
    'create container web-2  its spec changed',
    'update container web-1  kept until its successor is ready',
    'start container web-2  its spec changed',
    'remove container web-1  its successor is ready',
    'stop container web-2  its successor is ready',
    'rename container web-2  kept until its successor is ready',
    'update container web-2  kept until its successor is ready',
    'remove container web-2  its successor is ready',
  ]);
  expect(planOf({ manifests, docker }).summary).toMatchObject({ replace: 1, unchanged: 2 });
});

test('1.4 the plan of a removal must take dependants first', () => {
  const manifests = 'a: {image: a:1}\nb: {image: b:1}';
  const docker = 'a-1 running\nb-1 running\nbus-1 running\nweb-1 running needs=bus';
  expect(planLines({ manifests, docker })).toEqual([
    'stop container web-1  its manifest is gone',
    'remove container web-1  its manifest is gone',
    'stop container bus-1  its manifest is gone',
    'remove container bus-1  its manifest is gone',
  ]);
  expect(planOf({ manifests, docker }).summary).toMatchObject({ remove: 2, unchanged: 2 });
});

test('1.4 what waits must be listed with its reason', () => {
  const manifests = 'bus: {image: bus:1, replicas: 0}\nweb: {image: web:1, depends_on: [bus]}';
  expect(planOf({ manifests }).waiting).toEqual([
    { service: 'web', reason: 'DependencyNotReady', message: 'waits for bus, which has 0 replicas' },
  ]);
});

test('1.4 the plan must count what is under way as done', () => {
  const fresh = { manifests: 'web: {image: web:1}' };
  expect(planLines({ ...fresh, docker: 'web-1 created' })).toEqual([
    'start container web-1  created, not yet started',
  ]);
});

test('1.4 a service that never comes to rest must not hang the plan', () => {
  const docker = 'web-1 restarting restarts=9';
  expect(planLines({ manifests: 'web: {image: web:1}', docker })).toEqual([]);
});
