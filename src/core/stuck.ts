/**
 * Containers that neither run nor end: dead, or restarting for ever.
 * Owns: when one counts as stuck, how it is put aside, and what it keeps from being started. Must not know: slots.
 */
import type { DesiredService } from '../model/desired.js';
import type { ContainerId } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer } from '../model/observed.js';
import { keys, type Step } from '../model/step.js';
import type { Motion, ServiceMemory } from './memory.js';
import { graceOf, type Move } from './move.js';

/** Docker's longest pause before a restart is a minute; twice that without a move is no pause any more. */
export const STUCK_AFTER_MS = 120_000;

/** Brought up to what is seen: since when a restarting container has not moved on. */
export function motionsSeen(
  before: ReadonlyMap<ContainerId, Motion>,
  containers: readonly ObservedContainer[],
  { monotonicMs }: Now,
): ReadonlyMap<ContainerId, Motion> {
  return new Map(
    containers
      .filter(({ status }) => status === 'restarting')
      .map(({ id, startedAt, restartCount }) => {
        const seen = before.get(id);
        const isSame = seen?.startedAt === startedAt && seen.restartCount === restartCount;
        return [id, isSame ? seen : { startedAt, restartCount, sinceMs: monotonicMs }] as const;
      }),
  );
}

/** Puts a stuck container aside by its name, so that its slot can be filled; null: it is not stuck, or aside already. */
export function stuckMove(
  target: ObservedContainer,
  { motions }: Pick<ServiceMemory, 'motions'>,
  { monotonicMs }: Now,
): Move | null {
  const role = roleOfName(target.name);
  // Dead evidence is evidence still.
  if (role === 'stuck' || role === 'failed') return null;
  const motion = motions.get(target.id);
  const isStill = motion !== undefined && monotonicMs - motion.sinceMs >= STUCK_AFTER_MS;
  if (target.status !== 'dead' && !isStill) return null;
  const to = `${target.name}-stuck-${target.id.slice(0, 4)}`;
  const why =
    target.status === 'dead'
      ? 'it is dead: Docker could not remove it'
      : 'it restarts for ever: Docker lost it';
  return { do: 'rename', target, to, why };
}

/** When a restarting container will count as stuck, the earliest of them (monotonic); null: none is on its way to that. */
export function stuckCheckAt(
  { motions }: Pick<ServiceMemory, 'motions'>,
  { monotonicMs }: Now,
): number | null {
  const times = [...motions.values()].map(({ sinceMs }) => sinceMs + STUCK_AFTER_MS);
  const coming = times.filter((atMs) => atMs > monotonicMs);
  return coming.length === 0 ? null : Math.min(...coming);
}

/** Containers put aside as stuck, in order of their names. */
export const stuckAmong = (containers: readonly ObservedContainer[]): readonly ObservedContainer[] =>
  containers.filter(({ name }) => roleOfName(name) === 'stuck').sort((a, b) => (a.name < b.name ? -1 : 1));

/** Why a stuck container keeps others from being started: its process lives, and they would share a port or data; null: it does not. */
export function heldByStuck(
  { container }: DesiredService,
  containers: readonly ObservedContainer[],
): string | null {
  const alive = stuckAmong(containers).find(({ pid }) => pid > 0);
  const shares =
    container.ports.some(({ hostPorts }) => hostPorts !== null) ||
    container.mounts.some(({ kind, readOnly }) => kind !== 'anonymous' && !readOnly);
  if (alive === undefined || !shares) return null;
  return `container ${alive.name} is stuck with a live process that holds its ports and data: restart Docker, or end process ${alive.pid}`;
}

/**
 * What was put aside and can be ended now is: what runs again (its daemon was restarted) is stopped, what has come to rest
 * is removed, again and again with a back-off.
 */
export function stuckRemovals(
  service: DesiredService,
  containers: readonly ObservedContainer[],
): readonly Step[] {
  return stuckAmong(containers).flatMap((container): readonly Step[] => {
    const { id, name, owned, status } = container;
    const base = {
      key: keys.leftover(id),
      service: service.name,
      slot: owned.slot,
      cause: 'it was stuck',
      id,
      name,
    };
    if (status === 'running')
      return [{ ...base, kind: 'stopContainer', graceMs: graceOf(container), isVerdict: false }];
    if (status !== 'exited' && status !== 'created' && status !== 'dead') return [];
    return [{ ...base, kind: 'removeContainer', withVolumes: false, carried: [] }];
  });
}
