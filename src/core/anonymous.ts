/**
 * Anonymous volumes: which a container has, which its successor is given, which are deleted with it.
 * Owns: telling them from named ones. Must not know: when a container is replaced or removed.
 */
import type { ContainerSpec } from '../model/desired.js';
import type { ObservedContainer, ObservedMount } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import type { CarriedVolume } from '../model/step.js';

/** The form of the names that Docker gives. */
const DOCKERS_NAME = /^[0-9a-f]{64}$/;

/** Mounts of volumes that nobody named, those that were carried over included. */
export function anonymousVolumes({ mounts, owned }: ObservedContainer): readonly ObservedMount[] {
  return mounts.filter(
    ({ kind, source }) =>
      kind === 'volume' && (DOCKERS_NAME.test(source) || owned.anonymous.includes(source)),
  );
}

/** What a new container takes over: the volumes whose places the spec does not fill otherwise. Sorted by target. */
export function carriedTo(spec: ContainerSpec, old: ObservedContainer | null): readonly CarriedVolume[] {
  if (old === null) return [];
  const filled = new Set(spec.mounts.flatMap(({ kind, target }) => (kind === 'anonymous' ? [] : [target])));
  return anonymousVolumes(old)
    .filter(({ target }) => !filled.has(target))
    .map(({ source, target }) => ({ volume: source, target }))
    .sort((a, b) => compareText(a.target, b.target));
}
