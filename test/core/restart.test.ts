// Owns: what is done about a lone replica of the wanted spec.
import { describe, expect, test } from 'vitest';
import { emptyMemory } from '../../src/core/memory.js';
import {
  afterSteps,
  eventTypes,
  failed,
  firstContainerOf,
  lastPass,
  linesOf,
  pass,
  passes,
} from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const RUNNING = { manifests: WEB, docker: 'web-1 running id=web-1', at: 1000 };
const EXITED = { manifests: WEB, docker: 'web-1 exited exit=137 id=web-1' };

describe('6.3 who starts what has exited', () => {
  test('6.3 an end must have been seen for two seconds before it counts', () => {
    const [first, early, late] = passes([
      { ...EXITED, at: 1000 },
      { ...EXITED, at: 1001.9 },
      { ...EXITED, at: 1002 },
    ]);
    expect(first?.lines).toEqual([]);
    expect(first?.recheckIn('web')).toBe(2);
    expect(early?.lines).toEqual([]);
    expect(late?.lines).toEqual(['start container web-1  exited 137']);
  });

  test('6.3 another end of the same container must be waited for anew', () => {
    const again = { ...EXITED, docker: 'web-1 exited exit=137 id=web-1 ended=1' };
    const last = lastPass([
      { ...EXITED, at: 1000 },
      { ...again, at: 1002 },
    ]);
    expect(last.lines).toEqual([]);
  });

  test('6.3 an end that we made ourselves must count at once', () => {
    const stopping = pass({
      manifests: 'web: {image: web:1, replicas: 0}',
      docker: 'web-1 running id=web-1',
    });
    expect(stopping.lines).toEqual(['stop container web-1  more replicas than declared']);
    const memory = afterSteps(stopping);
    expect(linesOf({ ...EXITED, memory })).toEqual(['start container web-1  exited 137']);
  });

  test('6.3 what Docker itself is about to start again must be left to it', () => {
    expect(linesOf({ manifests: WEB, docker: 'web-1 restarting restarts=3' })).toEqual([]);
  });

  test('6.3 the start of what somebody stopped must be told as drift, mended once it runs', () => {
    const told = passes([
      RUNNING,
      { ...EXITED, at: 1010 },
      { ...EXITED, at: 1012 },
      { ...RUNNING, docker: 'web-1 running id=web-1 up=-13', at: 1014 },
    ]).map(eventTypes);
    expect(told[2]).toEqual(['drift_detected']);
    expect(told[3]).toEqual(['drift_corrected', 'service_restarted', 'service_ready']);
  });

  test('6.3 with self_heal false what was stopped by hand must be reported and left', () => {
    const manifests = 'web: {image: web:1, self_heal: false}';
    const last = lastPass([
      { manifests, docker: 'web-1 running', at: 990 },
      { manifests, docker: 'web-1 exited', at: 1000 },
      { manifests, docker: 'web-1 exited', at: 1005 },
    ]);
    expect(last.lines).toEqual([]);
    expect(last.status('web')).toMatch(/^stopped OutOfSync Suspended Stopped: /);
  });

  test('6.3 what was paused must be let go on', () => {
    expect(linesOf({ manifests: WEB, docker: 'web-1 paused' })).toEqual([
      'unpause container web-1  it was paused',
    ]);
  });

  test('6.3 with self_heal false what was paused must be left', () => {
    expect(linesOf({ manifests: 'web: {image: web:1, self_heal: false}', docker: 'web-1 paused' })).toEqual(
      [],
    );
  });
});

describe('6.4 what is found when we come back', () => {
  const came = { ...EXITED, memory: { ...emptyMemory, amnesty: true } };

  test('6.4 what is found exited at our start must be started again without a word of drift', () => {
    const first = pass({ ...came, at: 1000 });
    const second = pass({ ...EXITED, at: 1002, memory: { ...first.memory, amnesty: false } });
    expect(second.lines).toEqual(['start container web-1  exited 137']);
    expect([...eventTypes(first), ...eventTypes(second)]).not.toContain('drift_detected');
  });

  test('6.4 without that amnesty it must be told', () => {
    const last = lastPass([
      { ...RUNNING, at: 990 },
      { ...EXITED, at: 1000 },
      { ...EXITED, at: 1002 },
    ]);
    expect(eventTypes(last)).toContain('drift_detected');
  });

  test('6.4 what had ended before its service was declared was nobody’s doing here', () => {
    const empty = pass({ manifests: '{}', docker: EXITED.docker, at: 990 });
    const first = pass({ ...EXITED, at: 1000, memory: empty.memory });
    const second = pass({ ...EXITED, at: 1002, memory: first.memory });
    expect(second.lines).toEqual(['start container web-1  exited 137']);
    expect([...eventTypes(first), ...eventTypes(second)]).not.toContain('drift_detected');
  });
});

