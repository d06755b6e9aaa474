/**
 * Removing a service whose manifest is gone: dependants first, what runs is stopped first.
 * Owns: the order, read from labels. Must not know: whether it may go (the guard says so).
 */
import type { Graph } from '../model/graph.js';
import { reachableFrom } from '../model/graph.js';
import type { ServiceName } from '../model/ids.js';
import { isLive, type ObservedContainer, type ObservedState } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import type { Move } from './move.js';

/** Going services that must be gone before this one, sorted; empty: it may go now. */
export function goesAfter(
  name: ServiceName,
  observed: ObservedState,
  isGoing: (name: ServiceName) => boolean,
): readonly ServiceName[] {
  const graph: Graph<ServiceName> = new Map(
    [...observed.services]
      .filter(([service, containers]) => containers.length > 0 && isGoing(service))
      .map(([service, containers]) => [
        service,
        [...new Set(containers.flatMap(({ owned }) => owned.dependsOn))],
      ]),
  );
  const needs = reachableFrom(graph, name);
  // Labels of different revisions can close a circle; an edge of a circle orders nothing.
  return [...graph]
    .filter(([service, dependsOn]) => service !== name && dependsOn.includes(name) && !needs.has(service))
    .map(([service]) => service)
    .sort(compareText);
}

/** One move per slot. */
export function removalMoves(
  containers: readonly ObservedContainer[],
  why: string,
): readonly { readonly slot: number; readonly move: Move; readonly target: ObservedContainer }[] {
  const slots = [...new Set(containers.map(({ owned }) => owned.slot))].sort((a, b) => a - b);
  return slots.flatMap((slot) => {
    const target = containers
      .filter(({ owned, status, isSilent }) => owned.slot === slot && status !== 'removing' && !isSilent)
      .sort((a, b) => Number(isLive(b)) - Number(isLive(a)) || compareText(a.id, b.id))[0];
    if (target === undefined) return [];
    return [{ slot, target, move: { do: isLive(target) ? 'stop' : 'remove', target, why } as const }];
  });
}
