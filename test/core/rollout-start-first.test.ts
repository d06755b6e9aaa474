// Owns: the table of the rollout where the new container comes first. O is the old container of the slot, N the new one.
import { describe, expect, test } from 'vitest';
import { afterSteps, linesOf, pass, type Scene } from '../support/decision.js';

const CHECKED = 'web: {image: web:2, healthcheck: {test: [CMD, ok], interval: 1s, timeout: 1s, retries: 1}}';
const THREE = CHECKED.replace('{image', '{replicas: 3, image');
const PLAIN = 'web: {image: web:2}';
const ALL_OLD = 'web-1 other running healthy\nweb-2 other running healthy\nweb-3 other running healthy';
const row = (docker: string, manifests = CHECKED): readonly string[] => linesOf({ manifests, docker });

function triedAgain(docker: string, manifests = CHECKED): readonly string[] {
  const first: Scene = { manifests, docker };
  return linesOf({ ...first, at: 1001, memory: afterSteps(pass(first)) });
}

describe('4.8 start-first: the old one runs', () => {
  test('4.8 with no new one a new one must be made beside it', () => {
    expect(row('web-1 other running healthy')).toEqual(['create container web-1  its spec changed']);
  });

  test('4.8 a new one that was only created must be started beside it', () => {
    expect(row('web-1 other running healthy\nweb-1 created')).toEqual([
      'start container web-1  its spec changed',
    ]);
  });

  test('4.8 while the new one is not ready the old one must run on', () => {
    expect(row('web-1 other running healthy\nweb-1 running starting up=1')).toEqual([]);
    expect(row('web-1 other running\nweb-1 running up=3', PLAIN)).toEqual([]);
  });

  test('4.8 beside a new one that is ready it must be stopped', () => {
    expect(row('web-1 other running healthy\nweb-1 running healthy')).toEqual([
      'stop container web-1 (other)  its successor is ready',
    ]);
    expect(row('web-1 other running\nweb-1 running up=6', PLAIN)).toEqual([
      'stop container web-1 (other)  its successor is ready',
    ]);
  });

  test('4.8 a new one that failed must be started once more, then named as failed, while the old one runs on', () => {
    const docker = 'web-1 other running healthy\nweb-1 exited exit=1';
    expect(row(docker)).toEqual(['start container web-1  started once more before it is judged']);
    expect(triedAgain(docker)).toEqual(['rename container web-1 → failed  exited 1']);
  });

  test('4.8 a new one that Docker restarts must be stopped, and the old one run on', () => {
    expect(row('web-1 other running healthy\nweb-1 restarting restarts=2 exit=1')).toEqual([
      'stop container web-1  it keeps exiting (exited 1)',
    ]);
  });

  test('4.8 a new one past its deadline must be stopped', () => {
    expect(row('web-1 other running healthy\nweb-1 running starting up=15')).toEqual([
      'stop container web-1  not ready after 14 s',
    ]);
  });

  test('4.8 with the evidence at rest the old one must simply run on', () => {
    const docker = 'web-1 other running healthy\nweb-1-failed exited exit=1';
    expect(row(docker)).toEqual([]);
    expect(pass({ manifests: CHECKED, docker }).status('web')).toMatch(/OutOfSync Degraded RolledBack/);
  });

  test('4.8 a paused new one must be unpaused before it is judged', () => {
    expect(row('web-1 other running healthy\nweb-1 paused')).toEqual([
      'unpause container web-1  it was paused',
    ]);
  });
});

