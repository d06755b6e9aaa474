/**
 * Deletion is earned: whether services that no manifest names may go.
 * Owns: the guard. Must not know: how a service is removed.
 */
import type { DesiredState } from '../model/desired.js';
import type { ServiceName } from '../model/ids.js';
import type { ManifestSource } from '../model/labels.js';
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
  } else if (!settings.allowMassPrune) {
    const lost = candidates.flatMap((name) => {
      const message = isNamed(name) ? null : lostEnd(name, desired, observed);
      return message === null ? [] : [[name, message] as const];
    });
    for (const [name, message] of lost) blocked.set(name, message);
    const going = candidates.filter((name) => !blocked.has(name));
    const message = isMass(going, desired, observed) ? massMessage(going) : null;
    if (message !== null) for (const name of going) if (!isNamed(name)) blocked.set(name, message);
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

/**
 * Why a service may have been lost with the end of its file; null: it was taken out. A cut between two documents leaves a
 * good file, and a process that never saw it whole has only what the containers tell of their manifests' places: the file
 * is too short for this one, and holds nothing that stood after it.
 */
function lostEnd(name: ServiceName, desired: DesiredState, observed: ObservedState): string | null {
  const containers = observed.services.get(name) ?? [];
  const lost = containers.flatMap(({ owned: { source } }) =>
    source !== null && isBeyondEnd(source, desired) && !isOutlived(source, desired, observed) ? [source] : [],
  )[0];
  if (lost === undefined) return null;
  return (
    `${name} was manifest ${lost.number} of ${lost.file}, which ends before that now, as if cut off while it was written: ` +
    'write the file whole; if the service is meant to go, leave its manifest there commented out, or name it in a file ' +
    '`.alicia-prune` beside the manifests, or give --allow-mass-prune'
  );
}

const isBeyondEnd = ({ file, number }: ManifestSource, { manifestCounts }: DesiredState): boolean =>
  number > (manifestCounts.get(file) ?? Number.POSITIVE_INFINITY);

/** Whether something that stood after this place is still in the file: no cut leaves that. */
function isOutlived(
  { file, number }: ManifestSource,
  desired: DesiredState,
  observed: ObservedState,
): boolean {
  return [...desired.services.values()].some(
    (service) =>
      service.source.file === file &&
      (observed.services.get(service.name) ?? []).some(
        ({ owned: { source } }) => source?.file === file && source.number > number,
      ),
  );
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
