// Owns: how far a plan looks, and in how many passes.
import { expect, test } from 'vitest';
import { forecast } from '../../src/core/forecast.js';
import { contextOf, planOf, type Scene, settledMemory } from '../support/decision.js';

/** The plan, and how many passes it took: each begins with a list of all services, those in error included. */
function counted(scene: Scene): { readonly plan: ReturnType<typeof forecast>; readonly passes: number } {
  let passes = 0;
  const context = contextOf(scene);
  const rejected = new Map(context.desired.rejected);
  const keys = rejected.keys.bind(rejected);
  rejected.keys = () => {
    passes += 1;
    return keys();
  };
  const plan = forecast({ ...context, desired: { ...context.desired, rejected } });
  return { plan, passes };
}

const names = Array.from({ length: 60 }, (_, index) => `s${String(index).padStart(2, '0')}`);
const held = 'held: {image: "held:1", volumes: ["data:/data"]}';
const others = [{ name: 'stranger', writes: ['alicia_data'] }];
const MANY = ['volumes: {data: {}}', held, ...names.map((name) => `${name}: {image: "${name}:1"}`)].join(
  '\n',
);

test('1.4 a plan must take few passes beside what is looked for all the time', () => {
  const fresh = counted({ manifests: MANY, others });
  expect(fresh.plan.steps).toHaveLength(120);
  expect(fresh.plan.waiting.map(({ service, reason }) => `${service} ${reason}`)).toEqual([
    'held HeldByOther',
  ]);
  expect(fresh.passes).toBeLessThan(20);
  const docker = names.map((name) => `${name}-1 running`).join('\n');
  const atRest = counted({ manifests: MANY, others, docker });
  expect(atRest.plan.steps).toEqual([]);
  expect(atRest.passes).toBeLessThan(20);
});

test('1.4 a plan must take few passes beside a refusal, and beside what restarts for ever', () => {
  const manifests =
    'volumes: {data: {}}\nweb: {image: "web:1", volumes: ["data:/data"]}\nbad: {image: "bad:1"}';
  const docker = 'web-1 running\nbad-1 restarting restarts=9';
  const { plan, passes } = counted({ manifests, docker, changed: ['alicia_data'] });
  expect(plan.steps).toEqual([]);
  expect(plan.waiting.map(({ service, reason }) => `${service} ${reason}`)).toContain('web NameConflict');
  expect(passes).toBeLessThan(20);
});

const CAREFUL = `
volumes: {data: {}}
web:
  image: "web:1"
  replicas: 10
  volumes: ["data:/data"]
  deploy: {update_config: {delay: 10m, monitor: 20s, order: start-first}}`;
const OLD = Array.from({ length: 10 }, (_, index) => `web-${index + 1} other running`).join('\n');

test('1.4 pauses must pass however many there are, also where something is looked for all the time', () => {
  for (const changed of [[], ['alicia_data']]) {
    const { plan, passes } = counted({ manifests: CAREFUL, docker: OLD, changed });
    expect(plan.steps.filter(({ verb }) => verb === 'remove')).toHaveLength(10);
    expect(passes).toBeLessThan(250);
  }
});

test('1.4 pauses must pass beside others that are looked for all the time', () => {
  const manifests = `${CAREFUL}\n${held.replace('data:', 'other:')}`.replace(
    '{data: {}}',
    '{data: {}, other: {}}',
  );
  const strangers = [{ name: 'stranger', writes: ['alicia_other'] }];
  const { plan, passes } = counted({ manifests, docker: OLD, others: strangers });
  expect(plan.waiting.map(({ service }) => service)).toEqual(['held']);
  expect(passes).toBeLessThan(250);
  expect(plan.steps.filter(({ verb }) => verb === 'remove')).toHaveLength(10);
});

test('1.4 back-offs must pass, the pulls of later must not come', () => {
  const manifests =
    'web: {image: "web:1", replicas: 3, pull_policy: every_1m, deploy: {update_config: {delay: 1h}}}';
  const docker = 'web-1 other running\nweb-2 other running\nweb-3 other running';
  const pulled = new Map([['web:1', { atMs: 1_000_000, specs: new Set<never>() }]]);
  const { steps } = planOf({ manifests, docker, memory: { ...settledMemory, pulled } });
  expect(steps.filter(({ verb }) => verb === 'pull')).toEqual([]);
  expect(steps.filter(({ verb }) => verb === 'remove')).toHaveLength(3);
});
