/**
 * What a service's containers are compared with, gathered from the present state.
 * Owns: gathering it. Must not know: the comparison.
 */
import type { DesiredService } from '../model/desired.js';
import type { ContainerId } from '../model/ids.js';
import { isLive, type ObservedContainer, type ObservedState } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import { emptyServiceMemory, type Memory } from './memory.js';
import { networkServiceOf, type Wanted } from './wanted.js';

/** Everything that makes a container of the service a wanted or an outdated one. */
export function wantedOf(
  service: DesiredService,
  { observed, memory }: { readonly observed: ObservedState; readonly memory: Memory },
): Wanted {
  const sharedWith = networkServiceOf(service);
  const { refused } = memory.services.get(service.name) ?? emptyServiceMemory;
  return {
    service,
    image: observed.images.get(service.container.image) ?? null,
    parents: sharedWith === null ? null : (observed.services.get(sharedWith) ?? []),
    refused,
  };
}

/** The container whose network a new one in this slot shares: its counterpart, else the lowest that runs; null: none. */
export function networkParentFor(
  service: DesiredService,
  slot: number,
  { services }: ObservedState,
): ContainerId | null {
  const sharedWith = networkServiceOf(service);
  if (sharedWith === null) return null;
  const live = (services.get(sharedWith) ?? []).filter(isLive).sort(bySlotThenAge);
  return (live.find(({ owned }) => owned.slot === slot) ?? live[0])?.id ?? null;
}

/** The newest of a slot first: the older one of a pair is about to go. */
const bySlotThenAge = (a: ObservedContainer, b: ObservedContainer): number =>
  a.owned.slot - b.owned.slot || b.createdAt - a.createdAt || compareText(a.id, b.id);
