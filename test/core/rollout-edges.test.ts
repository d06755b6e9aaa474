// Owns: the edges of the rollout's table: what each of its conditions is there for.
import { describe, expect, test } from 'vitest';
import { afterSteps, linesOf, pass, type Scene } from '../support/decision.js';
import { CHECK } from '../support/web.js';

const web = (options: string, fields = ''): string =>
  `web: {image: web:2, ${CHECK}, ${fields === '' ? '' : `${fields}, `}deploy: {update_config: {${options}}}}`;
const STOP_FIRST = web('order: stop-first');
const MISSING = { images: { 'web:2': 'missing', 'job:2': 'missing' } } as const;
const PULL = 'pull image web:2  not on this host';
const AT_REST = 'web-1-old other exited policy=no';

/** The scene once the new one of slot 1 has been started once more. */
function triedAgain(scene: Scene): Scene {
  const first = pass({ ...scene, docker: `${AT_REST}\nweb-1 exited exit=1` });
  expect(first.lines).toEqual(['start container web-1  started once more before it is judged']);
  return { ...scene, at: 1001, memory: afterSteps(first) };
}

describe('4.5 evidence, and the way back', () => {
  test('4.5 evidence that is dead must take no policy, whatever it has', () => {
    expect(linesOf({ manifests: STOP_FIRST, docker: `${AT_REST}\nweb-1-failed dead policy=always` })).toEqual(
      ['rename container web-1 (other) → plain  rolling back'],
    );
  });

  test('4.5 an old one that is paused must be unpaused on the way back', () => {
    expect(linesOf({ manifests: STOP_FIRST, docker: 'web-1 other paused\nweb-1-failed exited' })).toEqual([
      'unpause container web-1 (other)  it was paused',
    ]);
  });

  test('4.6 another slot that goes back must leave those that serve, whatever share of failures is put up with', () => {
    const manifests = web('order: stop-first, max_failure_ratio: 0.5', 'replicas: 2');
    const docker =
      'web-1 other exited\nweb-1-failed exited restarts=2\nweb-2-old other exited\nweb-2 running healthy';
    expect(linesOf({ manifests, docker })).toEqual(['start container web-1 (other)  rolling back']);
  });
});

describe('4.8 the one-shot', () => {
  test('4.1 one that runs must not be stopped before the image of its successor is there', () => {
    const manifests = 'job: {image: job:2, restart: "no"}';
    expect(linesOf({ manifests, docker: 'job-1 other running', ...MISSING })).toEqual([
      'pull image job:2  not on this host',
    ]);
  });

  test('4.1 nor may a successor that takes its volumes over be made before', () => {
    const manifests = 'job: {image: job:2, restart: "no", volumes: [/data]}';
    const docker = 'job-1-old other exited anonymous=/data policy=no';
    expect(linesOf({ manifests, docker, ...MISSING })).toEqual(['pull image job:2  not on this host']);
  });
});

describe('4.8 beside the old one', () => {
  test('4.8 what is broken must be stopped, not renamed, where its successor needs its name', () => {
    const manifests = web('order: start-first');
    expect(linesOf({ manifests, docker: 'web-1 running unhealthy mem=128m' })).toEqual([
      'stop container web-1  a limit was removed',
    ]);
    expect(linesOf({ manifests, docker: 'web-1 running healthy mem=128m' })).toEqual([
      'rename container web-1 → old  a limit was removed',
    ]);
  });

  test('2.4 an old one whose network is gone must not be started while its update cannot begin', () => {
    const manifests = `vpn: {image: vpn:1}\nweb: {image: web:2, network_mode: "service:vpn"}`;
    const docker = (status: string): string => `vpn-1 running id=vpn\nweb-1 other ${status}`;
    expect(linesOf({ manifests, docker: docker('exited in=gone'), ...MISSING })).toEqual([PULL]);
    expect(linesOf({ manifests, docker: docker('exited in=vpn'), ...MISSING })).toEqual([
      PULL,
      'start container web-1 (other)  its update cannot begin yet',
    ]);
  });

  test('4.8 stop-first must stop no old one for a new one that has ended', () => {
    expect(
      linesOf({ manifests: STOP_FIRST, docker: 'web-1 other running healthy\nweb-1 exited exit=1' }),
    ).toEqual(['start container web-1  started once more before it is judged']);
  });

  test('4.4 it must be looked at once more just after its deadline, and be judged no sooner', () => {
    // 5 s of start interval, four times 30 + 30, and 5 s of slack.
    const at = (upS: number) =>
      pass({ manifests: STOP_FIRST, docker: `${AT_REST}\nweb-1 running starting up=${upS}` });
    expect(at(10).recheckIn('web')).toBe(240.001);
    expect(at(250).lines).toEqual([]);
    expect(at(250.001).lines).toEqual(['stop container web-1  not ready after 250 s']);
  });
});

