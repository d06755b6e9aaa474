// Owns: that a trouble is told with the words of the container that has it, and of nothing else.
import { describe, expect, test } from 'vitest';
import { afterSteps, failed, lastPass, type Pass, pass, type Scene } from '../support/decision.js';
import { web } from '../support/web.js';

const status = (docker: string, manifests = web()): string => pass({ manifests, docker }).status('web');

/** The status after every step of the scene has failed like this. */
function afterFailure(scene: Scene, ...failure: Parameters<typeof failed>): Pass {
  const first = pass(scene);
  expect(first.steps.length).toBeGreaterThan(0);
  return pass({ ...scene, memory: afterSteps(first, failed(...failure)), at: 1001 });
}

describe('4.5 a rollback', () => {
  const EVIDENCE = 'web-2-failed exited exit=7';
  const NAMED =
    /RolledBack: the declared spec did not become ready \(exited 7\); see `docker logs alicia-web-2-[0-9a-f]{8}-failed`; /;
  const STAYS = /; the old one stays until the manifest or the image changes, or that container is removed$/;

  test.each([
    ['beside one that was not replaced yet', 'web-1 other running healthy'],
    ['beside one that did well', 'web-1 running healthy\nweb-1-old other exited'],
  ])('4.5 must be told with the container that has failed: %s', (_, first) => {
    const told = status(`${first}\n${EVIDENCE}`, web('replicas: 2'));
    expect(told).toMatch(NAMED);
    expect(told).toMatch(STAYS);
  });

  test('4.5 with no old one left it must say that the new one is started again', () => {
    const told = status(EVIDENCE.replace('web-2', 'web-1'));
    expect(told).toContain('; nothing is left of the old one: web is started again');
  });
});

