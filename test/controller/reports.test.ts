// Owns: what a controller answers about itself, from what it knows.
import { describe, expect, test } from 'vitest';
import { createParts } from '../../src/controller/parts.js';
import { reportsOf } from '../../src/controller/reports.js';
import type { DecisionContext } from '../../src/core/context.js';
import { serviceName } from '../../src/model/ids.js';
import type { Plan } from '../../src/model/plan.js';
import type { Problem } from '../../src/model/problem.js';
import type { ServiceStatus } from '../../src/model/status.js';
import { LIMITS } from '../support/controller-limits.js';
import { parseDesired } from '../support/decision-desired.js';
import { sampleStatus } from '../support/samples.js';
import { createVirtualClock, WALL_START_MS } from '../support/simulation/virtual-clock.js';

const PLAN = { steps: [], waiting: [], summary: { unchanged: 7 } } as unknown as Plan;
const problemOf = (severity: Problem['severity']): Problem => ({
  ...{ code: 'UNKNOWN_FIELD', severity, file: 'web.yaml', line: 1, column: 1, message: '', service: null },
});

/** The reports of a controller whose state the test writes. */
function reporting() {
  const clock = createVirtualClock();
  const options = {
    ...{ clock, limits: LIMITS, instance: 'box', project: 'alicia', version: '1.2.3' },
    ...{ manifests: ['/manifests'], pid: 42 },
  } as unknown as Parameters<typeof createParts>[0];
  const parts = createParts(options);
  const world = { isWhole: true, context: {} as DecisionContext | null };
  const observer = { isWhole: () => world.isWhole } as Parameters<typeof reportsOf>[0]['observer'];
  const reports = reportsOf({ ...parts, observer }, { context: () => world.context, forecast: () => PLAN });
  const set = (...statuses: readonly ServiceStatus[]): void => {
    parts.state.statuses.clear();
    for (const status of statuses) parts.state.statuses.set(serviceName(status.service), status);
  };
  return { clock, world, reports, set, state: parts.state };
}

test('1.1 a controller must count as alive until its passes are three resyncs late', async () => {
  const { clock, reports, state } = reporting();
  await clock.advance(89_999);
  expect(reports.isAlive()).toBe(true);
  await clock.advance(1);
  expect(reports.isAlive()).toBe(false);
  state.heartbeatMs = 90_000;
  expect(reports.isAlive()).toBe(true);
});

test('before anything is known it must say so, and plan nothing', () => {
  const { reports, world } = reporting();
  expect(reports.isReady()).toBe(false);
  expect([reports.digest(), reports.problems(), reports.services()]).toEqual(['', [], []]);
  expect(reports.orchestrator()).toEqual({
    ...{ instance: 'box', project: 'alicia', version: '1.2.3', phase: 'starting', in_sync: false },
    services: { total: 0, synced: 0, healthy: 0, degraded: 0 },
    ...{ manifest_errors: 0, revision: '', last_pass_at: null, last_pass_ms: 0 },
    engine: { reachable: false, version: '' },
    mqtt: { queued: 0, dropped: 0 },
  });
  expect(reports.plan()).toBe(PLAN);
  const nothing = { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 0 };
  const noPlan = { steps: [], waiting: [], summary: nothing };
  world.isWhole = false;
  expect(reports.plan()).toEqual(noPlan);
  Object.assign(world, { isWhole: true, context: null });
  expect(reports.plan()).toEqual(noPlan);
});

test('what the manifests are and what is wrong with them must be told, warnings not as errors', () => {
  const { reports, state } = reporting();
  const problems = [problemOf('error'), problemOf('warning'), problemOf('error')];
  const desired = { ...parseDesired('web: {image: "web:1"}'), problems };
  Object.assign(state, { desired, lastPassAt: WALL_START_MS, lastPassMs: 12.6 });
  expect(reports.orchestrator()).toMatchObject({
    ...{ manifest_errors: 2, revision: desired.revision },
    ...{ last_pass_at: '2026-01-31T12:00:00.000Z', last_pass_ms: 13 },
  });
  expect(reports.report()).toEqual({
    orchestrator: reports.orchestrator(),
    ...{ digest: desired.digest, manifests: ['/manifests'], pid: 42, problems, recent: [] },
  });
  expect([reports.digest(), reports.problems()]).toEqual([desired.digest, problems]);
});

describe('services', () => {
  const web = sampleStatus('web');
  const job = sampleStatus('job', { health: 'Completed' });
  const bad = sampleStatus('bad', { health: 'Degraded', sync: 'OutOfSync' });

  test('they must be listed by name, and be counted', () => {
    const { reports, state, set } = reporting();
    Object.assign(state, { isReady: true, isEngineThere: true, engineVersion: '28' });
    set(web, job, bad);
    expect(reports.services()).toEqual([bad, job, web]);
    expect(reports.orchestrator()).toMatchObject({
      services: { total: 3, synced: 2, healthy: 2, degraded: 1 },
      ...{ in_sync: false, engine: { reachable: true, version: '28' } },
    });
  });

  test('all must be in sync only where all are settled, a pass was made, and the engine is there', () => {
    const { reports, state, set } = reporting();
    Object.assign(state, { isReady: true, isEngineThere: true });
    set(web, job);
    expect([reports.isReady(), reports.orchestrator().in_sync]).toEqual([true, true]);
    state.isReady = false;
    expect([reports.isReady(), reports.orchestrator().in_sync]).toEqual([false, false]);
    Object.assign(state, { isReady: true, isEngineThere: false });
    set();
    expect(reports.orchestrator().in_sync).toBe(false);
  });

  test('8.1 while the engine is away nothing may be said to be well, of a service or its instances', () => {
    const { reports, state, set } = reporting();
    Object.assign(state, { isReady: true });
    set(web);
    const unknown = { ...{ state: 'unknown', health_status: 'unknown' } };
    expect(reports.services()).toEqual([
      {
        ...{ ...web, state: 'unknown', sync: 'Unknown', health: 'Unknown' },
        message: 'the engine does not answer',
        instances: web.instances.map((instance) => ({ ...instance, ...unknown })),
      },
    ]);
    expect(reports.orchestrator().services).toEqual({ total: 1, synced: 0, healthy: 0, degraded: 0 });
  });
});
