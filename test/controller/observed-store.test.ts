import { expect, test } from 'vitest';
import {
  applyListing,
  beginListing,
  createObservedStore,
  dropContainer,
  setContainer,
  setNetwork,
} from '../../src/controller/observed-store.js';
import type { Sighting } from '../../src/controller/ports.js';
import { serviceName } from '../../src/model/ids.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import { parseDesired } from '../support/decision-desired.js';
import { parseContainers } from '../support/decision-observed.js';

const desired = parseDesired('web:\n  image: web:1\n  replicas: 2\n');
const web = serviceName('web');

/** The containers of a text, as an engine lists them. */
function sightings(text: string): readonly Sighting[] {
  return [...parseContainers(text, desired, 1_000_000).values()]
    .flat()
    .map((container) => ({ kind: 'ours', container }));
}
const listing = (text: string) => ({ containers: sightings(text), networks: [], volumes: [] });
const names = (containers: readonly ObservedContainer[] | undefined): readonly string[] =>
  (containers ?? []).map(({ status, owned }) => `${owned.service}-${owned.slot} ${status}`);

test('a list replaces everything, and tells which services it touched', () => {
  const store = createObservedStore();
  expect(applyListing(store, listing('web-1 running\nweb-2 running')).services).toEqual([web]);
  expect(applyListing(store, listing('web-1 running\nweb-2 running')).services).toEqual([]);
  expect(applyListing(store, listing('web-2 running')).services).toEqual([web]);
  expect(names(store.services.get(web))).toEqual(['web-2 running']);
});

test('what was seen while a list was on its way is newer than the list', () => {
  const store = createObservedStore();
  applyListing(store, listing('web-1 running\nweb-2 running'));
  beginListing(store);
  const [seen] = sightings('web-1 exited');
  const [gone] = sightings('web-2 running');
  if (seen === undefined || gone === undefined) throw new Error('two containers are needed');
  setContainer(store, seen);
  dropContainer(store, gone.container.id);
  applyListing(store, listing('web-1 running\nweb-2 running'));
  expect(names(store.services.get(web))).toEqual(['web-1 exited']);
});

test('a look that finds nothing new tells of no change', () => {
  const store = createObservedStore();
  const [seen] = sightings('web-1 running');
  if (seen === undefined) throw new Error('a container is needed');
  expect(setContainer(store, seen).services).toEqual([web]);
  expect(setContainer(store, structuredClone(seen)).services).toEqual([]);
});

test('the last container of a service takes the service with it', () => {
  const store = createObservedStore();
  const [seen] = sightings('web-1 running');
  if (seen === undefined) throw new Error('a container is needed');
  setContainer(store, seen);
  expect(dropContainer(store, seen.container.id)).toEqual({ services: [web], objects: true });
  expect(store.services.has(web)).toBe(false);
});

test('a network that was made while a list was on its way is not forgotten by it', () => {
  const store = createObservedStore();
  beginListing(store);
  setNetwork(store, 'bus', { id: 'n1', name: 'bus', driver: 'bridge', project: null, hash: null });
  applyListing(store, listing(''));
  expect([...store.networks.keys()]).toEqual(['bus']);
});
