/**
 * Replicas as the decision sees them: the containers of one service, sorted into slots and roles.
 * Owns: which container of a slot is the wanted one, which the outdated one, which too many. Must not know: what to do.
 */
import { roleOfName } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import { isReady } from './readiness.js';
import { isWanted, type Wanted } from './wanted.js';

/** One slot of a service. */
export interface SlotView {
  readonly slot: number;
  /** Of another spec, or kept aside as `-old`: what a rollback would go back to. */
  readonly outdated: ObservedContainer | null;
  /** Of the wanted spec; its name may say `-failed` or `-old`. */
  readonly current: ObservedContainer | null;
  /** Neither: doubles, evidence of a spec that is no longer wanted, half-made leftovers. */
  readonly surplus: readonly ObservedContainer[];
}

/** All containers of a slot. */
export const containersOf = ({ current, outdated, surplus }: SlotView): readonly ObservedContainer[] =>
  [current, outdated, ...surplus].filter((container) => container !== null);

/** Sorts containers into slots; the daemon's list order plays no part. Sorted by slot. */
export function slotsOf(wanted: Wanted, containers: readonly ObservedContainer[]): readonly SlotView[] {
  const bySlot = new Map<number, ObservedContainer[]>();
  for (const container of containers) {
    if (roleOfName(container.name) === 'stuck') continue;
    bySlot.set(container.owned.slot, [...(bySlot.get(container.owned.slot) ?? []), container]);
  }
  return [...bySlot]
    .sort(([a], [b]) => a - b)
    .map(([slot, found]) => viewOf(wanted, slot, found.sort(byPreference)));
}

function viewOf(wanted: Wanted, slot: number, found: readonly ObservedContainer[]): SlotView {
  const good = found.filter((container) => isWanted(container, wanted));
  const current =
    good.find((container) => roleOfName(container.name) === 'plain' && isLive(container)) ??
    good.find((container) => roleOfName(container.name) === 'failed') ??
    good.find((container) => roleOfName(container.name) === 'plain') ??
    good.find((container) => roleOfName(container.name) === 'old') ??
    null;
  const outdated =
    found
      .filter((container) => container !== current && isWorthKeeping(container, wanted))
      .sort(byWorth)[0] ?? null;
  const surplus = found.filter((container) => container !== current && container !== outdated);
  return { slot, outdated, current, surplus };
}

/** What never ran, failed, or is a mere double of the wanted one is nothing to go back to. */
function isWorthKeeping(container: ObservedContainer, wanted: Wanted): boolean {
  const role = roleOfName(container.name);
  const neverRan = container.status === 'created' && container.startedAt === null;
  if (role === 'failed' || neverRan || container.status === 'dead' || container.status === 'removing')
    return false;
  return role === 'old' || !isWanted(container, wanted);
}

/** What was kept aside before what is ready, before the others; the oldest first: it is what is known to have worked. */
function byWorth(a: ObservedContainer, b: ObservedContainer): number {
  const isAside = ({ name }: ObservedContainer): number => Number(roleOfName(name) === 'old');
  return (
    isAside(b) - isAside(a) ||
    Number(isReady(b)) - Number(isReady(a)) ||
    Number(isLive(b)) - Number(isLive(a)) ||
    a.createdAt - b.createdAt ||
    compareText(a.id, b.id)
  );
}

/** Live before dead, newest first, then by id, so that the order is the same whatever Docker's list order. */
function byPreference(a: ObservedContainer, b: ObservedContainer): number {
  return Number(isLive(b)) - Number(isLive(a)) || b.createdAt - a.createdAt || compareText(a.id, b.id);
}