describe('4.6 never more than desired + parallelism', () => {
  test('4.6 only as many new ones as the parallelism says may be made beside', () => {
    expect(row(ALL_OLD, THREE)).toEqual(['create container web-1  its spec changed']);
    const two = THREE.replace('{replicas', '{deploy: {update_config: {parallelism: 2}}, replicas');
    expect(row(ALL_OLD, two)).toEqual([
      'create container web-1  its spec changed',
      'create container web-2  its spec changed',
    ]);
    const all = THREE.replace('{replicas', '{deploy: {update_config: {parallelism: 0}}, replicas');
    expect(row(ALL_OLD, all)).toHaveLength(3);
  });

  test('4.6 a new one that was made, or is being made, must count', () => {
    expect(row(`${ALL_OLD}\nweb-2 created`, THREE)).toEqual(['start container web-2  its spec changed']);
    const first = pass({ manifests: THREE, docker: ALL_OLD });
    expect(linesOf({ manifests: THREE, docker: ALL_OLD, inFlight: first.steps })).toEqual([]);
  });

  test('4.6 the next one must wait until the old one of the first is away', () => {
    const docker = `${ALL_OLD}\nweb-1 running healthy`;
    expect(row(docker, THREE)).toEqual(['stop container web-1 (other)  its successor is ready']);
    const stopped =
      'web-1 other exited\nweb-1 running healthy\nweb-2 other running healthy\nweb-3 other running healthy';
    expect(row(stopped, THREE)).toEqual([
      'rename container web-1 (other) → old  kept until its successor is ready',
      'create container web-2  its spec changed',
    ]);
  });

  test('4.6 what stands beside a ready one must not count against those that may be away', () => {
    const pair = (slot: number): string => `web-${slot} other running healthy\nweb-${slot} running healthy`;
    expect(row(`web-1-old other exited\nweb-1 running healthy\n${pair(2)}\n${pair(3)}`, THREE)).toEqual([
      'remove container web-1 (other)  its successor is ready',
      'stop container web-2 (other)  its successor is ready',
      'stop container web-3 (other)  its successor is ready',
    ]);
  });

  test('4.1 the delay between two groups must be kept', () => {
    const manifests = THREE.replace('{replicas', '{deploy: {update_config: {delay: 10s}}, replicas');
    const before = pass({ manifests, docker: `${ALL_OLD}\nweb-1 running starting up=1` });
    const docker =
      'web-1-old other exited\nweb-1 running healthy\nweb-2 other running healthy\nweb-3 other running healthy';
    const ready = pass({ manifests, docker, at: 1001, memory: afterSteps(before) });
    expect(ready.lines).toEqual([]);
    expect(ready.recheckIn('web')).toBe(10);
    expect(linesOf({ manifests, docker, at: 1011, memory: ready.memory })).toEqual([
      'create container web-2  its spec changed',
    ]);
  });
});

describe('4.7 a new spec in mid-rollout', () => {
  test('4.7 the new one of the spec in between must go, the old one that serves must stay', () => {
    const docker = 'web-1 other running healthy age=900\nweb-1 other2 running starting age=5';
    expect(row(docker)).toEqual(['stop container web-1 (other2)  left over in its slot']);
    expect(row('web-1 other running healthy age=900\nweb-1 other2 exited age=5')).toEqual([
      'remove container web-1 (other2)  left over in its slot',
    ]);
  });

  test('4.7 an edit taken back must leave the old one running, and take the new one away', () => {
    expect(row('web-1 running healthy age=900\nweb-1 other running starting age=5')).toEqual([
      'stop container web-1 (other)  the edit was taken back',
    ]);
    expect(row('web-1 running healthy age=900\nweb-1 other exited age=5')).toEqual([
      'remove container web-1 (other)  the edit was taken back',
    ]);
    expect(row('web-1 running healthy age=900\nweb-1-old other exited age=5')).toEqual([
      'remove container web-1 (other)  its successor is ready',
    ]);
  });

  test('4.6 of those of a spec in between that serve, only as many may go at once as the parallelism says', () => {
    const docker = [1, 2, 3]
      .map((slot) => `web-${slot}-old other exited\nweb-${slot} other2 running healthy`)
      .join('\n');
    expect(row(docker, THREE)).toEqual(['stop container web-1 (other2)  left over in its slot']);
  });
});

