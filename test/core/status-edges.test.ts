// Owns: the words and counts of a status where two could be meant.
import { describe, expect, test } from 'vitest';
import { afterSteps, failed, lastPass, pass, type Scene } from '../support/decision.js';
import { OTHER_SPECS } from '../support/decision-observed.js';
import { CHECK, web } from '../support/web.js';

const status = (scene: Scene): string => pass(scene).status('web');
const KEPT_ALIVE = 'a: {image: a:1}\nb: {image: b:1}';

describe('contract 3: the facts of a service', () => {
  test('instances must be told by slot, then by name, however Docker lists them', () => {
    const docker = 'web-2 running\nweb-1 running id=a named=b\nweb-1 exited id=b named=a\nweb-10 running';
    const { instances } = pass({ manifests: web('replicas: 3'), docker }).facts('web');
    expect(instances.map(({ slot, instance_id }) => `${slot} ${instance_id.slice(0, 12)}`)).toEqual([
      '1 a',
      '1 b',
      '2 alicia-web-2',
      '10 alicia-web-1',
    ]);
    const swapped = 'web-1 running id=a named=a\nweb-1 exited id=b named=b';
    expect(
      pass({ manifests: web(), docker: swapped })
        .facts('web')
        .instances.map(({ instance_id }) => instance_id),
    ).toEqual(['a', 'b']);
  });

  test('a replica that is not ready must not be counted as ready', () => {
    const docker = 'web-1 running healthy\nweb-2 running starting';
    expect(pass({ manifests: web('replicas: 2'), docker }).facts('web').replicas).toEqual({
      ...{ desired: 2, current: 2, updated: 2, ready: 1 },
    });
  });

  test('an instance whose start has failed must be told as failed, until there is another spec', () => {
    const scene: Scene = { manifests: web(), docker: 'web-1 created id=x' };
    const memory = afterSteps(pass(scene), failed('engine', 'no such device'));
    const stateOf = (manifests: string, docker: string): string | undefined =>
      pass({ manifests, docker, memory, at: 1001 }).facts('web').instances[0]?.state;
    expect(stateOf(web(), 'web-1 created id=x')).toBe('failed');
    expect(stateOf(web('environment: [A=b]'), 'web-1 created id=x')).toBe('starting');
  });

  test('a status in which only one thing of an instance is new must be a new value', () => {
    const scenes = [8080, 8081].map((port, index): Scene => {
      return { manifests: web(), docker: `web-1 running healthy port=${port}`, at: 1000 + index };
    });
    expect(lastPass(scenes).facts('web').instances[0]?.ports).toEqual({ '80/tcp': 8081 });
  });
});

describe('contract 3: the facts of a service that no manifest declares', () => {
  test('they must be read from its containers, with those that still require it', () => {
    const manifests = `
bus: {image: bus:1}
db: {image: db:1}
lone: {image: lone:1, depends_on: [db]}
web: {image: web:1, depends_on: [bus, db]}`;
    const scene: Scene = {
      manifests,
      withdrawn: ['bus'],
      docker:
        'bus-2 running starting needs=a restarts=2\nbus-1 running other needs=db restarts=1 stack=s\nbus-1-old exited',
    };
    const facts = pass(scene).facts('bus');
    expect(facts).toMatchObject({
      state: 'starting',
      sync: 'OutOfSync',
      health: 'Unknown',
      reason: 'PruneBlocked',
      stack: 's',
      hash: OTHER_SPECS.other,
      replicas: { desired: 0, current: 2, updated: 0, ready: 1 },
      restarts: 3,
      waiting_for: [],
      depends_on: ['db'],
      required_by: ['web'],
      optional_deps: [],
      image: 'bus:1',
    });
    expect(facts.conditions.map(({ type, status: is, reason }) => [type, is, reason])).toEqual([
      ['Ready', 'Unknown', 'PruneBlocked'],
      ['Synced', 'False', 'PruneBlocked'],
      ['Progressing', 'False', 'PruneBlocked'],
      ['Stalled', 'False', 'PruneBlocked'],
    ]);
  });

  test.each([
    ['', 'stopped Unknown Missing InvalidManifest: left as it is: line 3'],
    ['web-1 running', 'running Unknown Healthy InvalidManifest: left as it is: line 3'],
    ['web-1 running\nweb-2 exited', 'running Unknown Unknown InvalidManifest: left as it is: line 3'],
  ])('7.5 one that was never good must be told as its containers are: "%s"', (docker, expected) => {
    const scene = { manifests: KEPT_ALIVE, docker, rejected: { web: 'line 3' } };
    expect(status(scene)).toBe(expected);
    const { depends_on, hash, image } = pass(scene).facts('web');
    expect([depends_on, hash === '', image]).toEqual([[], docker === '', docker === '' ? '' : 'web:1']);
  });
});

