// Owns: what holds a service back: which sentence is said of it, when it is looked at again, and whom it does not concern.
import { describe, expect, test } from 'vitest';
import { linesOf, pass } from '../support/decision.js';

const MISSING = { 'web:1': 'missing' } as const;
const PULL = ['pull image web:1  not on this host'];
const guest = [{ name: 'guest', writes: ['/manifests/files'] }];
const writer = (fields = ''): string => `web: {image: web:1, volumes: ["./files:/data"]${fields}}`;

describe('8.4 an image that is needed soon', () => {
  test('8.4 must be pulled where one replica of several is to be made', () => {
    const manifests = 'web: {image: web:1, replicas: 2}';
    const docker = 'web-1 running\nweb-2 other running';
    expect(linesOf({ manifests, docker, images: MISSING })).toEqual(PULL);
  });

  test('8.4 must be pulled while the container that it is needed for is still being removed', () => {
    const manifests = 'web: {image: web:1}';
    expect(linesOf({ manifests, docker: 'web-1 removing', images: MISSING })).toEqual(PULL);
    expect(linesOf({ manifests, docker: 'web-1 exited', images: MISSING })).toEqual([]);
  });

  test('8.4 nothing must be provided for a service of 0 replicas, nor be wrong with it', () => {
    const manifests = 'web: {image: web:1, pull_policy: daily, replicas: 0}';
    expect(linesOf({ manifests })).toEqual([]);
    expect(
      linesOf({ manifests: manifests.replace('replicas: 0', 'replicas: 1'), docker: 'web-1 running' }),
    ).toEqual(['pull image web:1  pull_policy is every']);
    const outside = '{networks: {lan: {external: true}}, web: {image: web:1, networks: [lan], replicas: 0}}';
    expect(pass({ manifests: outside, networks: [] }).status('web')).toBe('stopped Synced Suspended');
  });
});

describe('9.2 whoever holds what a start needs', () => {
  test('9.2 must block it also where other replicas run', () => {
    const scene = {
      manifests: writer(', replicas: 2'),
      docker: 'web-1 running\nweb-2 created',
      others: guest,
    };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).status('web')).toContain('HeldByOther: container guest');
  });

  test('9.2 must not keep what runs from being restarted when it is unhealthy', () => {
    const scene = { manifests: writer(), docker: 'web-1 running unhealthy' };
    const { memory } = pass(scene);
    expect(linesOf({ ...scene, memory, at: 1015, others: guest })).toEqual([
      'restart container web-1  unhealthy',
    ]);
  });

  test('9.2 must keep an old one from being stopped while its successor is not ready', () => {
    const manifests = writer(', healthcheck: {test: [CMD, ok]}');
    const docker = 'web-1 other running healthy age=900\nweb-1 running starting up=1 age=1';
    expect(linesOf({ manifests, docker })).toEqual(['stop container web-1 (other)  its spec changed']);
    expect(linesOf({ manifests, docker, others: guest })).toEqual([]);
  });
});

describe('2.2 the sentence of a service that waits', () => {
  test('2.2 must name only what a start waits for, not what a replacement would', () => {
    const manifests =
      '{a: {image: a:1}, b: {image: b:1}, web: {image: web:1, depends_on: {a: {condition: service_started}, b: {condition: service_started}}}}';
    const docker = 'a-1 exited\nb-1 other running\nweb-1 created';
    const found = pass({ manifests, docker });
    expect(found.facts('web').waiting_for).toEqual(['a']);
    expect(found.status('web')).toContain('DependencyNotReady: waits for a to be started (0/1 replicas)');
    expect(found.status('web')).not.toContain('waits for b');
  });

  test('2.4 must say for what a restart waits, where it is not well meanwhile', () => {
    const manifests =
      '{db: {image: db:1, replicas: 2}, web: {image: web:1, healthcheck: {test: [CMD, ok]}, depends_on: {db: {condition: service_started, restart: true}}}}';
    const docker = `db-1-old other exited\ndb-1 running up=10 age=10
      db-2-old other exited\ndb-2 running up=10 age=10\nweb-1 running starting up=20`;
    expect(pass({ manifests, docker }).status('web')).toContain(
      'Progressing: waits for db to be updated (2/2 replicas)',
    );
  });

  test('2.4 must say whose network is missing', () => {
    const manifests =
      '{vpn: {image: vpn:1, restart: "no"}, web: {image: web:1, network_mode: "service:vpn"}}';
    const scene = { manifests, docker: 'vpn-1 exited' };
    expect(linesOf(scene)).toEqual([]);
    expect(pass(scene).status('web')).toBe(
      'stopped OutOfSync Progressing: waits for a container of vpn, whose network it shares',
    );
  });

  test('2.7 must say who has to stop first, and look again after half a second', () => {
    const manifests = '{db: {image: db:1, replicas: 0}, web: {image: web:1, replicas: 0, depends_on: [db]}}';
    const found = pass({ manifests, docker: 'db-1 running\nweb-1 running' });
    expect(found.lines).toEqual(['stop container web-1  more replicas than declared']);
    expect(found.status('db')).toContain('waits for web to stop first');
    expect(found.recheckIn('db')).toBe(0.5);
  });
});
