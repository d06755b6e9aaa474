// Owns: what each failure of the engine means for a service: reason, sentence, next try.
import { describe, expect, test } from 'vitest';
import type { FailureCode } from '../../src/model/failure.js';
import { afterSteps, failed, linesOf, type Pass, pass, type Scene } from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const PORT = 'web: {image: web:1, ports: ["8080:80"]}';

/** The pass a second after every step of the scene has failed. */
function after(scene: Scene, code: FailureCode, message: string): Pass {
  return pass({ ...scene, at: 1001, memory: afterSteps(pass(scene), failed(code, message)) });
}

/** Seconds from one failure to the next try, for so many failures in a row. */
function delaysOf(scene: Scene, code: FailureCode, count: number): readonly number[] {
  let memory = afterSteps(pass(scene), failed(code));
  let at = 1000;
  const delays: number[] = [];
  for (let failure = 0; failure < count; failure += 1) {
    const wait = pass({ ...scene, at, memory }).recheckIn('web') ?? Number.NaN;
    delays.push(wait);
    at += wait;
    const again = pass({ ...scene, at, memory });
    memory = afterSteps(again, failed(code));
  }
  return delays;
}

describe('8.4 no such image at creation', () => {
  test('8.4 the image must be pulled, with a back-off from 10 to 300 s', () => {
    const scene: Scene = { manifests: WEB, docker: '', images: { 'web:1': 'missing' } };
    expect(linesOf(scene)).toEqual(['pull image web:1  not on this host']);
    expect(delaysOf(scene, 'pullFailed', 7)).toEqual([10, 20, 40, 80, 160, 300, 300]);
    expect(after(scene, 'pullFailed', 'manifest unknown').status('web')).toContain(
      'Degraded ImagePullFailed: manifest unknown (tried again after 10 s)',
    );
  });
});

describe('8.5 a configuration that Docker refuses', () => {
  test('8.5 must be said with its sentence, and be tried again after 10 to 300 s', () => {
    const scene = { manifests: WEB, docker: '' };
    expect(after(scene, 'rejected', 'bind source path does not exist: /mnt/x').status('web')).toContain(
      'Degraded StartFailed: bind source path does not exist: /mnt/x (tried again after 10 s)',
    );
    expect(delaysOf(scene, 'rejected', 6)).toEqual([10, 20, 40, 80, 160, 300]);
  });

  test('8.5 another spec must be tried at once', () => {
    const memory = afterSteps(pass({ manifests: WEB, docker: '' }), failed('rejected'));
    expect(linesOf({ manifests: 'web: {image: web:2}', docker: '', at: 1001, memory })).toEqual([
      'create container web-1  no container in its slot',
    ]);
  });
});

describe('8.7 a port that is taken', () => {
  const scene: Scene = { manifests: PORT, docker: 'web-1 created' };
  const said = 'driver failed: Bind for 0.0.0.0:8080 failed: port is already allocated';

  test('8.7 its owner must be named, be it of others or of ours', () => {
    const others = [{ name: 'guest', hostPorts: [{ ip: '0.0.0.0', port: 8080, protocol: 'tcp' }] }];
    expect(after({ ...scene, others }, 'portInUse', said).status('web')).toContain(
      `Degraded PortConflict: a port is taken by container guest: ${said}`,
    );
    const two = '{web: {image: web:1, ports: ["8080:80"]}, b: {image: b:1, ports: ["8080-8090:80"]}}';
    const ours = { manifests: two, docker: 'web-1 created\nb-1 running port=8080' };
    expect(after(ours, 'portInUse', said).status('web')).toMatch(/a port is taken by container alicia-b-1-/);
  });

  test('8.7 without a container it must be a process on this host', () => {
    expect(after(scene, 'portInUse', said).status('web')).toContain(
      'a port is taken by a process on this host',
    );
  });

  test('8.7 the created container must stay, and be started again', () => {
    expect(delaysOf(scene, 'portInUse', 3)).toEqual([10, 20, 40]);
    expect(after(scene, 'portInUse', said).lines).toEqual([]);
  });
});

