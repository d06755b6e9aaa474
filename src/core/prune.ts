/**
 * Deletion is earned: whether services that no manifest names may go.
 * Owns: the guard. Must not know: how a service is removed.
 */
import type { DesiredState } from '../model/desired.js';
import type { ServiceName } from '../model/ids.js';
import type { ObservedState } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import type { Settings } from './context.js';

/** What may go, and what may not and why. */
export interface PruneVerdict {
  readonly allowed: ReadonlySet<ServiceName>;
  /** Kept although no manifest names them, with the sentence that says why and what to do. */
  readonly blocked: ReadonlyMap<ServiceName, string>;
  /** Seen missing only once: look again. */
  readonly isUnconfirmed: boolean;
}

/** Services that Docker holds for the project and no manifest names, sorted. Those in error are not among them. */
export function orphansOf(desired: DesiredState, observed: ObservedState): readonly ServiceName[] {
  return [...observed.services]
    .filter(
      ([name, containers]) =>
        containers.length > 0 && !desired.services.has(name) && !desired.rejected.has(name),
    )
    .map(([name]) => name)
    .sort(compareText);
}

/** Decides over all orphans at once. */
export function judgePrune(desired: DesiredState, observed: ObservedState, settings: Settings): PruneVerdict {
  const orphans = orphansOf(desired, observed);
  if (settings.takeDown) return { allowed: new Set(orphans), blocked: new Map(), isUnconfirmed: false };
  const isNamed = (name: ServiceName): boolean =>
    settings.mayBePruned.includes('*') || settings.mayBePruned.includes(name);
  const blocked = new Map<ServiceName, string>();
  for (const name of orphans) {
    const why = reasonToKeep(name, desired, observed);
    if (why !== null) blocked.set(name, why);
  }
  const candidates = orphans.filter((name) => !blocked.has(name));
  if (desired.absence.kind === 'blocked') {
    const { message } = desired.absence;
    for (const name of candidates) if (!isNamed(name)) blocked.set(name, message);
  } else if (!settings.allowMassPrune && isMass(candidates, desired, observed)) {
    const message = massMessage(candidates);
    for (const name of candidates) if (!isNamed(name)) blocked.set(name, message);
  }
  const free = candidates.filter((name) => !blocked.has(name));
  const isUnconfirmed = desired.absence.kind === 'unconfirmed' && free.some((name) => !isNamed(name));
  return { allowed: new Set(isUnconfirmed ? [] : free), blocked, isUnconfirmed };
}

function reasonToKeep(name: ServiceName, desired: DesiredState, observed: ObservedState): string | null {
  const containers = observed.services.get(name) ?? [];
  if (containers.some(({ owned }) => !owned.prune)) {
    return `${name} has no manifest any more but was declared with prune: false; remove its containers by hand if it should go`;
  }
  const requiredBy = [...desired.services.values()]
    .filter(({ dependsOn }) =>
      dependsOn.some((dependency) => dependency.required && dependency.service === name),
    )
    .map((service) => service.name)
    .sort(compareText);
  if (requiredBy.length === 0) return null;
  return `${name} has no manifest any more but ${requiredBy.join(', ')} still requires it; bring its manifest back or drop the dependency`;
}

/** More than one, and more than half of what Docker holds; services at `replicas: 0` do not count. */
function isMass(candidates: readonly ServiceName[], desired: DesiredState, observed: ObservedState): boolean {
  if (candidates.length <= 1) return false;
  const held = [...observed.services].filter(
    ([name, containers]) => containers.length > 0 && desired.services.get(name)?.replicas !== 0,
  );
  return candidates.length * 2 > held.length;
}

function massMessage(candidates: readonly ServiceName[]): string {
  return (
    `more than half of the services would go at once (${candidates.join(', ')}); if that is meant, list them in a file ` +
    '`.alicia-prune` beside the manifests (one a line, `*` = all) or give --allow-mass-prune'
  );
}
