// Owns: what a process that remembers nothing reads from Docker.
import { describe, expect, test } from 'vitest';
import { emptyMemory } from '../../src/core/memory.js';
import { eventTypes, linesOf, pass } from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const CHECKED = 'web: {image: web:2, healthcheck: {test: [CMD, ok]}}';
const fresh = (manifests: string, docker: string) => pass({ manifests, docker, memory: emptyMemory });

describe('6.1 a loop of crashes must be seen from Docker’s own figures', () => {
  test('6.1 five restarts since the creation at least every two minutes, the last less than ten ago', () => {
    expect(fresh(WEB, 'web-1 running restarts=5 age=900 up=590').status('web')).toContain('CrashLoopBackOff');
    expect(fresh(WEB, 'web-1 restarting restarts=9').status('web')).toContain('CrashLoopBackOff');
  });

  test('6.1 neither fewer, nor long ago, nor over a long time', () => {
    expect(fresh(WEB, 'web-1 running restarts=4 age=900 up=590').status('web')).toBe(
      'running Synced Healthy',
    );
    expect(fresh(WEB, 'web-1 running restarts=9 age=900 up=610').status('web')).toBe(
      'running Synced Healthy',
    );
    expect(fresh(WEB, 'web-1 running restarts=9 age=9000 up=60').status('web')).toBe(
      'running Synced Healthy',
    );
  });

  test('6.1 it must be over by the clock', () => {
    expect(fresh(WEB, 'web-1 running restarts=5 age=900 up=590').recheckIn('web')).toBe(600);
  });
});

describe('4.5 evidence and half-done rollbacks must be read from names, policies and states', () => {
  test.each([
    [
      'stop the failed one',
      'web-1-old other exited\nweb-1-failed running policy=no',
      'stop container web-1  it failed in the rollout',
    ],
    [
      'take its policy',
      'web-1-old other exited\nweb-1-failed exited policy=always',
      'update container web-1 → no  it failed in the rollout',
    ],
    [
      'name the old one back',
      'web-1-old other exited\nweb-1-failed exited',
      'rename container web-1 (other) → plain  rolling back',
    ],
    [
      'give it its policy',
      'web-1 other exited policy=no\nweb-1-failed exited',
      'update container web-1 (other) → unless-stopped  rolling back',
    ],
    ['start it', 'web-1 other exited\nweb-1-failed exited', 'start container web-1 (other)  rolling back'],
  ])('4.5 %s', (_, docker, line) => {
    expect(fresh(CHECKED, docker).lines).toEqual([line]);
  });

  test('4.5 a failed spec must be held, and not be told anew as an update', () => {
    const held = fresh(CHECKED, 'web-1 other running healthy\nweb-1-failed exited exit=1');
    expect(held.lines).toEqual([]);
    expect(held.status('web')).toContain('RolledBack');
    expect(eventTypes(held)).not.toContain('service_update_started');
  });

  test('4.5 a stopped new one must be started once more by this process before it is judged', () => {
    expect(fresh(CHECKED, 'web-1 other running healthy\nweb-1 exited exit=137').lines).toEqual([
      'start container web-1  started once more before it is judged',
    ]);
  });
});

describe('6.4 what is found exited in the first pass', () => {
  test('6.4 must be started again without being called drift or a crash', () => {
    const first = fresh(WEB, 'web-1 exited exit=255');
    const second = pass({
      manifests: WEB,
      docker: 'web-1 exited exit=255',
      at: 1003,
      memory: { ...first.memory, amnesty: false },
    });
    expect(second.lines).toEqual(['start container web-1  exited 255']);
    expect([...eventTypes(first), ...eventTypes(second)]).not.toContain('drift_detected');
  });
});

describe('6.2 the back-off of an unhealthy one begins anew', () => {
  test('6.2 it must be restarted after the first delay', () => {
    const docker = 'web-1 running unhealthy';
    const manifests = CHECKED.replace('web:2', 'web:1');
    const first = fresh(manifests, docker);
    expect(linesOf({ manifests, docker, at: 1012, memory: { ...first.memory, amnesty: false } })).toEqual([
      'restart container web-1  unhealthy',
    ]);
  });
});