describe('a step that failed', () => {
  test('6.1 the removal of what is stuck must not be told as a failure of the replica that took its place', () => {
    const scene: Scene = { manifests: web(), docker: 'web-1 running healthy\nweb-1-stuck-abcd exited' };
    expect(afterFailure(scene, 'engine', 'device is busy').status('web')).toMatch(
      /^running Synced Healthy: container alicia-web-1-[0-9a-f]{8}-stuck-abcd is stuck/,
    );
  });

  test('a failure of the spec before must not be told of the present one', () => {
    const images = { 'web:1': 'checked', 'web:2': 'checked' } as const;
    const scene: Scene = { manifests: web(), images };
    const memory = afterSteps(pass(scene), failed('engine', 'no such device'));
    const edited: Scene = { ...scene, manifests: web().replace('web:1', 'web:2'), memory, at: 1001 };
    expect(pass(edited).status('web')).toMatch(/Progressing: brings up its replicas \(0\/1 running\)$/);
  });

  const OTHERS = [{ name: 'b' }, { name: 'c' }, { name: 'a' }];

  test.each([
    ['"/b"', /^failed \w+ Degraded NameConflict: its name is taken by container b, which is not ours: /],
    ['"b"', /^failed \w+ Degraded NameConflict: its name is taken by container b, which is not ours: /],
    ['"d"', /^failed \w+ Degraded NameConflict: The container name "d" is already in use \(/],
  ])('a name that is taken must be told with the container that the engine names: %s', (name, expected) => {
    const told = afterFailure(
      { manifests: web(), others: OTHERS },
      'nameInUse',
      `The container name ${name} is already in use`,
    );
    expect(told.status('web')).toMatch(expected);
  });

  test('only a name that is taken must be told as one, whatever else the engine names', () => {
    const told = afterFailure({ manifests: web(), others: OTHERS }, 'engine', 'no namespace of "/b"');
    expect(told.status('web')).toMatch(/StartFailed: no namespace of "\/b" \(/);
  });
});

describe('a port that is taken', () => {
  const at = (port: number) => ({ ip: '0.0.0.0', port, protocol: 'tcp' });
  const PORTS = web('ports: ["8080:80", "8081:81"]');
  const told = (scene: Partial<Scene>): string =>
    afterFailure({ manifests: PORTS, docker: 'web-1 created', ...scene }, 'portInUse', 'in use').status(
      'web',
    );

  test('it must be told with who holds one of those that are wanted, the first by name', () => {
    const others = [
      { name: 'b', hostPorts: [at(80), at(8080)] },
      { name: 'a', hostPorts: [at(8081)] },
    ];
    expect(told({ others })).toContain('PortConflict: a port is taken by container a: in use');
    expect(told({ others: others.slice(0, 1) })).toContain('taken by container b: in use');
  });

  test('what does not run, or holds other ports, must not be told to hold it', () => {
    const others = [{ hostPorts: [at(8080)], running: false }, { hostPorts: [at(80)] }, { hostPorts: [] }];
    expect(told({ others })).toContain('a port is taken by a process on this host: in use');
  });

  test('a container of ours must be told where it is of another service and holds it', () => {
    const manifests = `bus: {image: bus:1}\n${PORTS}`;
    const ours = (port: number): string =>
      told({ manifests, docker: `bus-1 running port=${port}\nweb-1 created` });
    expect(ours(8080)).toMatch(/taken by container alicia-bus-1-[0-9a-f]{8}: in use/);
    expect(ours(80)).toContain('a port is taken by a process on this host: in use');
  });

  test('another replica of the service must not be told to hold it', () => {
    const manifests = web('replicas: 2, ports: ["8080-8090:80"]');
    expect(told({ manifests, docker: 'web-1 running healthy port=8080\nweb-2 created' })).toContain(
      'a port is taken by a process on this host: in use',
    );
  });
});

describe('6.1 a crash loop', () => {
  test.each([
    ['ended=95', 6],
    ['ended=90.001', 6],
    ['ended=90', 1],
    ['ended=20', 1],
  ])(
    '6.1 must be told with Docker’s pause, which begins anew after a run of ten seconds: %s',
    (word, seconds) => {
      const docker = `web-1 restarting restarts=6 exit=1 up=100 ${word}`;
      expect(status(docker)).toContain(`6 times; Docker tries again in about ${seconds} s`);
    },
  );

  test('6.1 a dead container must be told as one that Docker could not remove', () => {
    expect(status('web-1 running healthy\nweb-2 dead', web('replicas: 2'))).toMatch(
      /^failed \w+ Degraded StartFailed: container alicia-web-2-[0-9a-f]{8} is dead: Docker could not remove it$/,
    );
  });
});

describe('6.5 what is unhealthy', () => {
  test.each([
    ['unhealthy', 'its health check failed 3 times in a row'],
    ['unhealthy output=no_route_', 'its health check failed 3 times in a row: no route'],
    ['healthy probed=unhealthy', 'http :9000/ answered 503'],
    ['unhealthy streak=0 probed=unhealthy', 'http :9000/ answered 503'],
    ['unhealthy probed=unhealthy', 'its health check failed 3 times in a row'],
  ])('6.5 must be told with the word of the check that says so: %s', (words, symptom) => {
    expect(status(`web-1 running ${words}`)).toMatch(
      new RegExp(`^failed Synced Degraded Unhealthy: ${symptom}; it is restarted after`),
    );
  });
});

describe('4.4 what takes too long', () => {
  test('4.4 must be told once its time is over, and not before', () => {
    expect(status('web-1 running starting up=250')).toMatch(/^starting Synced Progressing: /);
    expect(status('web-1 running starting up=250.001')).toBe(
      'failed Synced Degraded ProgressDeadlineExceeded: web-1 is not ready 250 s after its start; it is waited for',
    );
  });

  test.each(['exited up=900', 'exited up=900 blind'])(
    '4.4 what does not run must be neither late nor out of reach: %s',
    (words) => {
      expect(status(`web-1 ${words}`)).toMatch(/ OutOfSync Progressing: has just exited$/);
      const scene: Scene = { manifests: web(), docker: `web-1 ${words}` };
      expect(lastPass([scene, { ...scene, at: 1003 }]).status('web')).toMatch(/ Progressing: brings up/);
    },
  );
});