describe('contract 3: sync', () => {
  const TWO = 'networks: {front: {}, back: {}}\n';
  const OFF = `${TWO}${web('maintenance: true, networks: [front, back]')}`;

  test.each([
    ['all as declared', 'web-1 running healthy', 'Synced'],
    ['one that is not on one of its networks', 'web-1 running healthy off=alicia_front', 'OutOfSync'],
    ['one of another spec', 'web-1 other running healthy', 'OutOfSync'],
    ['one that was kept aside', 'web-1 running healthy\nweb-1-old other exited', 'OutOfSync'],
    ['a double', 'web-1 running healthy id=a\nweb-1 exited id=b', 'OutOfSync'],
    ['one that has the name of one kept aside', 'web-1-old running healthy', 'OutOfSync'],
  ])('under maintenance it must tell what is there: %s', (_, docker, expected) => {
    expect(pass({ manifests: OFF, docker }).facts('web').sync).toBe(expected);
  });

  test('it must be OutOfSync while a replica is being changed, though nothing else is to be done', () => {
    for (const word of ['policy=no', 'named=alicia-web-1-00000000']) {
      const scene: Scene = { manifests: web(), docker: `web-1 running healthy ${word}` };
      const { steps } = pass(scene);
      expect(steps).toHaveLength(1);
      expect(pass({ ...scene, inFlight: steps }).facts('web').sync).toBe('OutOfSync');
    }
  });
});

describe('contract 3: health', () => {
  test('one whose replica is there must be Progressing, not Missing, while a dependency is not ready', () => {
    const manifests = `bus: {image: bus:1, ${CHECK}}\nweb: {image: web:1, depends_on: {bus: {condition: service_healthy}}}`;
    expect(status({ manifests, docker: 'bus-1 running starting\nweb-1 created' })).toMatch(
      /^stopped OutOfSync Progressing DependencyNotReady: /,
    );
    expect(status({ manifests, docker: 'bus-1 running starting' })).toMatch(/ Missing DependencyNotReady: /);
  });

  test('a rollout must not be Healthy before the old one is gone', () => {
    const docker = 'web-1 running healthy\nweb-1-old other exited';
    expect(status({ manifests: web(), docker })).toBe(
      'running OutOfSync Progressing: replaces containers of another spec',
    );
  });

  test('one that runs under the name of one kept aside must not be Healthy yet', () => {
    expect(status({ manifests: web(), docker: 'web-1-old running healthy' })).toMatch(
      /^starting OutOfSync Progressing/,
    );
  });

  test('what is stuck must be told only where there is nothing else to tell', () => {
    const stuck = 'web-1-stuck-abcd dead';
    expect(status({ manifests: web(), docker: stuck })).toMatch(
      / OutOfSync Progressing: brings up its replicas \(0\/1 running\)$/,
    );
    expect(status({ manifests: web(), docker: `web-1 running healthy\n${stuck}` })).toMatch(/is stuck/);
  });

  test('6.3 a one-shot must be Completed once all its replicas are, and well while those that are not run', () => {
    const docker = 'web-1 exited exit=0\nweb-2 running';
    const job = (restart: string): string => `web: {image: web:1, replicas: 2, restart: ${restart}}`;
    expect(status({ manifests: job('"no"'), docker })).toMatch(/ Synced Progressing: /);
    expect(status({ manifests: job('on-failure'), docker })).toBe('running Synced Healthy');
    expect(status({ manifests: job('on-failure'), docker: docker.replace('running', 'exited') })).toBe(
      'stopped Synced Completed',
    );
  });
});

describe('contract 3: what is waited for', () => {
  test('an image that is being fetched, and a network that is being made, must be named', () => {
    expect(status({ manifests: web(), images: { 'web:1': 'missing' } })).toBe(
      'starting OutOfSync Progressing: pulls web:1',
    );
    expect(status({ manifests: web(), docker: 'web-1 running starting', networks: [] })).toMatch(
      /Progressing: creates network alicia_bus_network$/,
    );
  });

  test('a start that failed must be named with Docker’s word, also of one that has run before', () => {
    const scene: Scene = {
      manifests: web('replicas: 2'),
      docker: 'web-1 running healthy\nweb-2 exited error=no_such_device',
    };
    expect(lastPass([scene, { ...scene, at: 1003 }]).status('web')).toMatch(
      /: brings up its replicas \(1\/2 running\); the last start of web-2 failed: no such device$/,
    );
  });

  test('6.6 the word of a probe must be that of a replica that is not ready', () => {
    const probed = web('replicas: 2, probes: [{http: {port: 9000, path: /}}]');
    const docker = 'web-1 running starting probed=healthy\nweb-2 running healthy probed=starting';
    const said = ': http :9000/ answered 503';
    expect(status({ manifests: probed, docker })).toContain(
      `: waits for its health check (0/2 healthy)${said}`,
    );
    expect(
      status({ manifests: probed, docker: docker.replace('starting probed', 'healthy probed') }),
    ).toContain(`: waits for its health check (1/2 healthy)${said}`);
  });
});