describe('4.5 the judgement', () => {
  test('4.5 one that is started once more must have its time again', () => {
    const scene = triedAgain({ manifests: STOP_FIRST });
    expect(linesOf({ ...scene, docker: `${AT_REST}\nweb-1 running starting up=1` })).toEqual([]);
  });

  test('4.5 one whose second start failed must be named so, with the words of Docker', () => {
    const scene = triedAgain({ manifests: STOP_FIRST });
    expect(linesOf({ ...scene, docker: `${AT_REST}\nweb-1 created error=no_such_device` })).toEqual([
      'rename container web-1 → failed  no such device',
    ]);
  });

  test('8.9 an exit code of a start that failed must be no end of a run', () => {
    expect(linesOf({ manifests: STOP_FIRST, docker: `${AT_REST}\nweb-1 created exit=127 error=no` })).toEqual(
      ['start container web-1  started once more before it is judged'],
    );
  });

  test('4.5 what an earlier start came to must not count against a run', () => {
    expect(
      linesOf({ manifests: STOP_FIRST, docker: `${AT_REST}\nweb-1 running starting up=1 error=no` }),
    ).toEqual([]);
  });

  test('4.5 one that Docker restarts must be judged before its figures show it', () => {
    expect(linesOf({ manifests: STOP_FIRST, docker: `${AT_REST}\nweb-1 restarting exit=1` })).toEqual([
      'stop container web-1  it keeps exiting (exited 1)',
    ]);
  });

  test('4.5 while a new one is dead no other slot may begin', () => {
    const manifests = web('order: stop-first, parallelism: 2', 'replicas: 2');
    expect(linesOf({ manifests, docker: `${AT_REST}\nweb-1 dead\nweb-2 other running healthy` })).toEqual([
      'rename container web-1 → stuck  it is dead: Docker could not remove it',
    ]);
  });

  test('6.2 one that is put up with must be restarted when it is unhealthy', () => {
    const manifests = web('order: stop-first, failure_action: continue');
    const docker = `${AT_REST}\nweb-1 running unhealthy up=900`;
    const first = pass({ manifests, docker });
    expect(first.lines).toEqual(['remove container web-1 (other)  its successor is ready']);
    const twins = `${docker}\nweb-2-old other exited policy=no\nweb-2 running starting up=1`;
    const two = {
      manifests: web('order: stop-first, failure_action: continue', 'replicas: 2'),
      docker: twins,
    };
    const before = pass(two);
    expect(before.lines).toEqual([]);
    expect(linesOf({ ...two, docker: twins, at: 1020, memory: before.memory })).toEqual([
      'restart container web-1  unhealthy',
    ]);
  });
});

describe('4.7 an edit that was taken back', () => {
  test('4.7 the old one that has ended must be started before the other is stopped', () => {
    const docker = 'web-1 exited exit=1 age=100\nweb-1 other running healthy age=50';
    expect(linesOf({ manifests: STOP_FIRST, docker })).toEqual([
      'start container web-1  started once more before it is judged',
    ]);
  });

  test('4.7 crashes of long ago must not count against it, nor hold another slot up', () => {
    const manifests = web('order: stop-first, parallelism: 2', 'replicas: 2');
    const docker =
      'web-1 running healthy restarts=3 age=500\nweb-1 other running healthy age=10\nweb-2 other running healthy';
    expect(linesOf({ manifests, docker })).toEqual([
      'stop container web-1 (other)  the edit was taken back',
      'stop container web-2 (other)  its spec changed',
    ]);
  });

  test('4.7 it must not have to prove itself anew for the old ones of other slots to go', () => {
    const manifests = 'web: {image: web:2, replicas: 2, deploy: {update_config: {order: stop-first}}}';
    const docker =
      'web-1 running up=1 age=500\nweb-1 other exited age=10\nweb-2-old other exited policy=no age=900\nweb-2 running up=99 age=100';
    expect(linesOf({ manifests, docker })).toEqual([
      'remove container web-1 (other)  the edit was taken back',
      'remove container web-2 (other)  its successor is ready',
    ]);
  });
});

describe('4.3 the end', () => {
  test('4.3 no old one may go while a slot of its service is still empty', () => {
    const manifests = web('order: stop-first', 'replicas: 2');
    expect(linesOf({ manifests, docker: `${AT_REST}\nweb-1 running healthy` })).toEqual([
      'create container web-2  no container in its slot',
    ]);
  });

  test('4.1 a paused update must not keep a free slot empty', () => {
    const manifests = web('order: stop-first, failure_action: pause', 'replicas: 2');
    expect(linesOf({ manifests, docker: `${AT_REST}\nweb-1 restarting restarts=2 exit=1` })).toEqual([
      'create container web-2  no container in its slot',
    ]);
  });
});