describe('one-shots', () => {
  const oneShot = (restart: string): string => `job: {image: job:1, restart: "${restart}"}`;
  const ended = (docker: string, restart: string): readonly string[] => {
    const manifests = oneShot(restart);
    return lastPass([
      { manifests, docker: `${docker} ended=50`, at: 1000 },
      { manifests, docker: `${docker} ended=50`, at: 1003 },
    ]).lines;
  };

  test.each(['no', 'on-failure'])('6.3 under %s exit 0 must be a result that is left alone', (restart) => {
    expect(ended('job-1 exited exit=0', restart)).toEqual([]);
    const scene = { manifests: oneShot(restart), docker: 'job-1 exited exit=0' };
    expect(pass(scene).status('job')).toBe('stopped Synced Completed');
  });

  test('6.3 under no another exit must be failed and left alone', () => {
    expect(ended('job-1 exited exit=3', 'no')).toEqual([]);
    const scene = { manifests: oneShot('no'), docker: 'job-1 exited exit=3' };
    expect(pass(scene).status('job')).toMatch(/^failed Synced Degraded StartFailed: .*exited 3/);
  });

  test('6.3 under on-failure another exit must be tried again', () => {
    expect(ended('job-1 exited exit=3', 'on-failure')).toEqual(['start container job-1  exited 3']);
  });

  test('6.3 under on-failure:n its attempts must come to an end', () => {
    expect(ended('job-1 exited exit=3 restarts=2 policy=on-failure', 'on-failure:2')).not.toContain(
      'start container job-1  exited 3',
    );
  });

  test('6.4 an end that Docker did not see must be run again, three times at most', () => {
    const manifests = oneShot('no');
    const cut = (at: number, id: string) => ({
      manifests,
      at,
      docker: `job-1 exited exit=255 id=${id} ended=${1000 - Math.floor(at / 10) * 10}`,
    });
    const lines = passes([1000, 1002, 1010, 1012, 1020, 1022, 1030, 1032].map((at) => cut(at, 'job'))).map(
      (one) => one.lines,
    );
    const again = ['start container job-1  its run was cut off'];
    expect(lines.filter(({ length }) => length > 0)).toEqual([again, again, again]);
  });

  test('contract 1: removing the container of a one-shot must run it again', () => {
    expect(linesOf({ manifests: oneShot('no') })).toEqual([
      'create container job-1  no container in its slot',
    ]);
  });
});

