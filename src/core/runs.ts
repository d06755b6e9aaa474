/**
 * How long containers have been up, whatever anybody sets the clocks to.
 * Owns: the runs that were seen, and since when. Must not know: what follows from it.
 */
import type { ContainerId } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer } from '../model/observed.js';

/** One run of a container, as this process has seen it. */
export interface Run {
  /** Docker's time of its start; null: it has never run. */
  readonly startedAt: number | null;
  /** Monotonic; first seen then. */
  readonly sinceMs: number;
  /** How old it was by then. */
  readonly ageMs: number;
}

/** What the age of a run is known from. */
export interface RunFacts {
  readonly memory: { readonly runs: ReadonlyMap<ContainerId, Run> };
  readonly now: Now;
}

/**
 * The runs of the containers, brought up to what is seen. Of a container that was there before, a new run has only just
 * begun; only where this process has not seen its beginning is Docker's time of the start compared with the wall clock.
 */
export function runsSeen(
  before: ReadonlyMap<ContainerId, Run>,
  containers: readonly ObservedContainer[],
  now: Now,
): ReadonlyMap<ContainerId, Run> {
  return new Map(
    containers.map(({ id, startedAt }) => {
      const seen = before.get(id);
      if (seen !== undefined && seen.startedAt === startedAt) return [id, seen] as const;
      const ageMs = seen === undefined ? ageByClocks(startedAt, now) : 0;
      return [id, { startedAt, sinceMs: now.monotonicMs, ageMs }] as const;
    }),
  );
}

/** How long it has been up; 0 when it has never run. Never negative, and never moved by a clock that is set. */
export function upForMs(
  { id, startedAt }: Pick<ObservedContainer, 'id' | 'startedAt'>,
  { memory, now }: RunFacts,
): number {
  const run = memory.runs.get(id);
  if (run === undefined || run.startedAt !== startedAt) return ageByClocks(startedAt, now);
  return startedAt === null ? 0 : run.ageMs + now.monotonicMs - run.sinceMs;
}

const ageByClocks = (startedAt: number | null, { wallMs }: Now): number =>
  startedAt === null ? 0 : Math.max(0, wallMs - startedAt);
