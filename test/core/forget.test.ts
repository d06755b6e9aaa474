// Owns: that no failure outlives its matter, and that nothing is remembered for ever.
import { describe, expect, test } from 'vitest';
import { emptyMemory } from '../../src/core/memory.js';
import { afterSteps, eventTypes, failed, pass } from '../support/decision.js';

const WEB = 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}';
const TWO = 'web: {image: web:1, replicas: 2, healthcheck: {test: [CMD, ok]}}';
const GOOD = 'running Synced Healthy';

describe('a failure must be forgotten when its replica is as it should be without us', () => {
  test('a creation that was refused because a late one had taken effect', () => {
    const memory = afterSteps(pass({ manifests: WEB }), failed('nameInUse'));
    expect(pass({ manifests: WEB, memory, at: 1001 }).status('web')).toContain('Degraded NameConflict');
    expect(pass({ manifests: WEB, memory, docker: 'web-1 running healthy', at: 1002 }).status('web')).toBe(
      GOOD,
    );
  });

  test('a start that somebody else made after the port was free', () => {
    const created = { manifests: WEB, docker: 'web-1 created id=x' };
    const memory = afterSteps(pass(created), failed('portInUse'));
    expect(pass({ ...created, memory, at: 1001 }).status('web')).toContain('Degraded PortConflict');
    const up = pass({ manifests: WEB, docker: 'web-1 running healthy id=x', memory, at: 1002 });
    expect(up.status('web')).toBe(GOOD);
  });

  test('a removal that is not wanted any more', () => {
    const docker = 'web-1 running healthy\nweb-2 exited id=x';
    const memory = afterSteps(pass({ manifests: WEB, docker }), failed('inUse'));
    const back = 'web-1 running healthy\nweb-2 running healthy id=x';
    expect(pass({ manifests: TWO, docker: back, memory, at: 1001 }).status('web')).toBe(GOOD);
  });
});

test('a failure must not hide for ever that its service waits for another', () => {
  const manifests = `bus: {image: bus:1}\nweb: {image: web:1, depends_on: [bus]}`;
  const memory = afterSteps(pass({ manifests, docker: 'bus-1 running' }), failed('rejected', 'bad mount'));
  const waiting = { manifests, docker: 'bus-1 exited ended=0', memory };
  expect(pass({ ...waiting, at: 1001 }).status('web')).toContain('bad mount');
  expect(pass({ ...waiting, at: 1011 }).status('web')).toContain('DependencyNotReady');
});

describe('what passes by itself must not be told as a failure', () => {
  test.each(['unreachable', 'unknownOutcome', 'noSuchNetwork', 'removalInProgress'] as const)(
    '%s',
    (code) => {
      const memory = afterSteps(pass({ manifests: WEB }), failed(code));
      const next = pass({ manifests: WEB, memory, at: 1000 });
      expect(next.status('web')).toContain('Progressing');
      expect(eventTypes(next)).not.toContain('service_failed');
    },
  );

  test('a network whose creation had no answer', () => {
    const scene = { manifests: WEB, networks: [] };
    const memory = afterSteps(pass(scene), { kind: 'unknown', message: 'no answer' });
    expect(pass({ ...scene, memory }).status('web')).toContain('Progressing');
  });

  test('unless it comes three times in a row', () => {
    let memory = pass({ manifests: WEB }).memory;
    for (const at of [1000, 1100, 1200])
      memory = afterSteps(pass({ manifests: WEB, memory, at }), { kind: 'unknown', message: 'no answer' });
    expect(pass({ manifests: WEB, memory, at: 1201 }).status('web')).toContain(
      'Degraded StartFailed: no answer',
    );
  });
});

test('a pull that fails again and again must be told once, and stay told while it is tried', () => {
  const scene = { manifests: WEB, images: { 'web:1': 'missing' } as const };
  const first = pass({ ...scene, at: 1000 });
  const held = pass({ ...scene, memory: afterSteps(first, failed('pullFailed')), at: 1001 });
  expect(eventTypes(held)).toContain('service_failed');
  const again = pass({ ...scene, memory: held.memory, at: 1010 });
  expect(again.lines).toHaveLength(1);
  const pulling = pass({ ...scene, memory: again.memory, inFlight: again.steps, at: 1011 });
  const after = pass({ ...scene, memory: afterSteps(again, failed('pullFailed')), at: 1012 });
  expect([again, pulling, after].map(eventTypes)).toEqual([[], [], []]);
  expect(pulling.status('web')).toContain('Degraded ImagePullFailed');
});

test('what is remembered of images and networks must go with those that want them', () => {
  const before = pass({ manifests: WEB, images: { 'web:1': 'missing' }, networks: [] });
  const memory = afterSteps(before, failed('engine'));
  expect(memory.shared.size).toBe(2);
  expect(memory.pulled.size).toBe(0);
  const after = pass({ manifests: '', networks: [], memory }).memory;
  expect([after.shared.size, after.pulled.size]).toEqual([0, 0]);
  expect(emptyMemory.shared.size).toBe(0);
});
