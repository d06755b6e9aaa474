// Owns: states of a rollout that are rare: each once led to the wrong move, or to none.
import { describe, expect, test } from 'vitest';
import { afterSteps, failed, linesOf, pass, type Scene } from '../support/decision.js';

const CHECK = 'healthcheck: {test: [CMD, ok], interval: 1s, timeout: 1s, retries: 1}';
const web = (fields: string): string => `web: {image: web:2, ${CHECK}${fields === '' ? '' : `, ${fields}`}}`;
const STOP_FIRST = 'deploy: {update_config: {order: stop-first}}';

describe('4.6 what is not known is not broken', () => {
  const probed = (order: string): string =>
    `web: {image: web:2, replicas: 3, probes: [{tcp: {port: 80}}], deploy: {update_config: {order: ${order}}}}`;
  const ALL = 'web-1 other running\nweb-2 other running\nweb-3 other running';

  test.each(['', ' blind'])('4.6 replicas without a word of their probes must go one at a time%s', (word) => {
    const docker = ALL.replaceAll('running', `running${word}`);
    expect(linesOf({ manifests: probed('stop-first'), docker })).toEqual([
      'stop container web-1 (other)  its spec changed',
    ]);
    expect(linesOf({ manifests: probed('start-first'), docker })).toEqual([
      'create container web-1  its spec changed',
    ]);
  });

  test('4.6 replicas whose check has just begun must go one at a time', () => {
    const docker = 'web-1 other running starting\nweb-2 other running starting\nweb-3 other running starting';
    expect(linesOf({ manifests: web(`replicas: 3, ${STOP_FIRST}`), docker })).toEqual([
      'stop container web-1 (other)  its spec changed',
    ]);
  });

  test('6.6 a new one whose probes cannot be made must not be judged', () => {
    const manifests = 'web: {image: web:2, probes: [{mqtt: {}}]}';
    expect(linesOf({ manifests, docker: 'web-1 other running blind\nweb-1 running blind up=200' })).toEqual(
      [],
    );
  });
});

describe('4.7 an edit taken back', () => {
  test('4.7 the one that was there before must not be judged as a new one', () => {
    const docker = 'web-1 running restarts=1 age=900 up=500\nweb-1 other running up=2 age=5';
    expect(linesOf({ manifests: 'web: {image: web:2}', docker })).toEqual([
      'stop container web-1 (other)  the edit was taken back',
    ]);
  });
});

describe('4.8 a rollout comes to its end', () => {
  test('4.8 a replica that has crashed once, long ago, and has no old one must not keep it open', () => {
    const docker = 'web-1-old other exited\nweb-1 running up=600\nweb-2 running restarts=1 up=500';
    expect(linesOf({ manifests: `web: {image: web:2, replicas: 2, ${STOP_FIRST}}`, docker })).toEqual([
      'remove container web-1 (other)  its successor is ready',
    ]);
  });

  test('4.1 under continue a failed one must not take the room of the others', () => {
    const manifests = web('replicas: 3, deploy: {update_config: {failure_action: continue}}');
    const old = 'web-1 other running healthy\nweb-2 other running healthy\nweb-3 other running healthy';
    const scene: Scene = { manifests, docker: `${old}\nweb-1 restarting restarts=2 exit=1` };
    expect(linesOf(scene)).toEqual(['stop container web-1  it keeps exiting (exited 1)']);
    const rests = {
      manifests,
      docker: `${old}\nweb-1 exited exit=1`,
      at: 1001,
      memory: afterSteps(pass(scene)),
    };
    expect(linesOf(rests)).toEqual(['create container web-2  its spec changed']);
    expect(pass(rests).status('web')).toContain(
      'the update went on without web-1: it keeps exiting (exited 1)',
    );
  });

  test('4.8 stop-first: an old one that was revived beside a failed one must not stand in the way of the verdict', () => {
    const docker = 'web-1-old other running healthy\nweb-1 running starting restarts=2 up=500 exit=1';
    expect(linesOf({ manifests: web(STOP_FIRST), docker })).toEqual([
      'stop container web-1  it keeps exiting (exited 1)',
    ]);
  });

  test('4.5 scaling down must keep the evidence', () => {
    const docker =
      'web-1 other running healthy age=900\nweb-2 other running healthy age=10\nweb-2-failed exited exit=1';
    const lines = linesOf({ manifests: web(''), docker });
    expect(lines).toEqual(['stop container web-1 (other)  more replicas than declared']);
  });

  test('4.5 evidence must hold where the kernel shows no limits at all', () => {
    const docker = 'web-1 other running healthy mem=0\nweb-1-failed exited exit=1 mem=0';
    expect(linesOf({ manifests: web('mem_limit: 64m'), docker })).toEqual([]);
  });
});

