/**
 * When a container counts as in a loop of crashes.
 * Owns: the figures. Must not know: what follows from it.
 */
import type { ContainerId } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer } from '../model/observed.js';
import type { Crashes } from './memory.js';

/** So many restarts by Docker within {@link CRASH_LOOP_MS} make a loop; it is over after as long without one. */
export const CRASH_LOOP_RESTARTS = 5;
const CRASH_LOOP_MS = 600_000;

/** In a loop, also between two crashes: what has just been started again proves nothing. */
export function isCrashLooping(
  id: ContainerId,
  { crashes }: { readonly crashes: ReadonlyMap<ContainerId, Crashes> },
  { monotonicMs }: Now,
): boolean {
  const endMs = loopEnd(crashes.get(id)?.atMs ?? []);
  return endMs !== null && monotonicMs < endMs;
}

/** When loops of crashes are over unless another crash comes, the earliest of them (monotonic); null: there is none. */
export function crashLoopEnd(
  { crashes }: { readonly crashes: ReadonlyMap<ContainerId, Crashes> },
  { monotonicMs }: Now,
): number | null {
  const ends = [...crashes.values()].flatMap(({ atMs }) => loopEnd(atMs) ?? []);
  const open = ends.filter((endMs) => endMs > monotonicMs);
  return open.length === 0 ? null : Math.min(...open);
}

function loopEnd(atMs: readonly number[]): number | null {
  const [first, last] = [atMs[0], atMs.at(-1)];
  if (atMs.length < CRASH_LOOP_RESTARTS || first === undefined || last === undefined) return null;
  return last - first <= CRASH_LOOP_MS ? last + CRASH_LOOP_MS : null;
}

/**
 * Whether a container that this process sees for the first time is in a loop, by Docker's own figures: it has come back
 * less than ten minutes ago, and since its creation at least every two minutes.
 */
export function isFoundLooping(
  { restartCount, status, startedAt, createdAt }: ObservedContainer,
  { wallMs }: Now,
): boolean {
  if (restartCount < CRASH_LOOP_RESTARTS) return false;
  if (status === 'restarting') return true;
  const upMs = wallMs - (startedAt ?? wallMs);
  const meanMs = ((startedAt ?? wallMs) - createdAt) / restartCount;
  return status === 'running' && upMs < CRASH_LOOP_MS && meanMs <= CRASH_LOOP_MS / CRASH_LOOP_RESTARTS;
}
