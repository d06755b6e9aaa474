// Owns: the edges of the gate: which dependency is waited for, until when, and in which words.
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/core/decide.js';
import { serviceName } from '../../src/model/ids.js';
import {
  afterSteps,
  contextOf,
  failed,
  linesOf,
  pass,
  type Scene,
  settledMemory,
} from '../support/decision.js';
import { CHECK } from '../support/web.js';

const webOn = (condition: string, fields = ''): string =>
  `web: {image: web:1, depends_on: {bus: {condition: ${condition}${fields}}}}`;
const on = (bus: string, condition = 'service_healthy', fields = ''): string =>
  `bus: {image: bus:1, ${bus}}\n${webOn(condition, fields)}`;
const CREATE = 'create container web-1  no container in its slot';
const START = 'start container web-1  created, not yet started';

describe('2.2 the condition', () => {
  test('2.2 service_started must be met by whichever container of the slot runs', () => {
    const docker = 'bus-1-old other exited policy=no\nbus-1 running starting up=1\nweb-1 created';
    expect(linesOf({ manifests: on(CHECK, 'service_started'), docker })).toEqual([START]);
  });

  test('2.2 a run that was cut off too often to be run again must count by its exit code', () => {
    const manifests = `bus: {image: bus:1, restart: "no"}\n${webOn('service_completed_successfully')}`;
    let memory = settledMemory;
    const lines: string[] = [];
    for (let run = 0; run < 5; run += 1) {
      for (const at of [1000 + run * 10, 1003 + run * 10]) {
        const docker = `bus-1 exited exit=0 ended=${60 - run * 10}`;
        const found = pass({ manifests, docker, killed: ['bus-1'], at, memory });
        lines.push(...found.lines);
        memory = afterSteps(found);
      }
    }
    const again = 'start container bus-1  its run was cut off';
    expect(lines.slice(0, 4)).toEqual([again, again, again, CREATE]);
  });
});

describe('2.2 what is made new must wait for the update of what it needs, as long as that goes on', () => {
  const updating = 'bus-1 other running healthy\nbus-1 running starting up=1';

  test('2.2 the sentence must say so', () => {
    const { lines, status } = pass({ manifests: on(CHECK), docker: updating });
    expect(lines).toEqual([]);
    expect(status('web')).toContain('DependencyNotReady: waits for bus to be updated (1/1 replicas)');
  });

  test('2.2 not once the new one serves', () => {
    expect(
      linesOf({ manifests: on(CHECK), docker: 'bus-1-old other exited policy=no\nbus-1 running healthy' }),
    ).toContain(CREATE);
  });

  test('2.2 not under maintenance', () => {
    expect(
      linesOf({ manifests: on(`${CHECK}, maintenance: true`), docker: 'bus-1 other running healthy' }),
    ).toEqual([CREATE]);
  });

  test('2.2 not where the spec has failed, also while the way back is not over', () => {
    const docker =
      'bus-1 other running healthy policy=no\nbus-1-failed exited exit=1\nbus-2 other running healthy';
    expect(linesOf({ manifests: on(`${CHECK}, replicas: 2`), docker })).toContain(CREATE);
  });

  test('2.2 not where it cannot go on', () => {
    const manifests = on(`${CHECK}, deploy: {update_config: {failure_action: pause}}`);
    const docker = 'bus-1 other running healthy\nbus-1 restarting restarts=2 exit=1\nweb-1 other running';
    expect(linesOf({ manifests, docker })).toEqual(['create container web-1  its spec changed']);
  });

  test('2.2 what is not ready for itself is no update', () => {
    expect(linesOf({ manifests: on(CHECK, 'service_started'), docker: 'bus-1 running starting' })).toEqual([
      CREATE,
    ]);
  });

  /** The second replica follows `db` once the first one is back. */
  const following = `db: {image: db:1}\nbus: {image: bus:1, ${CHECK}, replicas: 2, depends_on: {db: {condition: service_started, restart: true}}}`;
  const amid = 'db-1 running up=10\nbus-1 running starting up=5\nbus-2 running healthy up=100';

  test('2.4 a restart that is about to follow another is no update, but for the moment in which it is made', () => {
    const manifests = `${following}\n${webOn('service_started')}`;
    expect(linesOf({ manifests, docker: amid })).toEqual([CREATE]);
    expect(linesOf({ manifests, docker: amid.replace('starting', 'healthy') })).toEqual([
      'restart container bus-2  db was started again',
    ]);
  });

  test('2.4 a restart that follows must wait until every replica has followed in its turn', () => {
    const manifests = `${following}\n${webOn('service_started', ', restart: true')}`;
    expect(linesOf({ manifests, docker: `${amid}\nweb-1 running up=300` })).toEqual([]);
    const over = amid.replace('starting', 'healthy').replace('up=100', 'up=4');
    expect(linesOf({ manifests, docker: `${over}\nweb-1 running up=300` })).toEqual([
      'restart container web-1  bus was started again',
    ]);
  });
});

describe('2.5 an optional dependency', () => {
  const OPTIONAL = on(CHECK, 'service_healthy', ', required: false');

  test('2.5 of which nothing was said yet must be waited for', () => {
    const context = contextOf({ manifests: OPTIONAL });
    const dirty = new Set([serviceName('web')]);
    expect(decide({ services: dirty, objects: false }, context).steps).toEqual([]);
  });

  test('2.5 whose image cannot be had must not be waited for', () => {
    const scene: Scene = { manifests: OPTIONAL, images: { 'bus:1': 'missing' } };
    const first = pass(scene);
    expect(first.lines).toEqual(['pull image bus:1  not on this host']);
    const memory = afterSteps(first, failed('pullFailed'));
    expect(linesOf({ ...scene, at: 1001, memory })).toContain(CREATE);
  });

  test('2.5 that waits itself must be waited for while one of those that it waits for is on its way', () => {
    const manifests = `a: {image: a:1, ${CHECK}}\nb: {image: b:1, ${CHECK}}\nbus: {image: bus:1, depends_on: {a: {condition: service_healthy}, b: {condition: service_healthy}}}\n${webOn('service_started', ', required: false')}`;
    const ill = 'a-1 restarting restarts=9';
    expect(linesOf({ manifests, docker: `${ill}\nb-1 running starting up=1` })).toEqual([]);
    expect(linesOf({ manifests, docker: `${ill}\nb-1 restarting restarts=9` })).toEqual([CREATE]);
  });
});

describe('2.3 a dependency without a check', () => {
  const two = (condition: string): string => on('replicas: 2', condition);

  test('2.3 must be told as soon as one replica shows it', () => {
    expect(
      pass({ manifests: two('service_healthy'), docker: 'bus-1 running\nbus-2 created' }).status('web'),
    ).toContain('NoHealthcheck');
  });

  test('2.3 but not before one has run, and not where no health is asked for', () => {
    expect(
      pass({ manifests: two('service_healthy'), docker: 'bus-1 created\nbus-2 created' }).status('web'),
    ).toContain('DependencyNotReady');
    expect(
      pass({ manifests: two('service_started'), docker: 'bus-1 running\nbus-2 created' }).status('web'),
    ).toContain('DependencyNotReady: waits for bus to be started (1/2 replicas)');
  });
});

test('2.1 a dependency in error must be told as such', () => {
  const scene: Scene = { manifests: on(CHECK), withdrawn: ['bus'], rejected: { bus: 'no image' } };
  expect(pass(scene).status('web')).toContain('waits for bus, whose manifest is in error: no image');
  expect(pass({ ...scene, rejected: {} }).status('web')).toContain(
    'waits for bus, which no manifest declares',
  );
});
