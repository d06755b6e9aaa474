/**
 * What a service's containers are compared with, gathered from the present state.
 * Owns: gathering it. Must not know: the comparison.
 */
import type { DesiredService } from '../model/desired.js';
import type { ContainerId } from '../model/ids.js';
import { isLive, type ObservedContainer, type ObservedState } from '../model/observed.js';
import { type Backoff, emptyServiceMemory, type Memory } from './memory.js';
import { networkServiceOf, type Wanted } from './wanted.js';

/** So often in a row the engine may fail at an update before that counts as a refusal. */
const FAILURES_THAT_REFUSE = 3;

/** Everything that makes a container of the service a wanted or an outdated one. */
export function wantedOf(
  service: DesiredService,
  { observed, memory }: { readonly observed: ObservedState; readonly memory: Memory },
): Wanted {
  const sharedWith = networkServiceOf(service);
  const { backoffs } = memory.services.get(service.name) ?? emptyServiceMemory;
  const refused = [...backoffs.values()].flatMap((backoff) =>
    backoff.kind === 'updateContainer' && backoff.container !== null && isRefusal(backoff)
      ? [backoff.container]
      : [],
  );
  return {
    service,
    image: observed.images.get(service.container.image) ?? null,
    parents: sharedWith === null ? null : (observed.services.get(sharedWith) ?? []),
    updateRefused: new Set(refused),
  };
}

/** The daemon does not take the change, or keeps failing to make it. */
const isRefusal = ({ failure, failures }: Backoff): boolean =>
  failure.code === 'rejected' || (failure.code === 'engine' && failures >= FAILURES_THAT_REFUSE);

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
  a.owned.slot - b.owned.slot || b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1);
