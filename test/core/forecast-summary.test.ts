// Owns: what a plan counts each service under.
import { expect, test } from 'vitest';
import { pass, planOf } from '../support/decision.js';

test('1.4 the summary must count each service once, under the weightiest thing that happens to it', () => {
  const manifests = 'a: {image: a:1}\nb: {image: b:1}\nc: {image: c:1, replicas: 2}\nd: {image: d:1}';
  const docker = 'b-1 paused\nc-1 running\nd-1 running policy=always';
  expect(planOf({ manifests, docker }).summary).toEqual({
    create: 1,
    update: 2,
    replace: 0,
    remove: 0,
    restart: 1,
    unchanged: 0,
  });
});

const summary = { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 0 };

test.each([
  ['a moved image', 'web: {image: "web:1", pull_policy: every_1h}', 'web-1 running moved', 'replace'],
  ['a limit that was taken away', 'web: {image: "web:1"}', 'web-1 running mem=32m', 'replace'],
  ['another spec', 'web: {image: "web:1"}', 'web-1 other running', 'replace'],
  [
    'another spec and fewer replicas',
    'web: {image: "web:1"}',
    'web-1 other running\nweb-2 other running',
    'replace',
  ],
  ['one replica more', 'web: {image: "web:1", replicas: 2}', 'web-1 running', 'update'],
  ['one replica less', 'web: {image: "web:1"}', 'web-1 running\nweb-2 running', 'update'],
  ['no replicas', 'web: {image: "web:1", replicas: 0}', 'web-1 other running', 'update'],
  ['a limit that changed', 'web: {image: "web:1", mem_limit: 64m}', 'web-1 running mem=32m', 'update'],
  ['an end', 'web: {image: "web:1"}', 'web-1 exited', 'restart'],
  ['a first start', 'web: {image: "web:1"}', 'web-1 created', 'create'],
  ['nothing there', 'web: {image: "web:1"}', '', 'create'],
  ['no manifest', 'a: {image: "a:1"}', 'a-1 running\nweb-1 running', 'remove'],
] as const)('1.4 the summary must count %s by what happens', (_, manifests, docker, kind) => {
  const rest = manifests.startsWith('a:') ? { unchanged: 1 } : {};
  expect(planOf({ manifests, docker }).summary).toEqual({ ...summary, ...rest, [kind]: 1 });
});

test('1.4 the summary must count what is being made just now as made', () => {
  const { steps } = pass({ manifests: 'web: {image: "web:1"}' });
  const plan = planOf({ manifests: 'web: {image: "web:1"}', inFlight: steps });
  expect(plan.steps.map(({ verb }) => verb)).toEqual(['start']);
  expect(plan.summary).toEqual({ ...summary, create: 1 });
});
