// Owns: what a failed new replica means for the whole rollout.
import { describe, expect, test } from 'vitest';
import { eventTypes, linesOf, pass, passes } from '../support/decision.js';

const web = (update: string, replicas = 4): string =>
  `web: {image: web:2, replicas: ${replicas}, healthcheck: {test: [CMD, ok]}, deploy: {update_config: {${update}}}}`;
const old = (...slots: readonly number[]): string =>
  slots.map((slot) => `web-${slot} other running healthy`).join('\n');
const FAILING = 'restarting restarts=2 exit=1';

describe('4.1 failure_action: pause', () => {
  const manifests = web('failure_action: pause');
  const docker = `${old(1, 2, 3, 4)}\nweb-1 ${FAILING}`;

  test('4.1 nothing more may be replaced, and what failed must stay as it is', () => {
    expect(linesOf({ manifests, docker })).toEqual([]);
    const stopFirst = `web-1-old other exited\nweb-1 ${FAILING}\n${old(2, 3, 4)}`;
    expect(
      linesOf({
        manifests: web('failure_action: pause, order: stop-first, parallelism: 2'),
        docker: stopFirst,
      }),
    ).toEqual([]);
  });

  test('4.1 it must be said, and how it goes on', () => {
    expect(pass({ manifests, docker }).status('web')).toBe(
      'failed OutOfSync Degraded ProgressDeadlineExceeded: the update is paused (failure_action: pause): web-1 failed: it keeps exiting (exited 1); it goes on with the next edit',
    );
  });

  test('4.1 it must be told once as a failed update', () => {
    const all = passes([
      { manifests, docker: old(1, 2, 3, 4) },
      { manifests, docker: `${old(1, 2, 3, 4)}\nweb-1 running starting up=1` },
      { manifests, docker, at: 1010 },
      { manifests, docker, at: 1020 },
    ]);
    expect(all.flatMap(eventTypes).filter((type) => type.startsWith('service_update'))).toEqual([
      'service_update_started',
      'service_update_failed',
    ]);
  });

  test('4.1 an edit must go on from what is there', () => {
    const edited = `${old(1, 2, 3, 4)}\nweb-1 other2 ${FAILING} age=5`;
    expect(linesOf({ manifests, docker: edited })).toContain(
      'stop container web-1 (other2)  left over in its slot',
    );
  });
});

describe('4.1 failure_action: continue', () => {
  test('4.1 the others must be replaced, and the old one beside a failed one run on', () => {
    expect(
      linesOf({
        manifests: web('failure_action: continue, order: stop-first'),
        docker: `web-1-old other exited\nweb-1 ${FAILING}\n${old(2, 3, 4)}`,
      }),
    ).toEqual(['stop container web-2 (other)  its spec changed']);
    const last = `web-1 other running healthy\nweb-1 ${FAILING}\nweb-2-old other exited\nweb-2 running healthy`;
    expect(linesOf({ manifests: web('failure_action: continue', 2), docker: last })).toEqual([
      'stop container web-1  it keeps exiting (exited 1)',
      'remove container web-2 (other)  its successor is ready',
    ]);
  });
});

describe('4.1 max_failure_ratio', () => {
  const manifests = web('max_failure_ratio: 0.25, order: stop-first');

  test('4.1 failures within the share must be put up with', () => {
    const docker = `web-1-old other exited\nweb-1 ${FAILING}\n${old(2, 3, 4)}`;
    expect(linesOf({ manifests, docker })).toEqual(['stop container web-2 (other)  its spec changed']);
  });

  test('4.1 one failure more must roll all back', () => {
    const docker = `web-1-old other exited\nweb-1 ${FAILING}\nweb-2-old other exited\nweb-2 ${FAILING}\n${old(3, 4)}`;
    expect(linesOf({ manifests, docker })).toEqual([
      'stop container web-1  it keeps exiting (exited 1)',
      'stop container web-2  it keeps exiting (exited 1)',
    ]);
  });

  test('4.1 a share of less than one replica must put up with none', () => {
    const docker = `web-1-old other exited\nweb-1 ${FAILING}\n${old(2, 3)}`;
    expect(linesOf({ manifests: web('max_failure_ratio: 0.3, order: stop-first', 3), docker })).toEqual([
      'stop container web-1  it keeps exiting (exited 1)',
    ]);
  });
});

