/**
 * The observed state, kept up to date piece by piece.
 * Owns: the maps behind an `ObservedState`, and that an older look never overwrites a newer one.
 * Must not know: how the engine is asked.
 */
import type { ContainerId, ServiceName } from '../model/ids.js';
import type {
  EngineInfo,
  ObservedContainer,
  ObservedImage,
  ObservedNetwork,
  ObservedState,
  ObservedVolume,
  OtherContainer,
  Probed,
} from '../model/observed.js';
import type { Listing, Sighting } from './ports.js';

/** What a change touches. */
export interface Change {
  readonly services: readonly ServiceName[];
  readonly objects: boolean;
}

/** One run of a container, from its start to its end. */
export interface RunOfContainer {
  readonly id: ContainerId;
  readonly startedAt: number;
}

/** What probes say of a run; null: nothing. */
export interface ProbedRun extends RunOfContainer {
  readonly probed: Probed | null;
}

/** An observed state whose maps are written in place; the decision, which never keeps it, reads it. */
export interface ObservedStore extends ObservedState {
  engine: EngineInfo;
  readonly services: Map<ServiceName, readonly ObservedContainer[]>;
  readonly others: Map<ContainerId, OtherContainer>;
  readonly networks: Map<string, ObservedNetwork>;
  readonly volumes: Map<string, ObservedVolume>;
  readonly images: Map<string, ObservedImage | null>;
  readonly killed: Set<ContainerId>;
  /** Their start was heard of and has not been seen yet. */
  readonly begun: Set<ContainerId>;
  /** The service that a container of ours stands under. */
  readonly owners: Map<ContainerId, ServiceName>;
  /** What was set since a list began: newer than what that list will say. */
  readonly newer: Set<string>;
}

const NOTHING: Change = { services: [], objects: false };

/** An empty store. */
export function createObservedStore(): ObservedStore {
  return {
    engine: { id: '', version: '', apiVersion: '' },
    services: new Map(),
    others: new Map(),
    networks: new Map(),
    volumes: new Map(),
    images: new Map(),
    killed: new Set(),
    begun: new Set(),
    owners: new Map(),
    newer: new Set(),
  };
}

/** Marks the beginning of a list: what is set from now on is newer than the list. */
export function beginListing(store: ObservedStore): void {
  store.newer.clear();
}

/** Takes a whole list in. */
export function applyListing(store: ObservedStore, listing: Listing): Change {
  const { owners, others, newer } = store;
  const touched = new Set<ServiceName>();
  const seen = new Set(listing.containers.map(({ container }) => container.id));
  for (const id of [...owners.keys(), ...others.keys()]) {
    if (seen.has(id) || newer.has(`container:${id}`)) continue;
    for (const name of remove(store, id).services) touched.add(name);
  }
  for (const sighting of listing.containers) {
    if (newer.has(`container:${sighting.container.id}`)) continue;
    for (const name of put(store, sighting).services) touched.add(name);
  }
  const networksChanged = replaceAll(store.networks, byName(listing.networks), { prefix: 'network:', newer });
  const volumesChanged = replaceAll(store.volumes, byName(listing.volumes), { prefix: 'volume:', newer });
  newer.clear();
  // What was heard of containers that are not ours, or of ones that went unheard, is kept no longer than to here.
  for (const heard of [store.killed, store.begun])
    for (const id of heard) if (!owners.has(id)) heard.delete(id);
  return { services: [...touched], objects: networksChanged || volumesChanged };
}

/** Takes one look at a container in. */
export function setContainer(store: ObservedStore, sighting: Sighting): Change {
  store.newer.add(`container:${sighting.container.id}`);
  return put(store, sighting);
}

/** The engine gives no answer about a container: what was known of it stays, and counts for nothing. */
export function setSilent(store: ObservedStore, id: ContainerId): Change {
  const owner = store.owners.get(id);
  const containers = owner === undefined ? [] : (store.services.get(owner) ?? []);
  const container = containers.find((each) => each.id === id);
  if (container === undefined) return NOTHING;
  return put(store, { kind: 'ours', container: { ...container, isSilent: true } });
}

/** What probes say of one run of a container; of another run than the present one it says nothing. */
export function setProbed(store: ObservedStore, { id, startedAt, probed }: ProbedRun): Change {
  const owner = store.owners.get(id);
  const containers = owner === undefined ? [] : (store.services.get(owner) ?? []);
  const container = containers.find((each) => each.id === id && each.startedAt === startedAt);
  if (owner === undefined || container === undefined || isSame(container.probed, probed)) return NOTHING;
  const replaced = containers.map((each) => (each === container ? { ...each, probed } : each));
  store.services.set(owner, replaced);
  return { services: [owner], objects: false };
}

