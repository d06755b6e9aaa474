// Owns: what is remembered of images, networks, volumes and crashes, and when it is not any more.
import { describe, expect, test } from 'vitest';
import type { Memory } from '../../src/core/memory.js';
import { afterSteps, failed, linesOf, pass, passes, type Scene } from '../support/decision.js';
import { CARRIED } from '../support/decision-observed.js';

const NO_WEB = 'a: {image: a:1}';

describe('8.10 a network or a volume that cannot be made', () => {
  test.each([
    ['a network', 'networks: {front: {}}', 'create network alicia_front  does not exist'],
    ['a volume', 'volumes: {data: {}}', 'create volume alicia_data  does not exist'],
  ])('8.10 %s must be tried again when its time has come, and not at every look', (_, manifests, line) => {
    const scene: Scene = { manifests, networks: [], volumes: [] };
    const first = pass({ ...scene, at: 1000 });
    expect(first.lines).toEqual([line]);
    let memory: Memory = afterSteps(first, failed('engine'));
    for (const at of [1001, 1002, 1003]) {
      const next = pass({ ...scene, at, memory });
      expect(next.lines).toEqual([]);
      memory = next.memory;
    }
    expect(linesOf({ ...scene, at: 1010, memory })).toEqual([line]);
  });

  test('8.12 a network that cannot be removed must be tried again when its time has come, too', () => {
    const scene: Scene = { manifests: '', networks: ['alicia_front'] };
    const line = 'remove network alicia_front  no longer declared';
    const first = pass({ ...scene, at: 1000 });
    expect(first.lines).toEqual([line]);
    const next = pass({ ...scene, at: 1001, memory: afterSteps(first, failed('inUse')) });
    expect(next.lines).toEqual([]);
    expect(linesOf({ ...scene, at: 1002, memory: next.memory })).toEqual([]);
    expect(linesOf({ ...scene, at: 1010, memory: next.memory })).toEqual([line]);
  });
});

describe('5.4 a carried volume of a replica that went for good', () => {
  const gone: Scene = {
    manifests: 'web: {image: web:1}',
    docker: 'web-1 running\nweb-2 exited carried=/data',
  };
  const memory = afterSteps(pass({ ...gone, volumes: [CARRIED] }));

  test('5.4 must be remembered until nothing mounts it any more', () => {
    let known = memory;
    for (const at of [1001, 1002, 1003]) {
      const next = pass({ ...gone, volumes: [CARRIED], memory: known, at });
      expect(next.lines).not.toContain(`remove volume ${CARRIED}  its replica is gone for good`);
      known = next.memory;
    }
    const scene = { ...gone, docker: 'web-1 running', volumes: [CARRIED], memory: known, at: 1004 };
    expect(linesOf(scene)).toEqual([`remove volume ${CARRIED}  its replica is gone for good`]);
  });

  test('5.4 must be forgotten once it is gone', () => {
    const scene = { ...gone, docker: 'web-1 running', memory, at: 1001 };
    expect(pass({ ...scene, volumes: [CARRIED] }).memory.leftVolumes).toEqual(new Set([CARRIED]));
    expect(pass({ ...scene, volumes: [] }).memory.leftVolumes).toEqual(new Set());
  });
});

describe('3.4 a pull', () => {
  const docker = 'web-1 running\na-1 running';
  /** The passes of a service with these fields, one second apart. */
  const lines = (...fields: readonly string[]): readonly (readonly string[])[] =>
    passes(
      fields.map((field, index) => ({
        manifests: `{a: {image: a:1}, web: {${field}}}`,
        docker: docker.replace('web-1 running', `web-1 running up=${100 + index}`),
        at: 1000 + index,
      })),
    ).map((done) => done.lines.filter((line) => line.startsWith('pull')));

  test('3.4 of an image that nobody named meanwhile must be made anew', () => {
    const x = 'image: "x:1", pull_policy: every_12h';
    const PULL = ['pull image x:1  pull_policy is every'];
    expect(lines(x, x, 'image: "y:1"', x)).toEqual([PULL, [], [], PULL]);
  });

  test('3.4 under always must be made anew for a spec that comes back', () => {
    const one = 'image: "x:1", pull_policy: always';
    const two = `${one}, command: [two]`;
    const PULL = ['pull image x:1  pull_policy is always'];
    expect(lines(one, one, two, two, one)).toEqual([PULL, [], PULL, [], PULL]);
  });

  test('3.4 must be remembered where nothing else is', () => {
    const x = '{image: x:1, pull_policy: every_12h}';
    const memory = afterSteps(pass({ manifests: `web: ${x}`, docker: 'web-1 running' }));
    expect(memory.pulled.size).toBe(1);
    expect(pass({ manifests: NO_WEB, memory, at: 1001 }).memory.pulled.size).toBe(0);
  });
});

describe('6.1 crashes', () => {
  const manifests = 'web: {image: web:1}';
  const at = (second: number, words: string): Scene => ({
    manifests,
    docker: `web-1 ${words} id=x`,
    at: second,
  });
  const crash = (second: number, number: number): Scene =>
    at(second, `running restarts=${number} up=${999 - second}`);

  test('6.1 of a run that is over must not count for one that somebody began anew', () => {
    const all = passes([
      at(1000, 'running'),
      ...[1, 2, 3, 4, 5].map((number) => crash(1000 + number * 10, number)),
      at(1060, 'running restarts=1 up=-60'),
    ]);
    expect(all.at(-2)?.status('web')).toContain('CrashLoopBackOff');
    expect(all.at(-1)?.status('web')).toBe('running Synced Healthy');
  });

  test('6.1 that lie further back than the latest five must not hide a loop', () => {
    const all = passes([
      at(1000, 'running'),
      crash(1010, 1),
      ...[2, 3, 4, 5, 6].map((number) => crash(1600 + number * 10, number)),
    ]);
    expect(all.at(-1)?.status('web')).toContain('CrashLoopBackOff: crash loop: exited 6 times');
  });

  test('6.1 the end of an earlier run must not be told of a later loop', () => {
    const all = passes([
      at(1000, 'running'),
      at(1010, 'restarting restarts=1 exit=3'),
      at(1020, 'running up=-20'),
      ...[1, 2, 3, 4, 5].map((number) => crash(1100 + number * 10, number)),
    ]);
    expect(all.at(-1)?.status('web')).toContain('crash loop: exited 5 times');
  });
});
