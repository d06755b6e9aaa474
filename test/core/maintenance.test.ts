// Owns: hands off.
import { expect, test } from 'vitest';
import { eventTypes, linesOf, pass, passes } from '../support/decision.js';

const manifests = 'web: {image: web:1, replicas: 2, maintenance: true, restart: always}';

test.each([
  '',
  'web-1 running',
  'web-1 other running',
  'web-1 created\nweb-2 exited',
  'web-1 paused\nweb-2 running named=x',
  'web-1 running\nweb-2 running\nweb-3 running',
  'web-1 running policy=no\nweb-2 running off=alicia_bus_network',
  'web-1-failed running\nweb-1-old other exited',
])('contract 1: in maintenance nothing may be started, stopped, restarted or replaced: %s', (docker) => {
  expect(linesOf({ manifests, docker })).toEqual([]);
  expect(pass({ manifests, docker }).status('web')).toMatch(
    /^maintenance \w+ Suspended Maintenance: hands off: maintenance is true$/,
  );
});

test('contract 1: in maintenance not even an image may be pulled', () => {
  expect(linesOf({ manifests, images: { 'web:1': 'missing' } })).toEqual([]);
});

test('contract 5: beginning and end of maintenance must be told once each', () => {
  const on = { manifests, docker: 'web-1 running\nweb-2 running' };
  const off = { ...on, manifests: manifests.replace('true', 'false') };
  const told = passes([off, on, on, off, off]).map(eventTypes);
  const ofMaintenance = told.map((types) => types.filter((type) => type.includes('maintenance')));
  expect(ofMaintenance).toEqual([[], ['service_maintenance_started'], [], ['service_maintenance_ended'], []]);
});

test('contract 1: when maintenance ends, what is due must be done', () => {
  const off = { manifests: manifests.replace('true', 'false'), docker: 'web-1 paused\nweb-2 running' };
  expect(linesOf(off)).toEqual(['unpause container web-1  it was paused']);
});
