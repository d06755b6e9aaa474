// Owns: what becomes of services that no manifest names.
import { describe, expect, test } from 'vitest';
import {
  afterSteps,
  eventTypes,
  failed,
  firstContainerOf,
  linesOf,
  type Pass,
  pass,
  type Scene,
} from '../support/decision.js';

const KEPT = 'a: {image: a:1}\nb: {image: b:1}\nc: {image: c:1}';
const RUNNING = 'a-1 running\nb-1 running\nc-1 running';
const stop = (name: string, why = 'its manifest is gone'): string => `stop container ${name}-1  ${why}`;
const remove = (name: string, why = 'its manifest is gone'): string => `remove container ${name}-1  ${why}`;
const gone = (docker: string, more: Partial<Scene> = {}): readonly string[] =>
  linesOf({ manifests: KEPT, docker: `${RUNNING}\n${docker}`, ...more });

describe('2.7 the order of removal', () => {
  test('2.7 what runs must be stopped, then removed', () => {
    expect(gone('web-1 running')).toEqual([stop('web')]);
    expect(gone('web-1 exited')).toEqual([remove('web')]);
    expect(gone('web-1 created')).toEqual([remove('web')]);
  });

  test('2.7 dependants must go first, as their labels say', () => {
    expect(gone('bus-1 running\nweb-1 running needs=bus')).toEqual([stop('web')]);
    expect(gone('bus-1 running\nweb-1 exited needs=bus')).toEqual([remove('web')]);
    expect(gone('bus-1 running')).toEqual([stop('bus')]);
  });

  test('2.7 labels that have closed a circle must not keep anything for ever', () => {
    expect(gone('bus-1 running needs=web\nweb-1 running needs=bus')).toEqual([stop('bus'), stop('web')]);
  });

  test('2.7 all replicas of a service must go, its kept and failed ones too', () => {
    expect(gone('web-1 running id=x\nweb-1-old other exited\nweb-2-failed exited')).toEqual([
      stop('web'),
      'remove container web-2  its manifest is gone',
    ]);
    expect(gone('web-1-old other exited')).toEqual(['remove container web-1 (other)  its manifest is gone']);
  });

  test('2.8 what another desired service requires must stay, and both must say so', () => {
    const manifests = `${KEPT}\nbus: {image: bus:1}\nweb: {image: web:1, depends_on: [bus]}`;
    const scene: Scene = {
      manifests,
      docker: `${RUNNING}\nweb-1 other running\nbus-1 running`,
      withdrawn: ['bus'],
      stale: { web: 'line 3' },
    };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).status('bus')).toContain(
      'PruneBlocked: bus has no manifest any more but web still requires it',
    );
    expect(pass(scene).status('web')).toContain(
      'DependencyNotFound: waits for bus, which no manifest declares',
    );
  });

  test('2.8 what another service only would like to have must go', () => {
    const manifests = `${KEPT}\nbus: {image: bus:1}\nweb: {image: web:1, optional_deps: [bus]}`;
    const docker = `${RUNNING}\nweb-1 running\nbus-1 running`;
    expect(linesOf({ manifests, docker, withdrawn: ['bus'] })).toEqual([stop('bus')]);
  });

  test('9.1 the controller’s own container must never be stopped', () => {
    const scene = { manifests: KEPT, docker: `${RUNNING}\nme-1 running` };
    const ownContainerId = firstContainerOf(scene, 'me');
    expect(linesOf({ ...scene, settings: { ownContainerId } })).toEqual([]);
  });
});

