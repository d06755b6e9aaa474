/**
 * Removing a service whose manifest is gone: dependants first, what runs is stopped first, what is stuck goes last.
 * Owns: the order, read from labels and states. Must not know: whether it may go (the guard says so), what has failed.
 */
import type { Graph } from '../model/graph.js';
import { reachableFrom } from '../model/graph.js';
import type { ServiceName } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import { isLive, type ObservedContainer, type ObservedState } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import { keys, type StepOf } from '../model/step.js';
import { graceOf, volumesWith } from './move.js';

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

/** What removal is made of. */
export type RemovalStep = StepOf<'stopContainer'> | StepOf<'removeContainer'>;

/**
 * The next step for each container, by slot. A slot takes one step at a time: the first that nothing holds back, so that
 * a container that will not go keeps no other from going.
 */
export function removalSteps(
  containers: readonly ObservedContainer[],
  cause: string,
): readonly (readonly RemovalStep[])[] {
  const slots = [...new Set(containers.map(({ owned }) => owned.slot))].sort((a, b) => a - b);
  return slots.map((slot) =>
    containers
      .filter(({ owned, status, isSilent }) => owned.slot === slot && status !== 'removing' && !isSilent)
      .sort(byEase)
      .map((container) => removalStep(container, cause)),
  );
}

/** What is stuck last: its stop takes long, and is in vain as a rule. */
function byEase(a: ObservedContainer, b: ObservedContainer): number {
  const isStuck = ({ name }: ObservedContainer): number => Number(roleOfName(name) === 'stuck');
  return isStuck(a) - isStuck(b) || Number(isLive(b)) - Number(isLive(a)) || compareText(a.id, b.id);
}

function removalStep(container: ObservedContainer, cause: string): RemovalStep {
  const { id, name, owned } = container;
  const { service, slot } = owned;
  const base = { key: keys.replica(service, slot), service, slot, cause, id, name };
  return isLive(container)
    ? { ...base, kind: 'stopContainer', graceMs: graceOf(container), isVerdict: false }
    : { ...base, kind: 'removeContainer', ...volumesWith(container, 'all') };
}
