/**
 * How many replicas, and which: slots to fill and slots to give up.
 * Owns: the choice of slots. Must not know: how a slot is filled or emptied.
 */
import type { DesiredService } from '../model/desired.js';
import type { ObservedContainer } from '../model/observed.js';
import { isReady } from './readiness.js';
import type { SlotView } from './slots.js';

/** What becomes of the slots of a service. */
export interface Scaling {
  /** Occupied slots that stay, sorted. */
  readonly kept: readonly SlotView[];
  /** Free slots to fill, lowest first. */
  readonly added: readonly number[];
  /** Slots to empty. */
  readonly removed: readonly SlotView[];
}

/** Chooses slots for the declared number of replicas. */
export function scale(service: Pick<DesiredService, 'replicas'>, slots: readonly SlotView[]): Scaling {
  const occupied = slots.filter((slot) => occupantOf(slot) !== null);
  const onlyLeftovers = slots.filter((slot) => occupantOf(slot) === null);
  const tooMany = Math.max(0, occupied.length - service.replicas);
  const removed = new Set([...occupied].sort(byExpendability).slice(0, tooMany));
  const kept = occupied.filter((slot) => !removed.has(slot));
  return {
    kept,
    added: freeSlots(new Set(occupied.map(({ slot }) => slot)), service.replicas - kept.length),
    removed: [...onlyLeftovers, ...removed],
  };
}

/** The container that stands for a slot; null where there are leftovers alone. */
export const occupantOf = (slot: SlotView): ObservedContainer | null => slot.current ?? slot.outdated;

/** Not ready first, then outdated, then oldest first (the order that users of the seed know); equals stay in the order of their slots. */
function byExpendability(a: SlotView, b: SlotView): number {
  return (
    Number(isAnyReady(a)) - Number(isAnyReady(b)) ||
    Number(a.outdated === null) - Number(b.outdated === null) ||
    // Of two that are being replaced the one that has come further stays, however old its new container looks, and the
    // one that tells that the spec has failed, or it would be tried anew.
    Number(a.current !== null) - Number(b.current !== null) ||
    (occupantOf(a)?.createdAt ?? 0) - (occupantOf(b)?.createdAt ?? 0)
  );
}

const isAnyReady = ({ current, outdated }: SlotView): boolean =>
  (current !== null && isReady(current)) || (outdated !== null && isReady(outdated));

function freeSlots(taken: ReadonlySet<number>, count: number): readonly number[] {
  const free: number[] = [];
  for (let slot = 1; free.length < count; slot += 1) if (!taken.has(slot)) free.push(slot);
  return free;
}
