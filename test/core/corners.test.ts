// Owns: rare states of replicas that are not in a rollout: each once led to the wrong move, or to none.
import { describe, expect, test } from 'vitest';
import { afterSteps, firstContainerOf, linesOf, pass } from '../support/decision.js';

const FRONT = 'alicia_front';
const NET = 'networks: {front: {}}';

describe('5.5 who is taken off a network is put back on it', () => {
  test('5.5 what was rolled back must be put back too', () => {
    const manifests = `{web: {image: web:2, networks: [front]}, ${NET}}`;
    const off = `web-1 other running off=${FRONT}\nweb-1-failed exited off=${FRONT}`;
    expect(linesOf({ manifests, docker: off })).toEqual([
      `connect container web-1 (other) → ${FRONT}  not on ${FRONT}`,
    ]);
  });

  test('4.5 what is rolled back must not be put on networks that only the failed spec declares', () => {
    const manifests = '{web: {image: web:2, networks: [front, back]}, networks: {front: {}, back: {}}}';
    const docker = `web-1 other exited off=alicia_back\nweb-1-failed exited policy=no`;
    expect(linesOf({ manifests, docker })).toEqual(['start container web-1 (other)  rolling back']);
  });

  test('8.8 what is rolled back must be put on its network again where that was made anew meanwhile', () => {
    const manifests = `{web: {image: web:2, networks: [front]}, ${NET}}`;
    const docker = `web-1 other exited lost=${FRONT}\nweb-1-failed exited policy=no`;
    const first = pass({ manifests, docker });
    expect(first.lines).toEqual([
      `disconnect container web-1 (other) ← ${FRONT}  its network ${FRONT} was made anew`,
    ]);
    const then = docker.replace('lost', 'off');
    expect(linesOf({ manifests, docker: then, memory: afterSteps(first) })).toEqual([
      `connect container web-1 (other) → ${FRONT}  not on ${FRONT}`,
    ]);
  });

  test('5.5 an old one and a new one in mid-rollout must be put back', () => {
    const manifests = `{web: {image: web:2, networks: [front], healthcheck: {test: [CMD, ok]}}, ${NET}}`;
    const docker = `web-1-old other exited\nweb-1 running starting up=1 off=${FRONT}`;
    expect(linesOf({ manifests, docker })).toEqual([`connect container web-1 → ${FRONT}  not on ${FRONT}`]);
    expect(linesOf({ manifests, docker: `web-1 other running healthy off=${FRONT}` })).toEqual([
      `connect container web-1 (other) → ${FRONT}  not on ${FRONT}`,
    ]);
  });

  test('9.1 a network that the controller itself is on must not be made anew', () => {
    const manifests = `{ctl: {image: ctl:1, networks: [front]}, web: {image: web:1, networks: [front]}, ${NET}}`;
    const docker = 'ctl-1 running\nweb-1 running';
    const ownContainerId = firstContainerOf({ manifests, docker }, 'ctl');
    const found = pass({ manifests, docker, changed: [FRONT], settings: { ownContainerId } });
    expect(found.lines).toEqual([]);
    expect(found.status('web')).toContain('OutOfSync Healthy NetworkFailed');
  });

  test('contract 3: what is off its network must be out of sync', () => {
    const manifests = `{web: {image: web:1, networks: [front]}, ${NET}}`;
    expect(pass({ manifests, docker: `web-1 running off=${FRONT}` }).status('web')).toContain('OutOfSync');
  });
});

describe('2.4 what shares a network', () => {
  const manifests = '{x: {image: x:1}, y: {image: y:2, network_mode: "service:x"}}';

  test('2.4 one that cannot come back must not be rolled back to', () => {
    expect(
      linesOf({
        manifests,
        docker: 'x-1 running id=p up=900\ny-1 other exited in=gone\ny-1-failed exited in=p',
      }),
    ).toEqual(['remove container y-1 (other)  it could not be started again']);
  });

  test('2.4 evidence whose network is gone must go, for the spec can be tried anew', () => {
    expect(linesOf({ manifests, docker: 'x-1 running id=p up=900\ny-1-failed exited in=gone' })).toEqual([
      'remove container y-1  left over in its slot',
    ]);
  });
});

