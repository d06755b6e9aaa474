// Owns: the figures of readiness, on single containers.
import { describe, expect, test } from 'vitest';
import { isConvicting, isProven, isUnhealthy, readyDeadlineMs } from '../../src/core/readiness.js';
import { upForMs } from '../../src/core/runs.js';
import { serviceName } from '../../src/model/ids.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import { contextOf } from '../support/decision.js';

/** This process has seen none of it before. */
const NOTHING = { runs: new Map() };
const PLAIN = 'web: {image: web:1}';

/** The only container of a scene, its service, and the moment. */
function sceneOf(line: string, manifests = PLAIN) {
  const { desired, observed, now } = contextOf({ manifests, docker: `web-1 ${line}` });
  const [service, [container] = []] = [
    desired.services.get(serviceName('web')),
    observed.services.get(serviceName('web')),
  ];
  if (service === undefined || container === undefined) throw new Error('one container of web is needed');
  return { service, container, now };
}

describe('6.4 Docker’s word', () => {
  test('6.4 must count only where there is a check, and it says so', () => {
    const { container } = sceneOf('running unhealthy');
    expect(isUnhealthy(container)).toBe(true);
    const unchecked: ObservedContainer = { ...container, check: null };
    expect(isUnhealthy(unchecked)).toBe(false);
    expect(isConvicting({ status: 'healthy', failingStreak: 2, lastOutput: '' })).toBe(false);
  });
});

describe('4.4 ready in a rollout', () => {
  test('4.4 without a check it must be up for monitor, and not have been restarted', () => {
    const proven = (line: string): boolean => {
      const { container, service, now } = sceneOf(line);
      return isProven(container, service, { memory: NOTHING, now });
    };
    expect(['running up=5', 'running up=4.999', 'running up=5 restarts=1'].map(proven)).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('4.4 the deadline must follow from the check, or else be ten minutes', () => {
    const deadline = (line: string, fields: string): number => {
      const { container, service } = sceneOf(line, `web: {image: web:1${fields}}`);
      return readyDeadlineMs(container, service) / 1000;
    };
    const check =
      ', healthcheck: {test: [CMD, ok], interval: 10s, timeout: 2s, retries: 2, start_period: 40s, start_interval: 3s}';
    expect(deadline('running starting', check)).toBe(3 * 12 + 40 + 3 + 5);
    expect(deadline('running probed=healthy', '')).toBe(600);
    expect(deadline('running', '')).toBe(600);
  });

  test('4.4 what has not been started is not up', () => {
    const { container, now } = sceneOf('created');
    expect(upForMs(container, { memory: NOTHING, now })).toBe(0);
  });
});
