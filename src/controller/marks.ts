/**
 * What a change makes dirty: those whose decision it can alter, however many others there are.
 * Owns: who they are, for every kind of change. Must not know: decisions.
 *
 * Invariant: whatever a decision about a service looks at, one of these marks tells that service of, but for containers
 * that are not ours, which nobody brings here. Everything is marked by the resync, a new connection and a bug alone.
 */
import { everyService } from '../core/forecast.js';
import type { DesiredNetwork, DesiredService, DesiredState } from '../model/desired.js';
import type { ServiceName, StepKey } from '../model/ids.js';
import type { ObservedContainer } from '../model/observed.js';
import { keys, type Step } from '../model/step.js';
import type { Agenda } from './agenda.js';
import { declaredObjects, differing, noteObjects, notePresence } from './noted.js';
import type { Observer } from './observation.js';
import type { Change } from './observed-store.js';
import type { ControllerState } from './parts.js';

/** What is looked at to know who is concerned, and where they are marked. */
interface Marking {
  readonly state: Pick<ControllerState, 'desired' | 'topology' | 'memory' | 'statuses' | 'noted'>;
  readonly observer: Pick<Observer, 'state'>;
  readonly agenda: Pick<Agenda, 'mark'>;
}

/** Everything is looked at again. */
export function markAll({ state, observer, agenda }: Marking): void {
  const { desired, memory, noted } = state;
  if (desired === null) return;
  noteObjects(noted, observer.state);
  notePresence(noted, observer.state, [...noted.present, ...observer.state.services.keys()]);
  agenda.mark(everyService({ desired, memory, observed: observer.state }), true);
}

/** Something on the engine changed: these services, and whoever uses an object that is other than before. */
export function markChange(parts: Marking, { services, objects }: Change): void {
  const { state, observer, agenda } = parts;
  if (state.desired === null) return;
  markServices(parts, services);
  if (objects) {
    const changed = noteObjects(state.noted, observer.state);
    markServices(parts, usersOf(parts, changed), changed.size > 0);
  }
  // Which services may go depends on how many there are, and a network may have lost its last user.
  const turned = notePresence(state.noted, observer.state, services);
  if (turned.length > 0) agenda.mark(orphansOf(parts), true);
}

/**
 * Other things are declared than before: services that are new, other or gone, those that they name or named no longer
 * (a status tells who requires it), whoever uses a network or volume that is declared otherwise, and all that is to go,
 * for the guard of removals looks at everything.
 */
export function markNews(
  parts: Marking,
  before: DesiredState | null,
  changed: ReadonlySet<ServiceName>,
): void {
  const { state, agenda } = parts;
  const objects = differing(declaredObjects(before), declaredObjects(state.desired));
  agenda.mark(usersOf(parts, objects));
  agenda.mark([...changed].flatMap((name) => edgesThatTurned(before, state.desired, name)));
  markServices(parts, [...changed, ...orphansOf(parts)], true);
}

/** A step has ended, and with it what it held up: its service, or whoever uses the object that it was about. */
export function markStep(parts: Marking, { key, service, slot }: Step): void {
  const asking = service === null ? [] : [service];
  if (slot !== null) markServices(parts, asking, true);
  else parts.agenda.mark([...asking, ...usersOf(parts, new Set([key]))], true);
}

/** These services changed: they, those that wait for them, and those that wait for them to go. */
function markServices(parts: Marking, services: readonly ServiceName[], objects = false): void {
  if (services.length === 0 && !objects) return;
  const names = services.flatMap((name) => [name, ...neighboursOf(parts, name)]);
  // A network that is to be made anew waits until nothing is on it, so whoever uses one waits for all the others.
  const renewed = usersOf(parts, networksToRenew(parts));
  parts.agenda.mark([...names, ...renewed], objects || renewed.length > 0);
}

/** The status of these services changed: those that look at it are dirty. */
export function markNeighbours(parts: Marking, services: readonly ServiceName[]): void {
  const neighbours = services.flatMap((name) => neighboursOf(parts, name));
  parts.agenda.mark([...neighbours, ...onlookersOf(parts, services)]);
}

