/**
 * What has been taken note of, and what is other since.
 * Owns: finding out by itself which objects changed, so that whoever brings a change need not name it and cannot forget to.
 * Must not know: what follows from a change.
 */
import type { DesiredState } from '../model/desired.js';
import type { ServiceName, StepKey } from '../model/ids.js';
import type { ObservedState } from '../model/observed.js';
import { keys } from '../model/step.js';

/** Networks, volumes and images by the key that steps about them have, each as one text. */
export type NotedObjects = ReadonlyMap<StepKey, string>;

/** What was last taken note of. */
export interface Noted {
  objects: NotedObjects;
  /** Services that had any container. */
  readonly present: Set<ServiceName>;
}

/** Nothing was looked at yet. */
export const createNoted = (): Noted => ({ objects: new Map(), present: new Set() });

/** Takes note of all objects; returns those that came, went, or are other than before. */
export function noteObjects(noted: Noted, observed: ObservedState): ReadonlySet<StepKey> {
  const before = noted.objects;
  noted.objects = observedObjects(observed);
  return differing(before, noted.objects);
}

/** Takes note of whether services have containers; returns those of which the first came or the last went. */
export function notePresence(
  { present }: Noted,
  observed: ObservedState,
  services: Iterable<ServiceName>,
): readonly ServiceName[] {
  const turned = [...services].filter((name) => observed.services.has(name) !== present.has(name));
  for (const name of turned) {
    if (!present.delete(name)) present.add(name);
  }
  return turned;
}

/** The keys of what is in one of two only, or other in both. */
export function differing(before: NotedObjects, after: NotedObjects): ReadonlySet<StepKey> {
  return new Set([...before.keys(), ...after.keys()].filter((key) => before.get(key) !== after.get(key)));
}

/** The networks and volumes that manifests declare; null: nothing is declared yet. */
export function declaredObjects(desired: DesiredState | null): NotedObjects {
  return new Map([
    ...textsOf(desired?.networks ?? [], keys.network),
    ...textsOf(desired?.volumes ?? [], keys.volume),
  ]);
}

function observedObjects({ networks, volumes, images }: ObservedState): NotedObjects {
  return new Map([
    ...textsOf(networks, keys.network),
    ...textsOf(volumes, keys.volume),
    ...textsOf(images, keys.image),
  ]);
}

function textsOf(
  objects: Iterable<readonly [string, unknown]>,
  keyOf: (name: string) => StepKey,
): readonly (readonly [StepKey, string])[] {
  return [...objects].map(([name, value]) => [keyOf(name), JSON.stringify(value)]);
}
