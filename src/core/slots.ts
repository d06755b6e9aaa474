/**
 * Replicas as the decision sees them: the containers of one service, sorted into slots and roles.
 * Owns: which container of a slot is the wanted one, which the outdated one, which too many. Must not know: what to do.
 */
import type { DesiredService } from '../model/desired.js';
import { isCurrentHashVersion, roleOfName } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { compareText } from '../model/problem.js';

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

/** Whether a container is of the wanted spec. A hash of a form that is not known any more counts as current. */
export function hasWantedSpec(container: ObservedContainer, service: DesiredService): boolean {
  return container.owned.hash === service.hash || !isCurrentHashVersion(container.owned.hash);
}

/** Sorts containers into slots; the daemon's list order plays no part. Sorted by slot. */
export function slotsOf(
  service: DesiredService,
  containers: readonly ObservedContainer[],
): readonly SlotView[] {
  const bySlot = new Map<number, ObservedContainer[]>();
  for (const container of containers) {
    if (roleOfName(container.name) === 'stuck') continue;
    bySlot.set(container.owned.slot, [...(bySlot.get(container.owned.slot) ?? []), container]);
  }
  return [...bySlot]
    .sort(([a], [b]) => a - b)
    .map(([slot, found]) => viewOf(service, slot, found.sort(byPreference)));
}

function viewOf(service: DesiredService, slot: number, found: readonly ObservedContainer[]): SlotView {
  const wanted = found.filter((container) => hasWantedSpec(container, service));
  const current =
    wanted.find((container) => roleOfName(container.name) === 'plain' && isLive(container)) ??
    wanted.find((container) => roleOfName(container.name) === 'failed') ??
    wanted.find((container) => roleOfName(container.name) === 'plain') ??
    wanted.find((container) => roleOfName(container.name) === 'old') ??
    null;
  const rest = found.filter((container) => container !== current && isWorthKeeping(container, service));
  const outdated =
    rest.find((container) => roleOfName(container.name) === 'old') ??
    rest.find((container) => isLive(container)) ??
    rest[0] ??
    null;
  const surplus = found.filter((container) => container !== current && container !== outdated);
  return { slot, outdated, current, surplus };
}

/** What never ran, failed, or is a mere double of the wanted one is nothing to go back to. */
function isWorthKeeping(container: ObservedContainer, service: DesiredService): boolean {
  const role = roleOfName(container.name);
  const neverRan = container.status === 'created' && container.startedAt === null;
  if (role === 'failed' || neverRan || container.status === 'dead') return false;
  return role === 'old' || !hasWantedSpec(container, service);
}

/** Live before dead, newest first, then by id, so that the order is the same whatever Docker's list order. */
function byPreference(a: ObservedContainer, b: ObservedContainer): number {
  return Number(isLive(b)) - Number(isLive(a)) || b.createdAt - a.createdAt || compareText(a.id, b.id);
}
