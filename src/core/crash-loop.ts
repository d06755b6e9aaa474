/**
 * When a container counts as in a loop of crashes.
 * Owns: the figures. Must not know: what follows from it.
 */
import type { ContainerId } from '../model/ids.js';
import type { Now } from '../model/now.js';
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
  const atMs = crashes.get(id)?.atMs ?? [];
  const [first, last] = [atMs[0], atMs.at(-1)];
  if (atMs.length < CRASH_LOOP_RESTARTS || first === undefined || last === undefined) return false;
  return last - first <= CRASH_LOOP_MS && monotonicMs - last < CRASH_LOOP_MS;
}
