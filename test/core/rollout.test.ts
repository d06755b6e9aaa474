// Owns: the table of the rollout, one row a test. O is the old container of the slot, N the new one.
import { describe, expect, test } from 'vitest';
import { afterSteps, linesOf, pass, type Scene } from '../support/decision.js';

const STOP_FIRST = 'deploy: {update_config: {order: stop-first}}';
const CHECKED = `web: {image: web:2, ${STOP_FIRST}, healthcheck: {test: [CMD, ok], interval: 1s, timeout: 1s, retries: 1}}`;
const PLAIN = `web: {image: web:2, ${STOP_FIRST}}`;
const ONE_SHOT = 'web: {image: web:2, restart: "no"}';

const row = (docker: string, manifests = CHECKED): readonly string[] => linesOf({ manifests, docker });

/** The same scene after a start of this process has already been tried. */
function triedAgain(docker: string, manifests = CHECKED): readonly string[] {
  const first: Scene = { manifests, docker };
  return linesOf({ ...first, at: 1001, memory: afterSteps(pass(first)) });
}

test('3.2 a container of a hash form that is not known any more must count as current, its name included', () => {
  expect(row('web-1 ancient running healthy')).toEqual([]);
});

describe('4.8 evidence of a failure', () => {
  test('4.8 evidence whose spec is no longer wanted must be removed', () => {
    expect(row('web-1 running healthy\nweb-1-failed other exited')).toEqual([
      'remove container web-1 (other)  evidence of a spec that is no longer wanted',
    ]);
  });

  test('4.8 evidence that still runs must be stopped', () => {
    expect(row('web-1-old other exited\nweb-1-failed running starting policy=no')).toEqual([
      'stop container web-1  it failed in the rollout',
    ]);
  });

  test('4.8 evidence must lose its restart policy', () => {
    expect(row('web-1-old other exited\nweb-1-failed exited policy=unless-stopped')).toEqual([
      'update container web-1 → no  it failed in the rollout',
    ]);
  });

  test('4.8 evidence with no old container left must be named back, and started with back-off', () => {
    expect(row('web-1-failed exited')).toEqual([
      'rename container web-1 → plain  nothing left to roll back to',
    ]);
  });
});

describe('4.8 rolling back', () => {
  const evidence = 'web-1-failed exited exit=1';

  test('4.8 a kept old container must get its name back first', () => {
    expect(row(`web-1-old other exited\n${evidence}`)).toEqual([
      'rename container web-1 (other) → plain  rolling back',
    ]);
  });

  test('4.8 then its declared restart policy', () => {
    expect(row(`web-1 other exited policy=no\n${evidence}`)).toEqual([
      'update container web-1 (other) → unless-stopped  rolling back',
    ]);
  });

  test('4.8 then it must be started', () => {
    expect(row(`web-1 other exited\n${evidence}`)).toEqual(['start container web-1 (other)  rolling back']);
  });

  test('4.8 with the old one running again it must hold, and say so', () => {
    const scene = { manifests: CHECKED, docker: `web-1 other running healthy\n${evidence}` };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).status('web')).toMatch(
      /^running OutOfSync Degraded RolledBack: .*exited 1.*docker logs/,
    );
  });

  test('4.5 no replica may be added while a failed spec is held', () => {
    const manifests = CHECKED.replace('{image', '{replicas: 3, image');
    expect(row(`web-1 other running healthy\n${evidence}\nweb-2 other running healthy`, manifests)).toEqual(
      [],
    );
  });

  test('4.5 a slot that had been updated must go back too, within the budget', () => {
    const manifests = CHECKED.replace('{image', '{replicas: 2, image');
    const docker = `web-1 running healthy\nweb-1-old other exited\nweb-2 other running healthy id=z\nweb-2-failed exited`;
    expect(row(docker, manifests)).toEqual(['stop container web-1  rolling back']);
  });

  test('4.5 evidence that somebody removes must let the rollout be tried anew', () => {
    expect(row('web-1 other running healthy')).toEqual(['stop container web-1 (other)  its spec changed']);
  });

  test('4.5 a rollback must never be rolled back: the revived old one that crashes is only started again', () => {
    expect(row(`web-1 other restarting restarts=3\n${evidence}`)).toEqual([]);
  });
});

