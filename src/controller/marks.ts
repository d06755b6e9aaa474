/**
 * What a change makes dirty.
 * Owns: whose decision a change can alter. Must not know: decisions.
 */
import { everyService } from '../core/forecast.js';
import type { ServiceName } from '../model/ids.js';
import type { Change } from './observed-store.js';
import { contextOf, type Parts } from './parts.js';

/** Everything is looked at again. */
export function markAll(parts: Parts): void {
  const context = contextOf(parts);
  if (context !== null) parts.agenda.mark(everyService(context), true);
}

/** Something on the engine changed. */
export function markChange(parts: Parts, { services, objects }: Change): void {
  if (parts.state.desired === null || (services.length === 0 && !objects)) return;
  if (objects) markAll(parts);
  else markServices(parts, services);
}

/** These services changed: they, those that wait for them, and those that wait for them to go. */
export function markServices(parts: Parts, services: readonly ServiceName[], objects = false): void {
  parts.agenda.mark(
    services.flatMap((name) => [name, ...neighboursOf(parts, name)]),
    objects,
  );
}

/** The status of these services changed: those that look at it are dirty. */
export function markNeighbours(parts: Parts, services: readonly ServiceName[]): void {
  parts.agenda.mark(services.flatMap((name) => neighboursOf(parts, name)));
}

/** Services on Docker that no manifest declares. */
export function orphansOf({ state, observer }: Parts): readonly ServiceName[] {
  return [...observer.state.services.keys()].filter((name) => state.desired?.services.has(name) !== true);
}

function neighboursOf(parts: Parts, name: ServiceName): readonly ServiceName[] {
  const { state, observer } = parts;
  const isDeclared = (other: ServiceName): boolean => state.desired?.services.has(other) === true;
  const dependants = state.topology.dependants.get(name) ?? [];
  if (!isDeclared(name)) return [...dependants, ...orphansOf(parts)];
  const labelled = (observer.state.services.get(name) ?? []).flatMap(({ owned }) => owned.dependsOn);
  return [...dependants, ...labelled.filter((other) => !isDeclared(other))];
}