describe('4.1 while a rollout may not go on', () => {
  const scene: Scene = { manifests: web(STOP_FIRST), docker: '', images: { 'web:2': 'missing' } };
  const failing = () =>
    afterSteps(pass({ ...scene, docker: 'web-1 other running healthy' }), failed('pullFailed'));
  const waiting = (docker: string) => pass({ ...scene, docker, at: 1001, memory: failing() });

  test('4.1 an old one that has ended must be started again, and one kept aside come back', () => {
    expect(waiting('web-1 other exited').lines).toEqual([
      'start container web-1 (other)  its update cannot begin yet',
    ]);
    expect(waiting('web-1-old other exited').lines).toEqual([
      'rename container web-1 (other) → plain  its update cannot begin yet',
    ]);
  });

  test('6.2 an old one that is unhealthy must be restarted', () => {
    const docker = 'web-1 other running unhealthy';
    const first = waiting(docker);
    expect(linesOf({ ...scene, docker, at: 1020, memory: first.memory })).toContain(
      'restart container web-1 (other)  unhealthy',
    );
  });

  test('8.4 a pull that failed with an image here must be tried again', () => {
    const weekly = { manifests: 'web: {image: web:1, pull_policy: weekly}', docker: 'web-1 running' };
    const memory = afterSteps(pass(weekly), failed('pullFailed'));
    expect(pass({ ...weekly, at: 1001, memory }).recheckIn('web')).toBe(9);
    expect(linesOf({ ...weekly, at: 1010, memory })).toEqual([
      'pull image web:1  pull_policy is weekly'.replace('weekly', 'every'),
    ]);
  });
});

describe('3.3 a refused update', () => {
  test('3.3 must stay refused while its container is there, and be no refusal of another limit', () => {
    const scene: Scene = {
      manifests: 'web: {image: web:1, mem_limit: 64m}',
      docker: 'web-1 running mem=128m',
    };
    const refused = afterSteps(pass(scene), failed('rejected'));
    const held = {
      ...scene,
      docker: 'web-1 running mem=128m\nweb-1-failed exited',
      memory: refused,
      at: 1002,
    };
    expect(linesOf({ ...held, memory: pass(held).memory, at: 1100 })).not.toContain(
      'remove container web-1  evidence of a spec that is no longer wanted',
    );
    const other = { manifests: 'web: {image: web:1, mem_limit: 96m}', docker: 'web-1 running mem=128m' };
    expect(linesOf({ ...other, memory: refused, at: 1011 })).toEqual([
      'update container web-1 → limits  its limits are others than declared',
    ]);
  });

  test('3.3 a refused restart policy must replace', () => {
    const scene: Scene = {
      manifests: 'web: {image: web:1, restart: always}',
      docker: 'web-1 running policy=unless-stopped',
    };
    const memory = afterSteps(pass(scene), failed('rejected'));
    expect(linesOf({ ...scene, at: 1001, memory })).toEqual([
      'rename container web-1 → old  its limits or its restart policy cannot be updated in place',
    ]);
  });
});

describe('8.3 a step that fails holds back no other', () => {
  test('8.3 a container that cannot have its name must be started all the same', () => {
    const scene: Scene = {
      manifests: 'web: {image: web:1, container_name: door}',
      docker: 'web-1 exited named=alicia-web-1',
    };
    const first = pass(scene);
    expect(first.lines).toEqual(['rename container web-1 → plain  is named alicia-web-1']);
    const second = pass({ ...scene, at: 1001, memory: afterSteps(first, failed('nameInUse')) });
    const third = pass({ ...scene, at: 1004, memory: second.memory });
    expect(third.lines).toEqual(['start container web-1  exited 0']);
    expect(third.recheckIn('web')).toBeLessThanOrEqual(10);
  });
});

describe('1.3 two services that swap a host port', () => {
  test('1.3 must both let go, and then both start', () => {
    const manifests = '{a: {image: a:1, ports: ["81:80"]}, b: {image: b:1, ports: ["80:80"]}}';
    expect(linesOf({ manifests, docker: 'a-1 other running port=80\nb-1 other running port=81' })).toEqual([
      'stop container a-1 (other)  its spec changed',
      'stop container b-1 (other)  its spec changed',
    ]);
    expect(
      linesOf({ manifests, docker: 'a-1-old other exited\na-1 created\nb-1 other running port=81' }),
    ).toEqual(['stop container b-1 (other)  its spec changed']);
  });
});

describe('2.2 what cannot be updated is not waited for', () => {
  test('2.2 a dependency whose update is paused must not keep a dependant away', () => {
    const manifests = `{bus: {image: bus:2, ${CHECK}, deploy: {update_config: {failure_action: pause}}}, web: {image: web:1, depends_on: {bus: {condition: service_healthy}}}}`;
    const docker = 'bus-1 other running healthy\nbus-1 restarting restarts=2 exit=1';
    const first = pass({ manifests, docker });
    expect(linesOf({ manifests, docker, at: 1001, memory: first.memory })).toEqual([
      'create container web-1  no container in its slot',
    ]);
  });
});