describe('4.8 one-shots are never rolled back', () => {
  test('4.8 the old one-shot must be stopped when it runs', () => {
    expect(row('web-1 other running policy=no', ONE_SHOT)).toEqual([
      'stop container web-1 (other)  its spec changed',
    ]);
  });

  test('4.8 the old one-shot must be removed when it has ended, then the new one is run', () => {
    expect(row('web-1 other exited policy=no', ONE_SHOT)).toEqual([
      'remove container web-1 (other)  its spec changed',
    ]);
    expect(row('', ONE_SHOT)).toEqual(['create container web-1  no container in its slot']);
  });
});

describe('4.8 the old one still runs', () => {
  test('4.8 stop-first: with no new one it must be stopped', () => {
    expect(row('web-1 other running healthy')).toEqual(['stop container web-1 (other)  its spec changed']);
  });

  test('4.8 stop-first: with a new one that was only created it must be stopped', () => {
    expect(row('web-1 other running healthy id=o\nweb-1 created id=n')).toEqual([
      'stop container web-1 (other)  its spec changed',
    ]);
  });

  test('4.8 stop-first: an old one that was revived beside a new one that is not ready must be stopped', () => {
    expect(row('web-1-old other running healthy\nweb-1 running starting up=1')).toEqual([
      'stop container web-1 (other)  its spec changed',
    ]);
  });

  test('4.8 beside a new one that is ready it must be stopped', () => {
    expect(row('web-1 other running healthy id=o\nweb-1 running healthy id=n')).toEqual([
      'stop container web-1 (other)  its successor is ready',
    ]);
  });
});

describe('4.8 the old one is at rest', () => {
  test('4.8 an old one that has ended must be kept aside by its name', () => {
    expect(row('web-1 other exited')).toEqual([
      'rename container web-1 (other) → old  kept until its successor is ready',
    ]);
  });

  test('4.8 and then lose its restart policy', () => {
    expect(row('web-1-old other exited policy=unless-stopped')).toEqual([
      'update container web-1 (other) → no  kept until its successor is ready',
    ]);
  });

  test('4.8 then the new one must be created', () => {
    expect(row('web-1-old other exited')).toEqual(['create container web-1  its spec changed']);
  });

  test('4.8 and started', () => {
    expect(row('web-1-old other exited\nweb-1 created')).toEqual(['start container web-1  its spec changed']);
  });

  test('4.8 while the new one is on its way it must wait', () => {
    expect(row('web-1-old other exited\nweb-1 running starting up=1')).toEqual([]);
  });

  test('4.8 a new one that exited must be started once more before it is judged', () => {
    expect(row('web-1-old other exited\nweb-1 exited exit=1')).toEqual([
      'start container web-1  started once more before it is judged',
    ]);
  });

  test('4.8 a new one whose start failed must be started once more before it is judged', () => {
    expect(row('web-1-old other exited\nweb-1 created error=no_such_device')).toEqual([
      'start container web-1  started once more before it is judged',
    ]);
  });

  test('4.8 a new one that exited again must be named as failed', () => {
    expect(triedAgain('web-1-old other exited\nweb-1 exited exit=1')).toEqual([
      'rename container web-1 → failed  exited 1',
    ]);
  });

  test.each([126, 127])('4.8 a new one that exited %i must be failed at once', (code) => {
    expect(row(`web-1-old other exited\nweb-1 exited exit=${code}`)).toEqual([
      `rename container web-1 → failed  exited ${code}`,
    ]);
  });

  test('4.8 a new one that Docker restarts must be stopped, to be named as failed', () => {
    expect(row('web-1-old other exited\nweb-1 restarting restarts=1 exit=1')).toEqual([
      'stop container web-1  it keeps exiting (exited 1)',
    ]);
    expect(row('web-1-old other exited\nweb-1 running healthy restarts=1 exit=1', CHECKED)).not.toEqual([]);
  });

  test('4.8 the old one must be removed when the new one is ready and all slots are', () => {
    expect(row('web-1-old other exited\nweb-1 running healthy')).toEqual([
      'remove container web-1 (other)  its successor is ready',
    ]);
  });

  test('4.3 the old one must be kept while another slot is not ready', () => {
    const manifests = CHECKED.replace('{image', '{replicas: 2, image');
    const docker =
      'web-1-old other exited\nweb-1 running healthy\nweb-2-old other exited\nweb-2 running starting up=1';
    expect(row(docker, manifests)).toEqual([]);
  });
});

