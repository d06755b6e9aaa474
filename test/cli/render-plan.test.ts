import { expect, test } from 'vitest';
import { plainPaint } from '../../src/cli/paint.js';
import { renderPlan, renderPlanJson } from '../../src/cli/render-plan.js';
import type { Plan } from '../../src/model/plan.js';

const nothing = { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 0 };
const plan: Plan = {
  steps: [
    { verb: 'pull', object: 'image redis:7.4', service: 'cache', slot: null, cause: 'not on this host' },
    {
      verb: 'create',
      object: 'container cache-1',
      service: 'cache',
      slot: 1,
      cause: 'no container in slot 1',
    },
  ],
  waiting: [{ service: 'web', reason: 'DependencyNotFound', message: 'waits for db' }],
  summary: { ...nothing, create: 1, unchanged: 2 },
};

test('a plan must print its steps in order, then what waits, then one summary', () => {
  expect(renderPlan(plan, plainPaint)).toEqual([
    'pull image redis:7.4  not on this host',
    'create container cache-1  no container in slot 1',
    'wait service web  DependencyNotFound: waits for db',
    '2 steps; services: 1 to create, 2 unchanged.',
  ]);
});

test('a plan without steps must say so', () => {
  expect(renderPlan({ steps: [], waiting: [], summary: { ...nothing, unchanged: 1 } }, plainPaint)).toEqual([
    'Nothing to do: 1 service unchanged.',
  ]);
});

test('a plan that only waits must not sound as if all were well', () => {
  const { waiting } = plan;
  expect(renderPlan({ steps: [], waiting, summary: { ...nothing, unchanged: 2 } }, plainPaint)).toEqual([
    'wait service web  DependencyNotFound: waits for db',
    'Nothing to do now: 2 services unchanged; 1 waits, see above.',
  ]);
});

test('the JSON of a plan must have exactly the fields of the contract, in their order', () => {
  expect(renderPlanJson(plan)).toBe(
    '{"steps":[{"verb":"pull","object":"image redis:7.4","service":"cache","slot":null,"cause":"not on this host"},' +
      '{"verb":"create","object":"container cache-1","service":"cache","slot":1,"cause":"no container in slot 1"}],' +
      '"waiting":[{"service":"web","reason":"DependencyNotFound","message":"waits for db"}],' +
      '"summary":{"create":1,"update":0,"replace":0,"remove":0,"restart":0,"unchanged":2}}\n',
  );
});