describe('what is mended in place', () => {
  test('3.3 another restart policy must be updated', () => {
    expect(linesOf({ manifests: WEB, docker: 'web-1 running policy=always' })).toEqual([
      'update container web-1 → unless-stopped  restart policy is always, declared is unless-stopped',
    ]);
  });

  test('1.5 a renamed container must get its name back', () => {
    expect(linesOf({ manifests: WEB, docker: 'web-1 running named=something' })).toEqual([
      'rename container web-1 → plain  is named something',
    ]);
  });

  test('3.3b a container that was taken off its network must be connected', () => {
    const docker = 'web-1 running off=alicia_bus_network';
    expect(linesOf({ manifests: WEB, docker })).toEqual([
      'connect container web-1 → alicia_bus_network  not on alicia_bus_network',
    ]);
  });

  test('3.3b every network beyond the first must be connected before the start', () => {
    const manifests = 'networks: {back: {}}\nweb: {image: web:1, networks: [alicia_bus_network, back]}';
    expect(linesOf({ manifests, docker: 'web-1 created off=alicia_back' })).toEqual([
      'connect container web-1 → alicia_back  not on alicia_back',
    ]);
    expect(linesOf({ manifests, docker: 'web-1 created' })).toEqual([
      'start container web-1  created, not yet started',
    ]);
  });

  test('8.8 a container that is tied to a network that is gone must be freed from it, then connected anew', () => {
    const docker = 'web-1 exited lost=alicia_bus_network ended=50';
    const last = lastPass([
      { manifests: WEB, docker, at: 1000 },
      { manifests: WEB, docker, at: 1003 },
    ]);
    expect(last.lines).toEqual([
      'disconnect container web-1 ← alicia_bus_network  its network alicia_bus_network was made anew',
    ]);
  });

  test('6.1 a dead container must be set aside by its name, and a successor made', () => {
    expect(linesOf({ manifests: WEB, docker: 'web-1 dead' })).toEqual([
      'rename container web-1 → stuck  it is dead: Docker could not remove it',
    ]);
    expect(linesOf({ manifests: WEB, docker: 'web-1-stuck-abcd dead' })).toEqual([
      'create container web-1  no container in its slot',
      'remove container web-1  it was stuck',
    ]);
  });

  test('8.12 a container that is being removed must be waited for', () => {
    expect(linesOf({ manifests: WEB, docker: 'web-1 removing' })).toEqual([]);
  });

  test('9.1 the container that the controller runs in must never be touched', () => {
    const scene = { manifests: WEB, docker: 'web-1 other running id=me' };
    const ownContainerId = firstContainerOf(scene, 'web');
    expect(linesOf({ ...scene, settings: { ownContainerId } })).toEqual([]);
  });
});

describe('8 after a failed call', () => {
  const start = { manifests: WEB, docker: 'web-1 created' };

  test('8.7 a start that failed must be held back, and tried again after its back-off', () => {
    const memory = afterSteps(pass({ ...start, at: 1000 }), failed('portInUse', 'port is already allocated'));
    expect(linesOf({ ...start, memory, at: 1009 })).toEqual([]);
    expect(pass({ ...start, memory, at: 1004 }).recheckIn('web')).toBe(6);
    expect(linesOf({ ...start, memory, at: 1010 })).toEqual([
      'start container web-1  created, not yet started',
    ]);
  });

  test('8.9 each failure in a row must double the pause, up to 300 s', () => {
    let memory = pass(start).memory;
    let at = 1000;
    const pauses: (number | null)[] = [];
    for (let failures = 0; failures < 7; failures += 1) {
      memory = afterSteps(pass({ ...start, memory, at }), failed('engine'));
      const next = pass({ ...start, memory, at }).recheckIn('web');
      pauses.push(next);
      at += next ?? 0;
    }
    expect(pauses).toEqual([10, 20, 40, 80, 160, 300, 300]);
  });

  test('8.9 another spec must be tried at once', () => {
    const memory = afterSteps(pass(start), failed('rejected'));
    expect(
      linesOf({ manifests: 'web: {image: web:2}', docker: 'web-1 created', memory, at: 1001 }),
    ).toHaveLength(1);
  });

  test('8.7 the owner of a taken port must be named where a container has it', () => {
    const manifests = 'web: {image: web:1, ports: ["127.0.0.1:8080:80"]}';
    const scene = { manifests, docker: 'web-1 created' };
    const memory = afterSteps(pass(scene), failed('portInUse', 'port is already allocated'));
    const hostPorts = [{ ip: '127.0.0.1', port: 8080, protocol: 'tcp' }];
    const others = [{ name: 'nginx', hostPorts }];
    expect(pass({ ...scene, memory, others, at: 1001 }).status('web')).toMatch(
      /^failed OutOfSync Degraded PortConflict: a port is taken by container nginx: port is already allocated/,
    );
    expect(pass({ ...scene, memory, at: 1001 }).status('web')).toContain('a process on this host');
  });

  test('1.6 a call whose outcome is not known must be looked at soon, and be no failure', () => {
    const memory = afterSteps(pass({ ...start, at: 1000 }), { kind: 'unknown', message: 'no answer' });
    const next = pass({ ...start, memory, at: 1000 });
    expect(next.lines).toEqual([]);
    expect(next.recheckIn('web')).toBeLessThanOrEqual(1);
    expect(next.facts('web').health).toBe('Progressing');
  });
});
