// Owns: others in the way, and ourselves.
import { describe, expect, test } from 'vitest';
import { afterSteps, failed, firstContainerOf, linesOf, pass } from '../support/decision.js';

describe('9.2 a container of others that holds what a start needs', () => {
  const manifests = '{web: {image: web:1, volumes: ["data:/data", "./files:/files"]}, volumes: {data: {}}}';
  const at = (docker: string, other: object) =>
    pass({ manifests, docker, others: [{ name: 'guest', ...other }] });

  test('9.2 a running one that writes to our data must block a start, be named, and its mend', () => {
    for (const held of ['alicia_data', '/manifests/files']) {
      const found = at('web-1 created', { writes: [held] });
      expect(found.lines).toEqual([]);
      expect(found.status('web')).toBe(
        `failed OutOfSync Degraded HeldByOther: container guest, which is not ours, writes to ${held}: stop it with \`docker stop guest\``,
      );
    }
  });

  test('9.2 a container of Compose must be mended by its own command, which keeps the volumes', () => {
    const found = at('', { writes: ['alicia_data'], composeProject: 'blog', composeService: 'db' });
    expect(found.lines).toEqual([]);
    expect(found.status('web')).toContain('`docker compose -p blog down`, which keeps the volumes');
  });

  test('9.2 nothing that runs may be stopped for it, nor taken away for a new spec', () => {
    expect(at('web-1 running', { writes: ['alicia_data'] }).lines).toEqual([]);
    expect(at('web-1 other running', { writes: ['alicia_data'] }).lines).toEqual([]);
  });

  test('9.2 one that is stopped, or only reads, must block nothing', () => {
    const START = ['start container web-1  created, not yet started'];
    expect(at('web-1 created', { writes: ['alicia_data'], running: false }).lines).toEqual(START);
    expect(at('web-1 created', { writes: [] }).lines).toEqual(START);
  });
});

describe('1.3 a host port that one of ours holds, and is to give up', () => {
  const START = ['start container b-1  created, not yet started'];
  const startOf = (wanted: string, held: string): readonly string[] => {
    // What is under maintenance is to go, and does not.
    const manifests = `{a: {image: a:1, maintenance: true}, b: {image: b:1, ports: ["${wanted}"]}}`;
    return linesOf({ manifests, docker: `a-1 other running port=${held}\nb-1 created` });
  };

  test.each([
    ['53:53', '0.0.0.0:53'],
    ['127.0.0.1:53:53', '0.0.0.0:53'],
    ['53:53', '127.0.0.1:53'],
    ['127.0.0.1:53:53', '127.0.0.1:53'],
    ['53:53/udp', '53/udp'],
  ])('1.3 %s must wait for %s', (wanted, held) => {
    expect(startOf(wanted, held)).toEqual([]);
  });

  test.each([
    ['53:53/udp', '53/tcp'],
    ['127.0.0.2:53:53', '127.0.0.1:53'],
    ['54:53', '53'],
  ])('1.3 %s must not wait for %s, which excludes nothing', (wanted, held) => {
    expect(startOf(wanted, held)).toEqual(START);
  });

  test('1.3 the one that is waited for must be the same whatever the order of the list', () => {
    const manifests = '{c: {image: c:1, ports: ["53:53"]}}';
    for (const docker of [
      'b-1 running port=53\na-1 running port=53',
      'a-1 running port=53\nb-1 running port=53',
    ])
      expect(pass({ manifests, docker: `${docker}\nc-1 created` }).status('c')).toContain(
        'container alicia-a-1-',
      );
  });
});

describe('8.3 a name that is taken', () => {
  test('8.3 the holder must be named, and the mend, and the next try', () => {
    const scene = {
      manifests: 'web: {image: web:1, container_name: door}',
      docker: '',
      others: [{ name: 'door' }],
    };
    const message = 'Conflict. The container name "/door" is already in use by container "0ff1ce"';
    const memory = afterSteps(pass(scene), failed('nameInUse', message));
    const next = pass({ ...scene, at: 1001, memory });
    expect(next.lines).toEqual([]);
    expect(next.recheckIn('web')).toBe(9);
    expect(next.status('web')).toBe(
      `failed OutOfSync Degraded NameConflict: its name is taken by container door, which is not ours: rename it with \`docker rename\`, or remove it (${message} (tried again after 10 s))`,
    );
  });
});

describe('9.1 the controller’s own container', () => {
  const manifests = 'me: {image: me:2}';
  const docker = 'me-1 other running';
  const own = {
    manifests,
    docker,
    settings: { ownContainerId: firstContainerOf({ manifests, docker }, 'me') },
  };

  test('9.1 must never be stopped, replaced or joined by another one', () => {
    expect(linesOf(own)).toEqual([]);
    expect(linesOf({ ...own, manifests: 'a: {image: a:1}', docker: `${docker}\na-1 running` })).toEqual([]);
  });

  test('9.1 must be said to be out of sync', () => {
    expect(pass(own).status('me')).toMatch(
      /OutOfSync \S+ SelfManaged: this is the container of the controller itself/,
    );
  });

  test('9.1 as declared it must be like any other', () => {
    const current = { manifests, docker: 'me-1 running' };
    const settings = { ownContainerId: firstContainerOf(current, 'me') };
    expect(pass({ ...current, settings }).status('me')).toBe('running Synced Healthy');
  });
});