/** Services on Docker that no manifest declares. */
function orphansOf({ state, observer }: Marking): readonly ServiceName[] {
  return [...observer.state.services.keys()].filter((name) => state.desired?.services.has(name) !== true);
}

function neighboursOf(parts: Marking, name: ServiceName): readonly ServiceName[] {
  const { state, observer } = parts;
  const isDeclared = (other: ServiceName): boolean => state.desired?.services.has(other) === true;
  const dependants = state.topology.dependants.get(name) ?? [];
  if (!isDeclared(name)) return [...dependants, ...orphansOf(parts)];
  const labelled = (observer.state.services.get(name) ?? []).flatMap(({ owned }) => owned.dependsOn);
  return [...dependants, ...labelled.filter((other) => !isDeclared(other))];
}

/**
 * Whoever could do without a dependency asks whether it is still on its way; one that waits itself is only as long as what
 * it waits for is, so that they look on through all that wait in between.
 */
function onlookersOf({ state }: Marking, services: readonly ServiceName[]): readonly ServiceName[] {
  const reached = new Set(services);
  const onlookers: ServiceName[] = [];
  // What is added on the way is visited as well.
  for (const name of reached) {
    for (const dependant of state.topology.dependants.get(name) ?? []) {
      const edges = state.desired?.services.get(dependant)?.dependsOn ?? [];
      if (edges.some(({ service, required }) => service === name && !required)) onlookers.push(dependant);
      if (state.statuses.get(dependant)?.reason === 'DependencyNotReady') reached.add(dependant);
    }
  }
  return onlookers;
}

/** Services whose spec asks for one of these objects, or whose containers are tied to one. */
function usersOf({ state, observer }: Marking, objects: ReadonlySet<StepKey>): readonly ServiceName[] {
  if (objects.size === 0) return [];
  const isAmong = (used: readonly StepKey[]): boolean => used.some((key) => objects.has(key));
  const asking = [...(state.desired?.services.values() ?? [])].filter((service) =>
    isAmong(wantedBy(service)),
  );
  const tied = [...observer.state.services].filter(([, containers]) =>
    containers.some((container) => isAmong(heldBy(container))),
  );
  return [...asking.map(({ name }) => name), ...tied.map(([name]) => name)];
}

/** Networks that are declared otherwise than they are: none, nearly always. */
function networksToRenew({ state, observer }: Marking): ReadonlySet<StepKey> {
  const declared = [...(state.desired?.networks.values() ?? [])];
  const isOther = ({ name, external, hash }: DesiredNetwork): boolean => {
    const present = observer.state.networks.get(name)?.hash ?? null;
    return !external && present !== null && present !== hash;
  };
  return new Set(declared.filter(isOther).map(({ name }) => keys.network(name)));
}

const wantedBy = ({ container: { image, networks, mounts } }: DesiredService): readonly StepKey[] => [
  keys.image(image),
  ...networks.map(({ network }) => keys.network(network)),
  ...mounts.flatMap((mount) => (mount.kind === 'volume' ? [keys.volume(mount.volume)] : [])),
];

/** Its image is its own, whatever becomes of the reference that it was made from. */
const heldBy = ({ endpoints, mounts }: ObservedContainer): readonly StepKey[] => [
  ...endpoints.map(({ network }) => keys.network(network)),
  ...mounts.flatMap(({ kind, source }) => (kind === 'volume' ? [keys.volume(source)] : [])),
];

/** Services that one depends on now and did not before, or the other way round. */
function edgesThatTurned(
  before: DesiredState | null,
  after: DesiredState | null,
  name: ServiceName,
): readonly ServiceName[] {
  const edgesOf = (state: DesiredState | null): readonly ServiceName[] =>
    (state?.services.get(name)?.dependsOn ?? []).map(({ service }) => service);
  const [old, fresh] = [edgesOf(before), edgesOf(after)];
  return [...old.filter((other) => !fresh.includes(other)), ...fresh.filter((other) => !old.includes(other))];
}