describe('8.13 what will not go', () => {
  const scene = (docker: string, more: Partial<Scene> = {}): Scene => ({
    manifests: KEPT,
    docker: `${RUNNING}\n${docker}`,
    ...more,
  });
  /** The next moment, after the steps of the first were answered so. */
  const after = (first: Pass, next: Scene, times = 1): Pass => {
    let last = first;
    for (let turn = 1; turn <= times; turn += 1) {
      const memory = afterSteps(last, failed('stuck', 'did not receive an exit event'));
      last = pass({ ...next, memory, at: 1000 + turn * 400 });
    }
    return last;
  };

  test('8.13 what is stuck must go last in its slot, whatever its id', () => {
    for (const id of ['a', 'b', 'c', 'd'])
      expect(
        linesOf(scene(`web-1-stuck-abcd restarting id=${id}\nweb-1 running id=x`)).map((line) =>
          line.startsWith(stop('web')),
        ),
      ).toEqual([true]);
    const both = scene('web-1-stuck-abcd restarting id=a\nweb-1 exited id=x');
    expect(pass(both).steps).toMatchObject([
      { kind: 'removeContainer', name: expect.not.stringMatching('stuck') },
    ]);
  });

  test('8.13 a container whose stop is held back must keep no other of its slot from going', () => {
    const both = scene('web-1 running id=x\nweb-1-old other exited id=y');
    const first = pass(both);
    expect(first.lines).toEqual([stop('web')]);
    const memory = afterSteps(first, failed('stuck', 'did not receive an exit event'));
    const next = pass({ ...both, memory, at: 1001 });
    expect(next.lines).toEqual(['remove container web-1 (other)  its manifest is gone']);
    expect(next.recheckIn('web')).toBe(9);
  });

  test('contract 3: a removal that keeps failing must be said, with its next try', () => {
    const running = scene('web-1 running id=x');
    expect(after(pass(running), running).status('web')).toMatch(
      /^running OutOfSync Degraded StartFailed: its manifest is gone; cannot stop container web-1: did not receive an exit event \(tried again after 10 s\)$/,
    );
    expect(after(pass(running), running, 2).status('web')).toMatch(/after 20 s, 2 times so far\)$/);
    const exited = scene('web-1 exited id=x');
    expect(after(pass(exited), exited).status('web')).toMatch(
      /^failed OutOfSync Degraded StartFailed: its manifest is gone; cannot remove container web-1: did not/,
    );
  });

  test('contract 3: a failure that passes by itself, or that lies behind, must not be said', () => {
    const running = scene('web-1 running id=x');
    const memory = afterSteps(pass(running), failed('unreachable', 'reset'));
    expect(pass({ ...running, memory, at: 1001 }).status('web')).toBe(
      'running OutOfSync Healthy: its manifest is gone',
    );
    expect(after(pass(running), scene('web-1 exited id=x')).status('web')).toBe(
      'stopped OutOfSync Unknown: its manifest is gone',
    );
  });

  test('contract 5: the failure of a removal must be told once, and its end when all is gone', () => {
    const running = scene('web-1 running id=x');
    const failing = after(pass(running), running);
    expect(eventTypes(failing)).toEqual(['service_failed', 'orchestration_errors']);
    const again = after(failing, running);
    expect(eventTypes(again)).toEqual([]);
    const stopped = pass({ ...scene('web-1 exited id=x'), memory: again.memory, at: 3000 });
    const gone = pass({ ...scene(''), memory: stopped.memory, at: 3001 });
    expect([eventTypes(stopped), eventTypes(gone)]).toEqual([
      ['service_stopped'],
      ['service_removed', 'recovery'],
    ]);
  });

  test('contract 5: a failure must not be told as over because the manifest is gone', () => {
    const web = `${KEPT}\nweb: {image: web:1, healthcheck: {test: [CMD, ok]}}`;
    const bad = pass(scene('web-1 running unhealthy id=x', { manifests: web }));
    const missing = { absence: { kind: 'unconfirmed' as const }, memory: bad.memory, at: 1001 };
    expect(eventTypes(pass(scene('web-1 running healthy id=x', missing)))).not.toContain('recovery');
  });
});