describe('2.4 what follows', () => {
  const manifests =
    '{db: {image: db:1}, web: {image: web:1, depends_on: {db: {condition: service_started, restart: true}}}}';

  test('2.4 a run of the dependency must be followed once, whatever its clock says', () => {
    const scene = { manifests, docker: 'db-1 running up=-500\nweb-1 running up=100' };
    const memory = afterSteps(pass(scene));
    expect(
      linesOf({ ...scene, docker: 'db-1 running up=-500\nweb-1 running up=0', at: 1001, memory }),
    ).toEqual([]);
  });

  test('2.4 one replica more of the dependency must be no reason', () => {
    const two = manifests.replace('{image: db:1}', '{image: db:1, replicas: 2}');
    expect(
      linesOf({ manifests: two, docker: 'db-1 running up=500\ndb-2 running up=5\nweb-1 running up=100' }),
    ).toEqual([]);
  });

  test('2.4 of a chain each must be restarted once, in order', () => {
    const chain =
      '{a: {image: a:1}, b: {image: b:1, depends_on: {a: {condition: service_started, restart: true}}}, c: {image: c:1, depends_on: {a: {condition: service_started, restart: true}, b: {condition: service_started, restart: true}}}}';
    expect(
      linesOf({ manifests: chain, docker: 'a-1 running up=5\nb-1 running up=100\nc-1 running up=100' }),
    ).toEqual(['restart container b-1  a was started again']);
    expect(
      linesOf({ manifests: chain, docker: 'a-1 running up=5\nb-1 running up=2\nc-1 running up=100' }),
    ).toEqual(['restart container c-1  a was started again']);
  });
});

describe('one-shots', () => {
  test('4.8 a completed one must not keep another one from being replaced', () => {
    const manifests = 'job: {image: job:2, restart: "no", replicas: 2}';
    expect(linesOf({ manifests, docker: 'job-1 exited exit=0\njob-2 other running' })).toEqual([
      'stop container job-2 (other)  its spec changed',
    ]);
  });

  test('6.4 runs that were cut off must be counted for each container', () => {
    const manifests = 'job: {image: job:1, restart: "no", replicas: 3}';
    const docker = 'job-1 exited exit=255\njob-2 exited exit=255\njob-3 exited exit=255';
    const first = pass({ manifests, docker });
    const second = pass({ manifests, docker, at: 1003, memory: first.memory });
    expect(second.lines).toHaveLength(3);
    const again = docker.replaceAll('exit=255', 'exit=255 ended=10');
    const third = pass({ manifests, docker: again, at: 1010, memory: afterSteps(second) });
    expect(linesOf({ manifests, docker: again, at: 1013, memory: third.memory })).toHaveLength(3);
  });
});

describe('8.11 the grace of a stop', () => {
  test('8.11 a container without one must have Docker’s own ten seconds, whatever the new spec says', () => {
    const manifests =
      'web: {image: web:2, stop_grace_period: 1s, deploy: {update_config: {order: stop-first}}}';
    expect(pass({ manifests, docker: 'web-1 other running' }).steps).toMatchObject([{ graceMs: 10_000 }]);
  });
});

describe('6.3 self_heal: false', () => {
  const manifests = 'web: {image: web:1, self_heal: false}';

  test('6.3 an end that Docker did not see must be nobody’s wish', () => {
    const first = pass({ manifests, docker: 'web-1 exited exit=255' });
    expect(linesOf({ manifests, docker: 'web-1 exited exit=255', at: 1003, memory: first.memory })).toEqual([
      'start container web-1  exited 255',
    ]);
  });

  test('6.3 an end by hand must be left', () => {
    const docker = 'web-1 exited exit=0';
    const before = pass({ manifests, docker: 'web-1 running' });
    const first = pass({ manifests, docker, at: 1001, memory: before.memory });
    expect(linesOf({ manifests, docker, at: 1004, memory: first.memory })).toEqual([]);
  });
});