/** Takes in what an event says of the signals that a container got since its start. */
export function noteSignal(store: ObservedStore, action: string, id: ContainerId): void {
  if (action === 'kill') store.killed.add(id);
  if (action !== 'start') return;
  store.killed.delete(id);
  store.begun.add(id);
}

/** The container is not there. */
export function dropContainer(store: ObservedStore, id: ContainerId): Change {
  store.newer.add(`container:${id}`);
  store.killed.delete(id);
  store.begun.delete(id);
  return remove(store, id);
}

/** Takes one look at a network in; null: there is none of that name. */
export function setNetwork(store: ObservedStore, name: string, network: ObservedNetwork | null): Change {
  store.newer.add(`network:${name}`);
  if (network === null) store.networks.delete(name);
  else store.networks.set(name, network);
  return { services: [], objects: true };
}

/** Takes one look at a volume in; null: there is none of that name. */
export function setVolume(store: ObservedStore, name: string, volume: ObservedVolume | null): Change {
  store.newer.add(`volume:${name}`);
  if (volume === null) store.volumes.delete(name);
  else store.volumes.set(name, volume);
  return { services: [], objects: true };
}

/** Forgets images that nobody asks for any more. */
export function keepImages(store: ObservedStore, references: ReadonlySet<string>): void {
  for (const reference of [...store.images.keys()])
    if (!references.has(reference)) store.images.delete(reference);
}

function remove(store: ObservedStore, id: ContainerId): Change {
  store.others.delete(id);
  const owner = store.owners.get(id);
  if (owner === undefined) return NOTHING;
  store.owners.delete(id);
  const rest = (store.services.get(owner) ?? []).filter((container) => container.id !== id);
  if (rest.length === 0) store.services.delete(owner);
  else store.services.set(owner, rest);
  return { services: [owner], objects: rest.length === 0 };
}

function put(store: ObservedStore, sighting: Sighting): Change {
  if (sighting.kind === 'other') {
    const change = remove(store, sighting.container.id);
    store.others.set(sighting.container.id, sighting.container);
    return change;
  }
  const name = sighting.container.owned.service;
  const before = (store.services.get(name) ?? []).find(({ id }) => id === sighting.container.id);
  const isSameRun = sighting.container.isSilent || before?.startedAt === sighting.container.startedAt;
  // Of one that gives no answer what was known stays.
  const known =
    sighting.container.isSilent && before !== undefined ? { ...before, isSilent: true } : sighting.container;
  // The engine knows nothing of probes: what they said of this run stays.
  const container = { ...known, probed: isSameRun ? (before?.probed ?? null) : null };
  if (before !== undefined && isSame(before, container)) return NOTHING;
  if (!isSameRun && container.startedAt !== null) {
    // A start that was not heard of ends what was heard before it; one that was heard has ended it already.
    const isHeard = store.begun.delete(container.id);
    if (before !== undefined && !isHeard) store.killed.delete(container.id);
  }
  const change = store.owners.get(container.id) === name ? NOTHING : remove(store, container.id);
  const rest = (store.services.get(name) ?? []).filter(({ id }) => id !== container.id);
  store.services.set(name, [...rest, container]);
  store.owners.set(container.id, name);
  return { services: [...new Set([...change.services, name])], objects: change.objects };
}

/** Makes a map equal to a fresh one, but for what is newer. True: something changed. */
function replaceAll<Value>(
  map: Map<string, Value>,
  fresh: ReadonlyMap<string, Value>,
  { prefix, newer }: { readonly prefix: string; readonly newer: ReadonlySet<string> },
): boolean {
  const isOpen = (name: string): boolean => !newer.has(`${prefix}${name}`);
  const gone = [...map.keys()].filter((name) => !fresh.has(name) && isOpen(name));
  const news = [...fresh].filter(([name, value]) => isOpen(name) && !isSame(map.get(name), value));
  for (const name of gone) map.delete(name);
  for (const [name, value] of news) map.set(name, value);
  return gone.length > 0 || news.length > 0;
}

const byName = <Value extends { readonly name: string }>(
  values: readonly Value[],
): ReadonlyMap<string, Value> => new Map(values.map((value) => [value.name, value]));

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