describe('7.6 deletion is earned', () => {
  test('7.6 what is missing in one scan only must stay until a second look', () => {
    const scene: Scene = {
      manifests: KEPT,
      docker: `${RUNNING}\nweb-1 running`,
      absence: { kind: 'unconfirmed' },
    };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).decision.needsSecondScan).toBe(true);
    expect(pass(scene).status('web')).toBe(
      'running OutOfSync Healthy: no manifest names it any more; looks once more before it is removed',
    );
  });

  test.each(['directoryMissing', 'directoryUnreadable', 'directoryEmpty', 'fileInError'] as const)(
    '7.6 with %s nothing may go, and it must be said',
    (reason) => {
      const scene: Scene = {
        manifests: '',
        docker: 'web-1 running',
        absence: { kind: 'blocked', reason, message: 'mend it' },
      };
      expect(linesOf(scene)).toEqual([]);
      expect(pass(scene).status('web')).toBe('running OutOfSync Healthy PruneBlocked: mend it');
      expect(pass(scene).events.filter(({ type }) => type === 'prune_blocked')).toMatchObject([
        { facts: { services: ['web'], message: 'mend it' } },
      ]);
    },
  );

  test('7.6 more than half and more than one at once must not go', () => {
    const scene = { manifests: 'a: {image: a:1}', docker: 'a-1 running\nb-1 running\nc-1 running' };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).status('b')).toContain(
      'PruneBlocked: more than half of the services would go at once (b, c)',
    );
  });

  test('7.6 half, or one alone, may go', () => {
    const half = 'a-1 running\nb-1 running\nc-1 running\nd-1 running';
    expect(linesOf({ manifests: 'a: {image: a:1}\nb: {image: b:1}', docker: half })).toEqual([
      stop('c'),
      stop('d'),
    ]);
    expect(linesOf({ manifests: '', docker: 'web-1 running' })).toEqual([stop('web')]);
  });

  test('7.6 services at replicas 0 must not count as held', () => {
    const manifests = 'a: {image: a:1}\nz: {image: z:1, replicas: 0}';
    const docker = 'a-1 running\nb-1 running\nc-1 running\nz-1 running';
    expect(linesOf({ manifests, docker })).toEqual(['stop container z-1  more replicas than declared']);
  });

  test('7.6 what .alicia-prune names may go, and only that', () => {
    const scene = { manifests: 'a: {image: a:1}', docker: 'a-1 running\nb-1 running\nc-1 running' };
    expect(linesOf({ ...scene, settings: { mayBePruned: ['b'] } })).toEqual([stop('b')]);
    expect(linesOf({ ...scene, settings: { mayBePruned: ['*'] } })).toEqual([stop('b'), stop('c')]);
  });

  test('7.6 --allow-mass-prune must lift the guard over many', () => {
    const scene = { manifests: 'a: {image: a:1}', docker: 'a-1 running\nb-1 running\nc-1 running' };
    expect(linesOf({ ...scene, settings: { allowMassPrune: true } })).toEqual([stop('b'), stop('c')]);
  });

  test('7.6 what was declared with prune: false must stay', () => {
    const scene = { manifests: KEPT, docker: `${RUNNING}\nweb-1 running kept` };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).status('web')).toContain(
      'PruneBlocked: web has no manifest any more but was declared with',
    );
  });

  test('7.6 a refusal must be told once, until it changes', () => {
    const scene = { manifests: KEPT, docker: `${RUNNING}\nweb-1 running kept` };
    const first = pass(scene);
    expect(first.events.map(({ type }) => type)).toContain('prune_blocked');
    expect(pass({ ...scene, memory: first.memory }).events).toEqual([]);
  });

  test('7.5 a service whose manifest is in error must be left exactly as it is', () => {
    const scene = {
      manifests: KEPT,
      docker: `${RUNNING}\nweb-1 exited\nweb-2 running`,
      rejected: { web: 'line 3' },
    };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).status('web')).toMatch(/Unknown InvalidManifest: left as it is: line 3$/);
  });
});

describe('contract 4: down', () => {
  const settings = { takeDown: true };

  test('contract 4: everything must go, dependants first, prune: false or not', () => {
    const docker = 'bus-1 running kept\nweb-1 running needs=bus';
    expect(linesOf({ docker, settings })).toEqual([stop('web', 'the project is taken down')]);
    expect(linesOf({ docker: 'bus-1 exited kept', settings })).toEqual([
      remove('bus', 'the project is taken down'),
    ]);
  });

  test('contract 4: networks must go once they are empty, volumes must stay', () => {
    const scene = { networks: ['alicia_bus_network'], volumes: ['alicia_data'], settings };
    expect(linesOf(scene)).toEqual(['remove network alicia_bus_network  no longer declared']);
  });

  test('contract 4: volumes must go when they are asked for, and nothing holds them', () => {
    const scene = { volumes: ['alicia_data'], settings: { ...settings, removeVolumes: true } };
    expect(linesOf(scene)).toEqual(['remove volume alicia_data  asked for']);
  });
});