describe('4.5 what was rolled back', () => {
  const manifests = web('order: stop-first', 2);
  const evidence = 'web-1 other running healthy\nweb-1-failed exited exit=1';

  test('4.5 a restored one must be looked after: an unhealthy one is restarted', () => {
    const docker = `web-1 other running unhealthy\nweb-1-failed exited exit=1\n${old(2)}`;
    const first = pass({ manifests, docker });
    expect(first.lines).toEqual([]);
    expect(linesOf({ manifests, docker, at: 1012, memory: first.memory })).toEqual([
      'restart container web-1 (other)  unhealthy',
    ]);
  });

  test('4.5 a slot whose old one is lost must keep its evidence while another slot has one', () => {
    expect(linesOf({ manifests, docker: `web-1-failed exited exit=1\n${old(2)}` })).toEqual([]);
    expect(linesOf({ manifests, docker: 'web-1-failed exited exit=1' })).toContain(
      'rename container web-1 → plain  nothing left to roll back to',
    );
  });

  test('4.5 the status must name the evidence and say until when', () => {
    expect(pass({ manifests, docker: `${evidence}\n${old(2)}` }).status('web')).toMatch(
      /^running OutOfSync Degraded RolledBack: the declared spec did not become ready \(exited 1\); see `docker logs alicia-web-1-[0-9a-f]{8}-failed`; the old one stays until/,
    );
  });

  test('4.5 other limits must count as another spec, which is tried', () => {
    const limited = manifests.replace('{image', '{mem_limit: 64m, image');
    expect(
      linesOf({
        manifests: limited,
        docker: `web-1 other running healthy\nweb-1-failed exited exit=137 mem=32m\n${old(2)}`,
      }),
    ).toContain('remove container web-1  evidence of a spec that is no longer wanted');
  });
});

test('4.4 a first container that is not ready by its deadline must be said to be late, and left', () => {
  const manifests =
    'web: {image: web:1, healthcheck: {test: [CMD, ok], interval: 1s, timeout: 1s, retries: 1}}';
  const docker = 'web-1 running starting up=15';
  expect(linesOf({ manifests, docker })).toEqual([]);
  expect(pass({ manifests, docker }).status('web')).toContain(
    'Degraded ProgressDeadlineExceeded: web-1 is not ready 14 s after its start',
  );
});

test('6.2 under continue a failed one that is unhealthy must be restarted like any other', () => {
  const manifests = web('failure_action: continue, order: stop-first', 2);
  const docker = `web-1-old other exited\nweb-1 running unhealthy up=500\nweb-2-old other exited\nweb-2 running starting up=1`;
  const first = pass({ manifests, docker });
  expect(first.lines).toEqual([]);
  expect(linesOf({ manifests, docker, at: 1012, memory: first.memory })).toEqual([
    'restart container web-1  unhealthy',
  ]);
});

test('4.5 a verdict whose stop is under way must hold, although its end is seen before its reply', () => {
  const manifests = web('parallelism: 1');
  const failing = `${old(1, 2, 3, 4)}\nweb-1 running unhealthy up=500`;
  const { steps } = pass({ manifests, docker: failing });
  expect(steps).toMatchObject([{ kind: 'stopContainer', isVerdict: true }]);
  const stopped = `${old(1, 2, 3, 4)}\nweb-1 exited exit=137 up=500`;
  expect(linesOf({ manifests, docker: stopped, inFlight: steps })).toEqual([]);
});