describe('4.3 a container of the same hash is replaced by way of -old', () => {
  const manifests = `{web: {image: web:2, pull_policy: every_12h, healthcheck: {test: [CMD, ok]}}}`;
  const same = (docker: string): readonly string[] =>
    linesOf({ manifests, docker }).filter((line) => !line.startsWith('pull'));

  test('4.3 its name must be freed first, while it runs on', () => {
    expect(linesOf({ manifests, docker: 'web-1 moved running healthy', memory: pulled(manifests) })).toEqual([
      'rename container web-1 → old  image web:2 has changed',
    ]);
  });

  test('4.3 then the new one must be made, started and waited for, and the old one run on', () => {
    const memory = pulled(manifests);
    const at = (docker: string): readonly string[] => linesOf({ manifests, docker, memory });
    expect(at('web-1-old moved running healthy policy=unless-stopped')).toEqual([
      'create container web-1  image web:2 has changed',
    ]);
    expect(at('web-1-old moved running healthy policy=unless-stopped\nweb-1 created')).toEqual([
      'start container web-1  image web:2 has changed',
    ]);
    expect(at('web-1-old moved running healthy policy=unless-stopped\nweb-1 running starting up=1')).toEqual(
      [],
    );
    expect(at('web-1-old moved running healthy policy=unless-stopped\nweb-1 running healthy')).toEqual([
      'stop container web-1  its successor is ready',
    ]);
  });

  test('4.3 a failed one must give the old one its name back', () => {
    const memory = pulled(manifests);
    const docker = 'web-1-old moved running healthy policy=unless-stopped\nweb-1-failed exited exit=1';
    expect(linesOf({ manifests, docker, memory })).toEqual(['rename container web-1 → plain  rolling back']);
    expect(
      linesOf({ manifests, docker: 'web-1 moved running healthy\nweb-1-failed exited exit=1', memory }),
    ).toEqual([]);
  });

  test('4.5 evidence must hold until the image is another, and then be tried anew', () => {
    const moved = 'web-1 other running healthy\nweb-1-failed moved exited exit=1';
    expect(linesOf({ manifests: CHECKED, docker: moved })).toEqual([
      'remove container web-1  evidence of a spec that is no longer wanted',
    ]);
    expect(same('web-1 other running healthy\nweb-1-failed exited exit=1')).toEqual([]);
  });
});

/** The memory of a process that has just pulled for these manifests. */
function pulled(manifests: string) {
  return afterSteps(pass({ manifests, docker: '' }));
}

test('4.6 replicas that are added in the same edit must have their places, and only one come beside', () => {
  const docker = 'web-1 other running healthy\nweb-2 other running healthy';
  const four = CHECKED.replace('{image', '{replicas: 4, image');
  expect(row(docker, four)).toEqual([
    'create container web-1  its spec changed',
    'create container web-3  no container in its slot',
    'create container web-4  no container in its slot',
  ]);
  const made = `${docker}\nweb-1 created\nweb-2 created\nweb-3 created\nweb-4 created`;
  expect(row(made, four)).toEqual([
    'start container web-1  its spec changed',
    'start container web-3  created, not yet started',
    'start container web-4  created, not yet started',
  ]);
});

test('4.1 the delay must not keep an old one up whose successor is ready', () => {
  const manifests = THREE.replace('{replicas', '{deploy: {update_config: {delay: 10s}}, replicas');
  const before = pass({ manifests, docker: `${ALL_OLD}\nweb-1 running starting up=1` });
  const docker = `${ALL_OLD}\nweb-1 running healthy`;
  expect(linesOf({ manifests, docker, at: 1001, memory: afterSteps(before) })).toEqual([
    'stop container web-1 (other)  its successor is ready',
  ]);
});

test('4.6 an old one beside a ready successor must stay while too few serve, and what is broken give its place', () => {
  const four = CHECKED.replace('{image', '{replicas: 4, image');
  const docker =
    'web-1 other running healthy\nweb-1 running healthy\nweb-2 other running healthy\nweb-3 other running unhealthy\nweb-4 other running unhealthy';
  expect(row(docker, four)).toEqual([
    'stop container web-3 (other)  its spec changed',
    'stop container web-4 (other)  its spec changed',
  ]);
});
