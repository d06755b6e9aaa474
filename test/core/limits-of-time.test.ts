// Owns: what is judged by time, at the very moment and where nobody could look.
import { describe, expect, test } from 'vitest';
import { readyDeadlineMs, waitedForMs } from '../../src/core/readiness.js';
import { failureOf } from '../../src/core/rollout-failure.js';
import { stuckCheckAt } from '../../src/core/stuck.js';
import { containerId, serviceName } from '../../src/model/ids.js';
import { contextOf, linesOf, pass } from '../support/decision.js';
import { web } from '../support/web.js';

const PROBED = 'web: {image: web:1, probes: [{tcp: {port: 80}}]}';

/** The only container of `web`, its service and the moment. */
function sceneOf(docker: string, manifests = web()) {
  const { desired, observed, now } = contextOf({ manifests, docker });
  const service = desired.services.get(serviceName('web'));
  const [container] = observed.services.get(serviceName('web')) ?? [];
  if (service === undefined || container === undefined) throw new Error('one container of web is needed');
  return { service, container, now };
}

describe('4.4 a new replica that is late', () => {
  test.each([
    ['web-1 running starting up=900', web(), 'not ready after 250 s'],
    ['web-1 running starting silent up=900', web(), null],
    ['web-1 running blind up=900', PROBED, null],
  ])('must be judged only where it was looked at: %s', (docker, manifests, why) => {
    const { service, container, now } = sceneOf(docker, manifests);
    const memory = {
      startedAgain: new Set<never>(),
      verdicts: new Map(),
      runs: new Map([[container.id, { startedAt: container.startedAt, sinceMs: 0, ageMs: 0 }]]),
    };
    expect(failureOf(container, { service, memory, now })).toBe(why);
  });
});

describe('4.4 the time of one that is probed', () => {
  test('must begin when this process first sees that run', () => {
    const { container, now } = sceneOf('web-1 running probed=starting up=900', PROBED);
    const waited = (startedAt: number | null): number => {
      const run = { startedAt, sinceMs: now.monotonicMs - 5_000, ageMs: 0 };
      return waitedForMs(container, { memory: { runs: new Map([[container.id, run]]) }, now });
    };
    expect(waited(container.startedAt)).toBe(5_000);
    expect(waited((container.startedAt ?? 0) - 1)).toBe(0);
    expect(waitedForMs(container, { memory: { runs: new Map() }, now })).toBe(0);
  });

  test('must be that of its probes only once there is a word of them', () => {
    const { container, service } = sceneOf('web-1 running', PROBED);
    expect(readyDeadlineMs({ ...container, probed: null }, service)).toBe(600_000);
    const word = { status: 'starting', message: '', unreachable: null } as const;
    expect(readyDeadlineMs({ ...container, probed: word }, service)).toBeLessThan(60_000);
  });
});

test('4.4 a new one that is ready must wait for the others, and not to become ready', () => {
  const docker =
    'web-1-old other exited policy=no\nweb-1 running healthy\nweb-2-old other exited policy=no\nweb-2 running starting';
  const manifests = web('replicas: 2, deploy: {update_config: {order: stop-first, parallelism: 2}}');
  const waiting = pass({ manifests, docker });
  expect(waiting.lines).toEqual([]);
  expect(waiting.status('web')).toContain('ready; waits for the other replicas');
});

test('6.2 what is unhealthy must be restarted at the very moment that was named for it', () => {
  const first = pass({ manifests: web(), docker: 'web-1 running unhealthy' });
  const at = 1000 + (first.recheckIn('web') ?? 0);
  expect(linesOf({ manifests: web(), docker: 'web-1 running unhealthy', memory: first.memory, at })).toEqual([
    'restart container web-1  unhealthy',
  ]);
});

test('8.12 of those that restart the next to count as stuck must be looked at again', () => {
  const motions = new Map(
    [0, 500_000, 900_000].map((sinceMs) => [
      containerId(String(sinceMs)),
      { startedAt: null, restartCount: 0, sinceMs },
    ]),
  );
  const after = (monotonicMs: number): number | null => stuckCheckAt({ motions }, { monotonicMs, wallMs: 0 });
  const first = after(0) ?? 0;
  expect([first, first + 1, first + 500_000, first + 900_000].map(after)).toEqual([
    first + 500_000,
    first + 500_000,
    first + 900_000,
    null,
  ]);
});