describe('4.4 when a new replica is ready, and when it is too late', () => {
  test('4.4 without a check it must have run for the time to monitor', () => {
    const scene = { manifests: PLAIN, docker: 'web-1-old other exited\nweb-1 running up=3' };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).recheckIn('web')).toBeCloseTo(2, 1);
    expect(row('web-1-old other exited\nweb-1 running up=5', PLAIN)).toEqual([
      'remove container web-1 (other)  its successor is ready',
    ]);
  });

  // start_period 0 + start_interval 5 + (1 + 1) × (1 + 1) + 5
  test('4.4 with a check it must be healthy within its deadline, counted from its start', () => {
    const within = { manifests: CHECKED, docker: 'web-1-old other exited\nweb-1 running starting up=13' };
    expect(linesOf(within)).toEqual([]);
    expect(pass(within).recheckIn('web')).toBeCloseTo(1, 1);
    expect(row('web-1-old other exited\nweb-1 running starting up=14.1')).toEqual([
      'stop container web-1  not ready after 14 s',
    ]);
  });

  test('4.5 a failed new one that was stopped must be named as failed', () => {
    expect(triedAgain('web-1-old other exited\nweb-1 exited exit=137')).toEqual([
      'rename container web-1 → failed  exited 137',
    ]);
  });
});

describe('4.7 an edit taken back', () => {
  // `other` is the spec that had been asked for in between.
  test('4.7 the new one of the spec in between must be stopped', () => {
    expect(row('web-1-old exited\nweb-1 other running starting')).toEqual([
      'stop container web-1 (other)  the edit was taken back',
    ]);
  });

  test('4.7 then removed', () => {
    expect(row('web-1-old exited\nweb-1 other exited')).toEqual([
      'remove container web-1 (other)  the edit was taken back',
    ]);
  });

  test('4.7 then the kept one must get its name, its policy, and be started', () => {
    expect(row('web-1-old exited')).toEqual(['rename container web-1 → plain  its spec is wanted again']);
    const policy = row('web-1 exited policy=no');
    expect(policy).toEqual([
      'update container web-1 → unless-stopped  restart policy is no, declared is unless-stopped',
    ]);
  });

  test('4.7 a new spec in mid-rollout must plan anew from what is there', () => {
    expect(row('web-1-old other exited\nweb-1 other2 running starting')).toEqual([
      'stop container web-1 (other2)  left over in its slot',
    ]);
    expect(row('web-1-old other exited\nweb-1 other2 exited')).toEqual([
      'remove container web-1 (other2)  left over in its slot',
    ]);
  });
});

describe('4.1 what is done about a failure', () => {
  const docker = 'web-1-old other exited\nweb-1 restarting restarts=2';
  const withAction = (action: string): string =>
    `web: {image: web:2, deploy: {update_config: {failure_action: ${action}}}}`;

  test('4.1 pause must leave everything as it is', () => {
    expect(row(docker, withAction('pause'))).toEqual([]);
  });

  test('4.1 continue must not roll back, and let the old ones go when nothing more is expected', () => {
    expect(row(docker, withAction('continue'))).toEqual([
      'remove container web-1 (other)  its successor is ready',
    ]);
  });
});
