// Owns: what a start waits for. Titles name the rule of the semantics that they hold.
import { describe, expect, test } from 'vitest';
import type { Step } from '../../src/model/step.js';
import { linesOf, pass, type Scene } from '../support/decision.js';

const HEALTHY = `
bus: {image: bus:1, replicas: 2, healthcheck: {test: [CMD, ok]}}
web: {image: web:1, depends_on: {bus: {condition: service_healthy}}}
`;
const STARTED = `
bus: {image: bus:1, replicas: 2}
web: {image: web:1, depends_on: {bus: {condition: service_started}}}
`;
const COMPLETED = `
migrate: {image: migrate:1}
web: {image: web:1, depends_on: {migrate: {condition: service_completed_successfully}}}
`;
const OPTIONAL = `
bus: {image: bus:1, healthcheck: {test: [CMD, ok]}}
web: {image: web:1, depends_on: {bus: {condition: service_healthy, required: false}}}
`;
const CREATE_WEB = 'create container web-1  no container in its slot';

describe('2.2 a start that we make waits for its required dependencies', () => {
  test('2.2 a dependent must not be made before every replica it needs is healthy', () => {
    const scene = { manifests: HEALTHY, docker: 'bus-1 running healthy\nbus-2 running starting' };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).status('web')).toBe(
      'stopped OutOfSync Missing DependencyNotReady: waits for bus to be healthy (1/2 replicas)',
    );
    expect(pass(scene).facts('web').waiting_for).toEqual(['bus']);
  });

  test('2.2 a dependent must be made once every replica is healthy', () => {
    const docker = 'bus-1 running healthy\nbus-2 running healthy';
    expect(linesOf({ manifests: HEALTHY, docker })).toEqual([CREATE_WEB]);
  });

  test('2.2 a replica that we are stopping at this moment must count for nothing', () => {
    const manifests = HEALTHY.replace(
      'replicas: 2',
      'replicas: 2, deploy: {update_config: {order: stop-first}}',
    );
    const later = (second: string, inFlight: readonly Step[] = []) => {
      const docker = `bus-1 running healthy\nbus-2 ${second} healthy\nweb-1 exited exit=1`;
      return pass({ manifests, docker, inFlight, memory: pass({ manifests, docker }).memory, at: 1003 });
    };
    const start = 'start container web-1  exited 1';
    expect(later('running').lines).toEqual([start]);
    const stopping = later('other running');
    expect(stopping.lines).toEqual(['stop container bus-2 (other)  its spec changed']);
    expect(later('other running', stopping.steps).lines).toEqual([]);
  });

  test('2.2 a dependent that is made but not started must wait as well', () => {
    const docker = 'bus-1 running healthy\nbus-2 running starting\nweb-1 created';
    expect(linesOf({ manifests: HEALTHY, docker })).toEqual([]);
  });

  test('2.2 a dependent that had exited must not be started again while its dependency is not healthy', () => {
    const docker = 'bus-1 running unhealthy\nbus-2 running healthy\nweb-1 exited exit=1';
    const [first, second] = [1000, 1003].map((at): Scene => ({ manifests: HEALTHY, docker, at }));
    if (first === undefined || second === undefined) throw new Error('two moments');
    expect(linesOf({ ...second, memory: pass(first).memory })).toEqual([]);
  });

  test('2.2 service_started must be met by a running replica, healthy or not', () => {
    expect(linesOf({ manifests: STARTED, docker: 'bus-1 running\nbus-2 running' })).toEqual([CREATE_WEB]);
  });

  test('2.2 service_started must be met by a one-shot that has run to its end', () => {
    const manifests =
      'init: {image: init:1, restart: "no"}\nweb: {image: web:1, depends_on: {init: {condition: service_started}}}';
    expect(linesOf({ manifests, docker: 'init-1 exited exit=0 policy=no' })).toEqual([CREATE_WEB]);
    expect(linesOf({ manifests, docker: 'init-1 exited exit=1 policy=no' })).toEqual([]);
  });

  test.each(['created', 'exited', 'paused', 'restarting', 'dead', 'removing'])(
    '2.2 service_started must not be met by a replica that is %s',
    (status) => {
      expect(linesOf({ manifests: STARTED, docker: `bus-1 running\nbus-2 ${status}` })).not.toContain(
        CREATE_WEB,
      );
    },
  );

  test('2.2 service_completed_successfully must be met by exit 0 of the wanted spec', () => {
    expect(linesOf({ manifests: COMPLETED, docker: 'migrate-1 exited exit=0' })).toEqual([CREATE_WEB]);
  });

  test('2.2 service_completed_successfully must not be met while it runs, nor by another exit code', () => {
    expect(linesOf({ manifests: COMPLETED, docker: 'migrate-1 running' })).toEqual([]);
    const ended = { manifests: COMPLETED, docker: 'migrate-1 exited exit=3' };
    expect(linesOf(ended)).toEqual([]);
    expect(pass(ended).status('web')).toContain('waits for migrate to complete (0/1 replicas)');
  });

  test('2.2 service_completed_successfully must not be met by exit 0 of another spec', () => {
    expect(linesOf({ manifests: COMPLETED, docker: 'migrate-1 other exited exit=0' })).not.toContain(
      CREATE_WEB,
    );
  });

  test('2.2 a dependency that is itself about to be updated must be updated before a new dependent is made', () => {
    const docker = 'bus-1 other running healthy\nbus-2 running healthy';
    expect(linesOf({ manifests: HEALTHY, docker })).toEqual(['create container bus-1  its spec changed']);
  });

  test('2.2 a container that only has to be started again must not wait for the update of its dependency', () => {
    const docker = 'bus-1 other running healthy\nbus-2 running healthy\nweb-1 created';
    expect(linesOf({ manifests: HEALTHY, docker })).toContain(
      'start container web-1  created, not yet started',
    );
  });
});

