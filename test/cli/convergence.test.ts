import { expect, test } from 'vitest';
import { createConvergence, stuckServices } from '../../src/cli/convergence.js';
import type { StepProgress } from '../../src/controller/ports.js';
import type { InstanceStatus, ServiceStatus } from '../../src/model/status.js';
import { sampleStatus } from '../support/samples.js';

const at = (monotonicMs: number) => ({
  monotonicMs,
  wallMs: Date.parse('2026-01-31T12:00:00.000Z') + monotonicMs,
});
const withInstance = (change: Partial<InstanceStatus>): ServiceStatus => {
  const base = sampleStatus('web');
  return { ...base, instances: base.instances.map((instance) => ({ ...instance, ...change })) };
};
const bad = (service: string, reason: ServiceStatus['reason'], change: Partial<ServiceStatus> = {}) =>
  sampleStatus(service, { sync: 'OutOfSync', health: 'Degraded', state: 'failed', reason, ...change });

test('everything settled and at rest must count as converged, and not before it is at rest', () => {
  const convergence = createConvergence(at(0));
  const statuses = [sampleStatus('web')];
  expect(convergence.judge({ statuses, isAtRest: false, now: at(0) })).toBe('waiting');
  expect(convergence.judge({ statuses, isAtRest: true, now: at(0) })).toBe('converged');
});

test('a service without any check must have been up for a second without a restart', () => {
  const convergence = createConvergence(at(0));
  const up = (start_time: string, restart_count = 0) => [
    withInstance({ health_status: 'unknown', start_time, restart_count }),
  ];
  const judge = (statuses: readonly ServiceStatus[], ms: number) =>
    convergence.judge({ statuses, isAtRest: true, now: at(ms) });
  expect(judge(up('2026-01-31T12:00:00.000Z'), 100)).toBe('waiting');
  expect(judge(up('2026-01-31T12:00:00.500Z', 1), 1200)).toBe('waiting');
  expect(judge(up('2026-01-31T12:00:00.500Z', 1), 1600)).toBe('converged');
});

test('a Docker clock that runs ahead must not keep it waiting for ever', () => {
  const convergence = createConvergence(at(0));
  const statuses = [withInstance({ health_status: 'unknown', start_time: '2026-01-31T13:00:00.000Z' })];
  expect(convergence.judge({ statuses, isAtRest: true, now: at(0) })).toBe('waiting');
  expect(convergence.judge({ statuses, isAtRest: true, now: at(1000) })).toBe('converged');
});

test('a failure that is tried again must be waited for', () => {
  const convergence = createConvergence(at(0));
  for (const reason of ['ImagePullFailed', 'PortConflict', 'CrashLoopBackOff', 'Unhealthy'] as const)
    expect(convergence.judge({ statuses: [bad('web', reason)], isAtRest: true, now: at(0) })).toBe('waiting');
});

test('waiting must end at once when nothing that is not settled can become so', () => {
  const convergence = createConvergence(at(0));
  const waiting = bad('web', 'DependencyNotReady', { health: 'Missing', waiting_for: ['db'] });
  const statuses = [bad('db', 'RolledBack'), waiting, sampleStatus('bus')];
  expect(convergence.judge({ statuses, isAtRest: false, now: at(0) })).toBe('waiting');
  expect(convergence.judge({ statuses, isAtRest: true, now: at(0) })).toBe('stuck');
});

test('a one-shot that ended with an error is final, a start that failed is not', () => {
  const [instance] = sampleStatus('job').instances;
  if (instance === undefined) throw new Error('the sample has an instance');
  const ended = bad('job', 'StartFailed', { instances: [{ ...instance, state: 'failed', exit_code: 1 }] });
  const unstarted = bad('web', 'StartFailed', { instances: [{ ...instance, state: 'failed' }] });
  expect([...stuckServices([ended, unstarted])]).toEqual(['job']);
});

const step = (detail: string, phase: StepProgress['phase'] = 'progress'): StepProgress => ({
  step: { verb: 'pull', object: 'image a', service: 'web', slot: null, cause: 'missing' },
  ...{ phase, detail },
});

test('the same step over and over, or a failure, must be no progress', () => {
  const convergence = createConvergence(at(0));
  convergence.onStep(step('10%'), at(100));
  expect(convergence.idleMs(at(200))).toBe(100);
  convergence.onStep(step('10%'), at(300));
  convergence.onStep(step('refused', 'failed'), at(300));
  expect(convergence.idleMs(at(400))).toBe(300);
  convergence.onStep(step('20%'), at(400));
  expect(convergence.idleMs(at(400))).toBe(0);
});
