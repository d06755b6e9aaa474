// Owns: the three axes of a service in every state that it can be in.
import { describe, expect, test } from 'vitest';
import { afterSteps, failed, pass, type Scene } from '../support/decision.js';

const WEB = 'web: {image: web:1, replicas: 2, healthcheck: {test: [CMD, ok]}}';
const ONE_SHOT = 'web: {image: web:1, restart: "no"}';
const status = (scene: Scene): string => pass(scene).status('web');
const of = (docker: string, manifests = WEB): string => status({ manifests, docker });

describe('contract 3: state, sync, health', () => {
  test.each([
    ['nothing there yet', '', 'starting OutOfSync Progressing: brings up its replicas (0/2 running)'],
    ['all well', 'web-1 running healthy\nweb-2 running healthy', 'running Synced Healthy'],
    [
      'one still starting',
      'web-1 running healthy\nweb-2 running starting',
      'starting Synced Progressing: waits for its health check (1/2 healthy)',
    ],
    [
      'one missing',
      'web-1 running healthy',
      'running OutOfSync Progressing: brings up its replicas (1/2 running)',
    ],
    [
      'one too many',
      'web-1 running healthy\nweb-2 running healthy\nweb-3 running healthy',
      'running OutOfSync Progressing: gives up replicas beyond the declared 2',
    ],
    [
      'one whose rollout is over, with what it has left',
      'web-1 running healthy\nweb-2 running healthy\nweb-3-failed other exited exit=1',
      'running OutOfSync Progressing: removes what is left of earlier containers',
    ],
    [
      'one outdated',
      'web-1 running healthy\nweb-2 other running healthy',
      'running OutOfSync Progressing: replaces containers of another spec',
    ],
    [
      'one unhealthy',
      'web-1 running healthy\nweb-2 running unhealthy',
      'failed Synced Degraded Unhealthy: its health check failed 3 times in a row; it is restarted after 10 s of that',
    ],
    [
      'one paused',
      'web-1 running healthy\nweb-2 paused',
      'running OutOfSync Progressing: brings up its replicas (1/2 running)',
    ],
    [
      'one in a crash loop',
      'web-1 running healthy\nweb-2 restarting restarts=5 exit=1',
      'failed Synced Degraded CrashLoopBackOff: crash loop: exited 1 5 times; Docker tries again in about 3 s',
    ],
    [
      'one that Docker restarts',
      'web-1 running healthy\nweb-2 restarting restarts=1 exit=1',
      'starting Synced Progressing: brings up its replicas (1/2 running)',
    ],
    [
      'one that has just exited',
      'web-1 running healthy\nweb-2 exited exit=1',
      'running OutOfSync Progressing: has just exited',
    ],
    [
      'one out of memory, in a loop',
      'web-1 running healthy\nweb-2 restarting restarts=6 exit=137 oom',
      'failed Synced Degraded CrashLoopBackOff: crash loop: exited 137 (out of memory) 6 times; Docker tries again in about 6 s',
    ],
    [
      'one created',
      'web-1 running healthy\nweb-2 created',
      'starting OutOfSync Progressing: brings up its replicas (1/2 running)',
    ],
    [
      'one whose start failed before this process came',
      'web-1 running healthy\nweb-2 created error=no_such_device',
      'failed OutOfSync Progressing: brings up its replicas (1/2 running); the last start of web-2 failed: no such device',
    ],
  ])('%s', (_, docker, expected) => {
    expect(of(docker)).toBe(expected);
  });

  test.each([
    ['a one-shot that runs', 'web-1 running', 'running Synced Progressing: runs to its end'],
    ['a one-shot that has completed', 'web-1 exited exit=0', 'stopped Synced Completed'],
    [
      'a one-shot that has failed',
      'web-1 exited exit=2',
      expect.stringMatching(
        /^failed Synced Degraded StartFailed: it ended with an error: exited 2; see `docker logs/,
      ),
    ],
  ])('%s', (_, docker, expected) => {
    expect(of(docker, ONE_SHOT)).toEqual(expected);
  });

  test('replicas 0', () => {
    expect(of('', WEB.replace('replicas: 2', 'replicas: 0'))).toBe('stopped Synced Suspended');
  });

  test('maintenance, whatever runs', () => {
    const manifests = WEB.replace('{image', '{maintenance: true, image');
    expect(of('web-1 running unhealthy', manifests)).toMatch(/^maintenance \w+ Suspended Maintenance: /);
  });

  test('a stop of ours under way', () => {
    const scene = { manifests: WEB.replace('replicas: 2', 'replicas: 0'), docker: 'web-1 running healthy' };
    expect(status({ ...scene, inFlight: pass(scene).steps })).toMatch(/^stopping OutOfSync Progressing/);
  });

  test('a last good version that does well', () => {
    const docker = 'web-1 running healthy\nweb-2 running healthy';
    expect(status({ manifests: WEB, docker, stale: { web: 'web.yaml:3' } })).toBe(
      'running Unknown Healthy InvalidManifest: the last good version runs on: web.yaml:3',
    );
  });

  test('a failed step, with its next try and how often it has failed', () => {
    const scene: Scene = { manifests: ONE_SHOT, docker: 'web-1 created' };
    const once = afterSteps(pass(scene), failed('engine', 'no such device'));
    expect(status({ ...scene, memory: once, at: 1001 })).toBe(
      'failed OutOfSync Degraded StartFailed: no such device (tried again after 10 s)',
    );
    const twice = afterSteps(pass({ ...scene, memory: once, at: 1010 }), failed('engine', 'no such device'));
    expect(status({ ...scene, memory: twice, at: 1011 })).toContain(
      '(tried again after 20 s, 2 times so far)',
    );
  });

  test('a name that somebody else has', () => {
    const scene: Scene = { manifests: ONE_SHOT };
    const memory = afterSteps(pass(scene), failed('nameInUse', 'the name is in use'));
    expect(status({ ...scene, memory, at: 1001 })).toContain('Degraded NameConflict: the name is in use');
  });
});

describe('contract 3: the facts of a service', () => {
  const STACK = `
bus: {image: bus:1, version: "7"}
web:
  image: registry:5000/web:1.8@sha256:${'0'.repeat(64)}
  category: voice
  description: speech to text
  priority: 3
  replicas: 2
  depends_on: {bus: {condition: service_started}, cache: {condition: service_started, required: false}}
cache: {image: cache}
`;
  const scene = {
    manifests: STACK,
    docker:
      'bus-1 running\ncache-1 running\nweb-1 running restarts=2\nweb-2 other running\nweb-2-old other2 exited',
  };

  test('replicas must be counted: declared, there, of the wanted spec, ready; those kept aside not', () => {
    expect(pass(scene).facts('web').replicas).toEqual({ desired: 2, current: 2, updated: 1, ready: 2 });
  });

  test('edges of the graph must be told both ways', () => {
    expect(pass(scene).facts('web')).toMatchObject({
      depends_on: ['bus'],
      optional_deps: ['cache'],
      category: 'voice',
      description: 'speech to text',
      priority: 3,
    });
    expect(pass(scene).facts('bus').required_by).toEqual(['web']);
  });

  test('the version must be the declared one, else the image’s tag', () => {
    expect(pass(scene).facts('bus').version).toBe('7');
    expect(pass(scene).facts('web').version).toBe('1.8');
    expect(pass(scene).facts('cache').version).toBe('latest');
  });

  test('restarts must be Docker’s and ours together', () => {
    expect(pass(scene).facts('web').restarts).toBe(2);
    const stopped: Scene = { manifests: 'web: {image: web:1}', docker: 'web-1 exited id=w' };
    const confirmed = pass({ ...stopped, memory: pass(stopped).memory, at: 1002 });
    const running = { ...stopped, docker: 'web-1 running id=w restarts=1' };
    const { restarts, instances } = pass({ ...running, memory: afterSteps(confirmed), at: 1003 }).facts(
      'web',
    );
    expect([restarts, instances[0]?.restart_count]).toEqual([2, 2]);
  });

  test('an instance must be told with all that the contract names', () => {
    const [instance] = pass({
      manifests: 'web: {image: web:1}',
      docker: 'web-1 running healthy port=8080',
    }).facts('web').instances;
    expect(instance).toMatchObject({
      service_name: 'web',
      instance_id: expect.stringMatching(/^alicia-web-1-[0-9a-f]{8}$/),
      slot: 1,
      state: 'running',
      health_status: 'healthy',
      start_time: '2026-01-31T12:15:00.000Z',
      stop_time: null,
      restart_count: 0,
      version: '1',
      ip_address: '172.20.0.2',
      ports: { '80/tcp': 8080 },
      exit_code: null,
      oom_killed: false,
    });
  });

  test('an instance that has ended must be told with code and time', () => {
    const [instance] = pass({ manifests: ONE_SHOT, docker: 'web-1 exited exit=3 oom' }).facts(
      'web',
    ).instances;
    expect(instance).toMatchObject({
      state: 'failed',
      health_status: 'unknown',
      stop_time: '2026-01-31T12:15:50.000Z',
      exit_code: 3,
      oom_killed: true,
      ip_address: null,
    });
  });

  test('a status in which only the time of looking is new must be the same value as before', () => {
    const docker = 'web-1 running healthy\nweb-2 running healthy';
    const first = pass({ manifests: WEB, docker, at: 1000 });
    const later = pass({ manifests: WEB, docker, at: 1100, memory: first.memory });
    expect(later.facts('web')).toBe(first.facts('web'));
  });

  test('a condition must keep the time of its last change', () => {
    const docker = 'web-1 running healthy\nweb-2 running healthy';
    const first = pass({ manifests: WEB, docker, at: 1000 });
    const sick = pass({
      manifests: WEB,
      docker: docker.replace('healthy', 'unhealthy'),
      at: 1100,
      memory: first.memory,
    });
    const timeOf = (type: string): string | undefined =>
      sick.facts('web').conditions.find((condition) => condition.type === type)?.lastTransitionTime;
    expect(timeOf('Synced')).toBe('2026-01-31T12:16:40.000Z');
    expect(timeOf('Ready')).toBe('2026-01-31T12:18:20.000Z');
  });
});