describe('8.9 a start that fails otherwise', () => {
  test('8.9 the container must stay, and be started again for ever', () => {
    const scene = { manifests: WEB, docker: 'web-1 created' };
    expect(delaysOf(scene, 'engine', 7)).toEqual([10, 20, 40, 80, 160, 300, 300]);
    expect(after(scene, 'engine', 'exec: "nope": executable file not found').status('web')).toContain(
      'failed OutOfSync Degraded StartFailed: exec: "nope": executable file not found',
    );
  });
});

describe('8.8 a network that is gone at a start', () => {
  test('8.8 it must be made, the dead end taken off, a new one attached, then started', () => {
    expect(linesOf({ manifests: WEB, docker: 'web-1 exited', networks: [] })).toContain(
      'create network alicia_bus_network  does not exist',
    );
    const lost = { manifests: WEB, docker: 'web-1 created lost=alicia_bus_network' };
    expect(linesOf(lost)).toEqual([
      'disconnect container web-1 ← alicia_bus_network  its network alicia_bus_network was made anew',
    ]);
    expect(linesOf({ manifests: WEB, docker: 'web-1 created off=alicia_bus_network' })).toEqual([
      'connect container web-1 → alicia_bus_network  not on alicia_bus_network',
    ]);
  });
});

describe('8.10 no address pool left', () => {
  test('8.10 must be said as NetworkFailed, and name default-address-pools', () => {
    const scene = { manifests: WEB, docker: '', networks: [] };
    const status = after(scene, 'noAddressPool', 'could not find an available address pool').status('web');
    expect(status).toContain('Degraded NetworkFailed: could not find an available address pool');
    expect(status).toContain('default-address-pools');
  });
});

describe('8.2 an outcome that is not known', () => {
  test('8.2 must be looked at before anything is repeated, and be surfaced only when it goes on', () => {
    const scene = { manifests: WEB, docker: '' };
    const lost = after(scene, 'unknownOutcome', 'no answer');
    expect(lost.status('web')).toContain('Progressing');
    // It was made after all: it is found by its name, and started.
    expect(linesOf({ manifests: WEB, docker: 'web-1 created', at: 1001, memory: lost.memory })).toEqual([
      'start container web-1  created, not yet started',
    ]);
    const often = delaysOf(scene, 'unknownOutcome', 3);
    expect(often).toEqual([0.5, 1, 2]);
  });
});

describe('8.11 a stop', () => {
  test('8.11 must have the grace of the spec that the container was made with', () => {
    const manifests =
      'web: {image: web:2, stop_grace_period: 5s, deploy: {update_config: {order: stop-first}}}';
    const [step] = pass({ manifests, docker: 'web-1 other running grace=60' }).steps;
    expect(step).toMatchObject({ kind: 'stopContainer', graceMs: 60_000 });
  });

  test('8.11 must never be made twice at once for one container', () => {
    const scene = {
      manifests: 'web: {image: web:2, deploy: {update_config: {order: stop-first}}}',
      docker: 'web-1 other running',
    };
    expect(linesOf({ ...scene, inFlight: pass(scene).steps })).toEqual([]);
  });
});

describe('8.12 a removal', () => {
  test('8.12 one that is under way must be waited for, a refused one be repeated with a back-off', () => {
    const scene = { manifests: 'web: {image: web:1, replicas: 0}', docker: 'web-1 exited' };
    expect(delaysOf(scene, 'removalInProgress', 3)).toEqual([0.5, 1, 2]);
    expect(delaysOf(scene, 'inUse', 3)).toEqual([10, 20, 40]);
  });
});

describe('8.13 a container that would not end', () => {
  test('8.13 must be surfaced', () => {
    const scene = {
      manifests: 'web: {image: web:2, deploy: {update_config: {order: stop-first}}}',
      docker: 'web-1 other running',
    };
    expect(
      after(scene, 'stuck', 'tried to kill container, but did not receive an exit event').status('web'),
    ).toContain(
      'Degraded StartFailed: tried to kill container, but did not receive an exit event (tried again after 10 s)',
    );
  });
});