describe('2.3 to 2.9 the other rules of dependencies', () => {
  test('2.3 a dependent must say so when nothing can ever tell that its dependency is healthy', () => {
    const manifests = HEALTHY.replace(', healthcheck: {test: [CMD, ok]}', '');
    const docker = 'bus-1 running\nbus-2 running';
    expect(linesOf({ manifests, docker })).toEqual([]);
    expect(pass({ manifests, docker }).status('web')).toContain('Missing NoHealthcheck: waits for bus');
  });

  test('2.4 a dependency that goes bad later must stop nobody', () => {
    const docker = 'bus-1 running unhealthy\nbus-2 exited exit=1 ended=0\nweb-1 running';
    expect(linesOf({ manifests: HEALTHY, docker })).toEqual([]);
  });

  test('2.5 an optional dependency must be waited for while it makes progress', () => {
    expect(linesOf({ manifests: OPTIONAL, docker: 'bus-1 running starting' })).toEqual([]);
  });

  test('2.5 an optional dependency that is degraded must not be waited for', () => {
    expect(linesOf({ manifests: OPTIONAL, docker: 'bus-1 running unhealthy' })).toEqual([CREATE_WEB]);
  });

  test('2.5 an optional dependency that is in maintenance must not be waited for', () => {
    const manifests = OPTIONAL.replace('bus: {', 'bus: {maintenance: true, ');
    expect(linesOf({ manifests })).toContain(CREATE_WEB);
  });

  test('2.5 an optional dependency that no manifest declares must not be waited for', () => {
    const manifests = 'web: {image: web:1, depends_on: {bus: {condition: service_started, required: false}}}';
    expect(linesOf({ manifests })).toEqual([CREATE_WEB]);
  });

  test('2.5 an optional dependency with 0 replicas must not be waited for', () => {
    expect(linesOf({ manifests: OPTIONAL.replace('bus: {', 'bus: {replicas: 0, ') })).toEqual([CREATE_WEB]);
  });

  test('2.6 of services that are free to start, the lower priority number must go first, then the name', () => {
    const manifests = `
zebra: {image: a:1, priority: 1}
bear: {image: a:1, priority: 2}
ape: {image: a:1, priority: 2}
`;
    expect(linesOf({ manifests }).map((line) => line.split(' ')[2])).toEqual(['zebra-1', 'ape-1', 'bear-1']);
  });

  test('2.6 a dependency must go before its dependents whatever their priorities', () => {
    const manifests = `
bus: {image: a:1, priority: 9}
web: {image: a:1, priority: 0, depends_on: [bus]}
`;
    expect(linesOf({ manifests })).toEqual(['create container bus-1  no container in its slot']);
  });

  test('2.6 a branch that waits must not hold up another', () => {
    const manifests = `${HEALTHY}\nlone: {image: lone:1}`;
    const docker = 'bus-1 running starting\nbus-2 running starting';
    expect(linesOf({ manifests, docker })).toEqual(['create container lone-1  no container in its slot']);
  });

  test('2.9 a dependency with 0 replicas must block its dependents, and say so', () => {
    const manifests = HEALTHY.replace('replicas: 2', 'replicas: 0');
    expect(linesOf({ manifests })).toEqual([]);
    expect(pass({ manifests }).status('web')).toBe(
      'stopped OutOfSync Missing DependencyNotReady: waits for bus, which has 0 replicas',
    );
  });

  test('1.3 a failing service must delay nobody but its own dependents', () => {
    const manifests = `${COMPLETED}\nlone: {image: lone:1}`;
    expect(linesOf({ manifests, docker: 'migrate-1 exited exit=3' })).toEqual([
      'create container lone-1  no container in its slot',
    ]);
  });
});

test('2.5 an optional dependency that can never begin must keep nobody waiting', () => {
  const manifests = `
db: {image: db:1, replicas: 0}
cache: {image: cache:1, depends_on: [db]}
web: {image: web:1, depends_on: {cache: {condition: service_started, required: false}}}`;
  expect(linesOf({ manifests })).toEqual(['create container web-1  no container in its slot']);
});

test('2.5 an optional dependency that waits for one on its way must be waited for', () => {
  const manifests = `
db: {image: db:1, healthcheck: {test: [CMD, ok]}}
cache: {image: cache:1, depends_on: {db: {condition: service_healthy}}}
web: {image: web:1, depends_on: {cache: {condition: service_started, required: false}}}`;
  expect(linesOf({ manifests, docker: 'db-1 running starting' })).toEqual([]);
});
