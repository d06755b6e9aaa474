import { describe, expect, test } from 'vitest';
import {
  applyListing,
  beginListing,
  createObservedStore,
  dropContainer,
  noteSignal,
  type ObservedStore,
  setContainer,
  setNetwork,
  setProbed,
} from '../../src/controller/observed-store.js';
import type { Sighting } from '../../src/controller/ports.js';
import { serviceName } from '../../src/model/ids.js';
import type { ObservedContainer } from '../../src/model/observed.js';
import { parseDesired } from '../support/decision-desired.js';
import { parseContainers } from '../support/decision-observed.js';
import { containerOf } from '../support/probes.js';

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

describe('what probes say', () => {
  const first = containerOf('web', 'a', { startedAt: 1_000 });
  const healthy = { status: 'healthy', message: '', unreachable: null } as const;
  const see = (store: ObservedStore, change: Partial<ObservedContainer> = {}) =>
    setContainer(store, { kind: 'ours', container: { ...first, ...change } }).services;
  const seen = (store: ObservedStore) => store.services.get(web)?.[0];
  const start = () => {
    const store = createObservedStore();
    see(store);
    return store;
  };
  const say = (store: ObservedStore, startedAt = 1_000) =>
    setProbed(store, { id: first.id, startedAt, probed: healthy });

  test('6.6 is told as a change once, in a container that is another object', () => {
    const store = start();
    const before = seen(store);
    expect(say(store)).toEqual({ services: [web], objects: false });
    expect(seen(store)?.probed).toEqual(healthy);
    expect(before?.probed).toBeNull();
    expect(say(store)).toEqual({ services: [], objects: false });
  });

  test('6.6 stays over every look at the same run, which is no change by itself', () => {
    const store = start();
    say(store);
    expect(see(store)).toEqual([]);
    beginListing(store);
    const listed = { kind: 'ours', container: structuredClone(first) } as const;
    expect(applyListing(store, { containers: [listed], networks: [], volumes: [] }).services).toEqual([]);
    expect(see(store, { exitCode: 1, status: 'exited' })).toEqual([web]);
    expect(seen(store)?.probed).toEqual(healthy);
  });

  test('6.6 ends with its run, and says nothing of another', () => {
    const store = start();
    say(store);
    see(store, { startedAt: 2_000 });
    expect(seen(store)?.probed).toBeNull();
    expect(say(store).services).toEqual([]);
    expect(
      setProbed(createObservedStore(), { id: first.id, startedAt: 1_000, probed: null }).services,
    ).toEqual([]);
    expect(seen(store)?.probed).toBeNull();
  });
});

describe('6.4 signals', () => {
  const first = containerOf('web', 'a', { startedAt: 1_000 });
  const see = (store: ObservedStore, change: Partial<ObservedContainer> = {}) =>
    setContainer(store, { kind: 'ours', container: { ...first, ...change } });
  const start = () => {
    const store = createObservedStore();
    see(store);
    noteSignal(store, 'kill', first.id);
    return store;
  };

  test('a kill is remembered until the next start, whatever else is heard or seen', () => {
    const store = start();
    noteSignal(store, 'die', first.id);
    see(store, { status: 'exited' });
    expect([...store.killed]).toEqual([first.id]);
    noteSignal(store, 'start', first.id);
    expect([...store.killed]).toEqual([]);
  });

  test('a start that was not heard of ends it when it is seen', () => {
    const store = start();
    see(store, { startedAt: 2_000 });
    expect([...store.killed]).toEqual([]);
  });

  test('a kill soon after a start that was heard stays when that start is seen', () => {
    const store = start();
    noteSignal(store, 'start', first.id);
    noteSignal(store, 'kill', first.id);
    see(store, { startedAt: 2_000 });
    expect([...store.killed]).toEqual([first.id]);
    see(store, { startedAt: 3_000 });
    expect([...store.killed]).toEqual([]);
  });

  test('a kill before the first look at a new container stays', () => {
    const store = createObservedStore();
    noteSignal(store, 'start', first.id);
    noteSignal(store, 'kill', first.id);
    see(store);
    expect([...store.killed]).toEqual([first.id]);
  });

  test('a container that goes takes it along, and what is not ours is forgotten with the next list', () => {
    const store = start();
    dropContainer(store, first.id);
    expect([...store.killed]).toEqual([]);
    noteSignal(store, 'kill', containerOf('x', 'f').id);
    beginListing(store);
    applyListing(store, listing(''));
    expect([...store.killed]).toEqual([]);
  });
});
