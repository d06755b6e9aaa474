// Owns: what must be there before a container is made.
import { expect, test } from 'vitest';
import { afterSteps, eventTypes, failed, linesOf, pass } from '../support/decision.js';

const WEB = 'web: {image: web:1}';
const MISSING = { 'web:1': 'missing' } as const;
const policy = (word: string): string => `web: {image: web:1, pull_policy: ${word}}`;

test('8.4 an image that is not here must be pulled before a container is made', () => {
  const scene = { manifests: WEB, images: MISSING };
  expect(linesOf(scene)).toEqual(['pull image web:1  not on this host']);
  expect(pass(scene).status('web')).toBe('starting OutOfSync Progressing: pulls web:1');
});

test('8.4 a pull under way must not be begun twice, not even for another service', () => {
  const manifests = `${WEB}\napi: {image: web:1}`;
  const first = pass({ manifests, images: MISSING });
  expect(first.lines).toEqual(['pull image web:1  not on this host']);
  expect(linesOf({ manifests, images: MISSING, inFlight: first.steps })).toEqual([]);
});

test('8.4 a pull that failed must be told with its next try, and tried again after 10 to 300 s', () => {
  const first = pass({ manifests: WEB, images: MISSING, at: 1000 });
  const memory = afterSteps(first, failed('pullFailed', 'manifest unknown'));
  const held = pass({ manifests: WEB, images: MISSING, memory, at: 1001 });
  expect(held.lines).toEqual([]);
  expect(held.status('web')).toBe(
    'failed OutOfSync Degraded ImagePullFailed: manifest unknown (tried again after 10 s)',
  );
  expect(held.recheckIn('web')).toBe(9);
  expect(linesOf({ manifests: WEB, images: MISSING, memory, at: 1010 })).toHaveLength(1);
});

test('8.4 an image that was not looked up yet must be waited for', () => {
  expect(linesOf({ manifests: WEB, images: { 'web:1': 'unseen' } })).toEqual([]);
});

test('8.4 pull_policy never must not pull, and say what to do', () => {
  const scene = { manifests: policy('never'), images: MISSING };
  expect(linesOf(scene)).toEqual([]);
  expect(pass(scene).status('web')).toContain('Degraded ImagePullFailed: image web:1 is not on this host');
});

test('3.4 pull_policy always must pull once, although the image is here', () => {
  const manifests = policy('always');
  const first = pass({ manifests });
  expect(first.lines).toEqual(['pull image web:1  pull_policy is always']);
  expect(linesOf({ manifests, memory: afterSteps(first) })).toEqual([
    'create container web-1  no container in its slot',
  ]);
});

test('8.4 under pull_policy always a failed pull must only warn where the image is here', () => {
  const manifests = policy('always');
  const memory = afterSteps(pass({ manifests }), failed('pullFailed'));
  expect(linesOf({ manifests, memory })).toEqual(['create container web-1  no container in its slot']);
});

test('3.4 under missing an image that is here must not be pulled', () => {
  expect(linesOf({ manifests: WEB })).toEqual(['create container web-1  no container in its slot']);
});

test('3.4 no image may be pulled for a service that has all its containers', () => {
  expect(linesOf({ manifests: WEB, docker: 'web-1 running', images: MISSING })).toEqual([]);
});

test('networks and volumes must be there before a container is made', () => {
  const manifests = `
volumes: {data: {}}
networks: {back: {}}
web: {image: web:1, networks: [back], volumes: ["data:/data"]}`;
  expect(linesOf({ manifests, networks: [], volumes: [] })).toEqual([
    'create network alicia_back  does not exist',
    'create volume alicia_data  does not exist',
  ]);
  expect(linesOf({ manifests })).toEqual(['create container web-1  no container in its slot']);
});

test('8.10 a network that cannot be made must be told as NetworkFailed, with back-off', () => {
  const first = pass({ manifests: WEB, networks: [] });
  const memory = afterSteps(
    first,
    failed('noAddressPool', 'all predefined address pools have been fully subnetted'),
  );
  const held = pass({ manifests: WEB, networks: [], memory, at: 1001 });
  expect(held.lines).toEqual([]);
  expect(held.status('web')).toContain('Degraded NetworkFailed: all predefined address pools');
});

test('an external network that is missing must be named, and never made', () => {
  const manifests = 'networks: {shared: {external: true}}\nweb: {image: web:1, networks: [shared]}';
  const scene = { manifests, networks: [] };
  expect(linesOf(scene)).toEqual([]);
  expect(pass(scene).status('web')).toContain('NetworkFailed: external network shared does not exist');
});

test('an external volume that is missing must be named, and never made', () => {
  const manifests = 'volumes: {store: {external: true}}\nweb: {image: web:1, volumes: ["store:/data"]}';
  const scene = { manifests, volumes: [] };
  expect(linesOf(scene)).toEqual([]);
  expect(pass(scene).status('web')).toContain('StartFailed: external volume store does not exist');
});

test('a declared network that no service uses must be made all the same', () => {
  expect(linesOf({ manifests: 'networks: {back: {}}', networks: [] })).toEqual([
    'create network alicia_back  does not exist',
  ]);
});

test('a network of ours that is declared no more must go once nothing is on it', () => {
  const networks = ['alicia_bus_network', 'alicia_back'];
  expect(linesOf({ manifests: WEB, docker: 'web-1 running', networks })).toEqual([
    'remove network alicia_back  no longer declared',
  ]);
  const others = [{ networks: ['alicia_back'] }];
  expect(linesOf({ manifests: WEB, docker: 'web-1 running', networks, others })).toEqual([]);
});

test('5.4 a volume that is declared no more must stay', () => {
  expect(linesOf({ manifests: WEB, docker: 'web-1 running', volumes: ['alicia_data'] })).toEqual([]);
});

test('an event must not be made of an image that is still on its way', () => {
  expect(eventTypes(pass({ manifests: WEB, images: MISSING }))).toEqual([]);
});
