// Owns: what the observed state says has changed, of objects, of containers that are silent, that change hands or come again.
import { describe, expect, test } from 'vitest';
import {
  applyListing,
  beginListing,
  createObservedStore,
  noteSignal,
  type ObservedStore,
  setContainer,
  setNetwork,
  setSilent,
  setVolume,
} from '../../src/controller/observed-store.js';
import type { Listing } from '../../src/controller/ports.js';
import { containerId, serviceName } from '../../src/model/ids.js';
import type { ObservedContainer, OtherContainer } from '../../src/model/observed.js';
import { containerOf } from '../support/probes.js';

const web = serviceName('web');
const db = serviceName('db');
const first = containerOf('web', 'a', { startedAt: 1_000 });
const second = containerOf('web', 'b', { startedAt: 1_000 });
const NOTHING = { services: [], objects: false };

const networkOf = (id: string) => ({ id, name: 'bus', driver: 'bridge', project: 'alicia', hash: null });
const volumeOf = (driver: string) => ({ name: 'data', driver, project: 'alicia', hash: null });
const see = (store: ObservedStore, container: ObservedContainer) =>
  setContainer(store, { kind: 'ours', container });
const listingOf = (change: Partial<Listing> = {}): Listing => ({
  ...{ containers: [], networks: [], volumes: [] },
  ...change,
});

describe('objects in a list', () => {
  const LISTS: readonly (readonly [string, Partial<Listing>, boolean])[] = [
    ['as before', { networks: [networkOf('n1')], volumes: [volumeOf('local')] }, false],
    ['a network that is another', { networks: [networkOf('n2')], volumes: [volumeOf('local')] }, true],
    ['a volume that is another', { networks: [networkOf('n1')], volumes: [volumeOf('nfs')] }, true],
    ['a network that is gone', { volumes: [volumeOf('local')] }, true],
    ['a volume that is gone', { networks: [networkOf('n1')] }, true],
    [
      'one that came, in the place of none',
      {
        networks: [networkOf('n1'), { ...networkOf('n3'), name: 'back' }],
        volumes: [volumeOf('local')],
      },
      true,
    ],
  ];
  test.each(LISTS)('must be told as changed where they are: %s', (_, list, objects) => {
    const store = createObservedStore();
    applyListing(store, listingOf({ networks: [networkOf('n1')], volumes: [volumeOf('local')] }));
    expect(applyListing(store, listingOf(list))).toEqual({ services: [], objects });
    expect([...store.networks.values()]).toEqual(list.networks ?? []);
    expect([...store.volumes.values()]).toEqual(list.volumes ?? []);
  });

  test('what was seen while the list was on its way must stay, and be no change by the list', () => {
    const store = createObservedStore();
    applyListing(store, listingOf({ networks: [networkOf('n1')], volumes: [volumeOf('local')] }));
    beginListing(store);
    setNetwork(store, 'bus', networkOf('n2'));
    setVolume(store, 'data', null);
    const old = listingOf({ networks: [networkOf('n1')], volumes: [volumeOf('local')] });
    expect(applyListing(store, old)).toEqual(NOTHING);
    expect([store.networks.get('bus')?.id, store.volumes.size]).toEqual(['n2', 0]);
    expect(applyListing(store, old).objects).toBe(true);
  });
});

describe('8.14 a container that gives no answer', () => {
  test('8.14 must keep what was known of it, be told of once, and speak again with the next look', () => {
    const store = createObservedStore();
    for (const container of [first, second]) see(store, container);
    expect(setSilent(store, second.id)).toEqual({ services: [web], objects: false });
    expect(store.services.get(web)).toEqual([first, { ...second, isSilent: true }]);
    expect(setSilent(store, second.id)).toEqual(NOTHING);
    expect(see(store, second)).toEqual({ services: [web], objects: false });
    expect(store.services.get(web)).toEqual([first, second]);
  });

  test('8.14 must keep what was known also where a list has no more than its name', () => {
    const store = createObservedStore();
    see(store, first);
    see(store, { ...first, status: 'created', startedAt: null, isSilent: true });
    expect(store.services.get(web)).toEqual([{ ...first, isSilent: true }]);
    const fresh = createObservedStore();
    see(fresh, { ...first, isSilent: true });
    expect(fresh.services.get(web)).toEqual([{ ...first, isSilent: true }]);
  });

  test('8.14 must be nobody where it is not known', () => {
    const store = createObservedStore();
    see(store, first);
    expect(setSilent(store, containerId('f'.repeat(64)))).toEqual(NOTHING);
    expect(setSilent(createObservedStore(), first.id)).toEqual(NOTHING);
    expect(store.services.get(web)).toEqual([first]);
  });
});

test('a container that stands under another service now must be gone from the one before', () => {
  const store = createObservedStore();
  for (const container of [first, second]) see(store, container);
  const moved = { ...first, owned: { ...first.owned, service: db } };
  expect(see(store, moved)).toEqual({ services: [web, db], objects: false });
  expect([store.services.get(web), store.services.get(db)]).toEqual([[second], [moved]]);
  expect(see(store, { ...second, owned: moved.owned })).toEqual({ services: [web, db], objects: true });
  expect(store.services.has(web)).toBe(false);
});

test('a container that turns out not to be ours must be gone from its service', () => {
  const store = createObservedStore();
  see(store, first);
  const container = { id: first.id, name: 'x' } as unknown as OtherContainer;
  expect(setContainer(store, { kind: 'other', container })).toEqual({ services: [web], objects: true });
  expect([store.services.size, store.others.size]).toEqual([0, 1]);
});

test('6.4 a signal must be kept no longer than to the next list where its container is not ours', () => {
  const store = createObservedStore();
  see(store, first);
  const stranger = containerId('f'.repeat(64));
  for (const id of [first.id, stranger]) {
    noteSignal(store, 'start', id);
    noteSignal(store, 'kill', id);
  }
  applyListing(store, listingOf({ containers: [{ kind: 'ours', container: first }] }));
  expect([[...store.killed], [...store.begun]]).toEqual([[first.id], [first.id]]);
});

test('6.4 what was heard before a container was first seen, or seen to have started, must stay', () => {
  const store = createObservedStore();
  noteSignal(store, 'start', first.id);
  see(store, { ...first, status: 'created', startedAt: null });
  expect([...store.begun]).toEqual([first.id]);
  const other = createObservedStore();
  noteSignal(other, 'kill', first.id);
  see(other, first);
  expect([...other.killed]).toEqual([first.id]);
});

test('the only container of a service that changes must be no change of the objects', () => {
  const store = createObservedStore();
  see(store, first);
  expect(see(store, { ...first, status: 'exited' })).toEqual({ services: [web], objects: false });
});
