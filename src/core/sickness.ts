/**
 * Replicas that are unhealthy: how often they were restarted for it, and when they are next.
 * Owns: the back-off and its memory. Must not know: other reasons for a restart.
 */
import type { DesiredService } from '../model/desired.js';
import type { ContainerId } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer } from '../model/observed.js';
import { isReady, isUnhealthy } from './readiness.js';

/** What is remembered of a container that was unhealthy. Times are monotonic. */
export interface Sickness {
  /** Restarts that we made because of it. */
  readonly restarts: number;
  /** The run that it was last unhealthy in: Docker's start time. Null: the one of our restart, and well so far. */
  readonly startedAt: number | null;
  /** Unhealthy in this run since then; null: it is not now. */
  readonly sinceMs: number | null;
  /** Ready without a break since then; null: it is not. */
  readonly readySinceMs: number | null;
}

/** kubelet: 10 s·2ⁿ to 300 s; forgotten after ten minutes of health. */
const FIRST_MS = 10_000;
const MAX_MS = 300_000;
const FORGET_MS = 600_000;
/** Share by which the delay differs from container to container, so that replicas do not restart in step. */
const JITTER = 0.1;

/** Brought up to what is seen. */
export function sicknessesSeen(
  before: ReadonlyMap<ContainerId, Sickness>,
  containers: readonly ObservedContainer[],
  options: { readonly service: DesiredService; readonly now: Now },
): ReadonlyMap<ContainerId, Sickness> {
  return new Map(
    containers.flatMap((container): readonly (readonly [ContainerId, Sickness])[] => {
      const next = sicknessSeen(before.get(container.id) ?? null, container, options);
      return next === null ? [] : [[container.id, next]];
    }),
  );
}

function sicknessSeen(
  before: Sickness | null,
  container: ObservedContainer,
  { service, now: { monotonicMs } }: { readonly service: DesiredService; readonly now: Now },
): Sickness | null {
  const { startedAt } = container;
  const isSameRun = before?.startedAt === startedAt;
  if (isUnhealthy(container)) {
    const sinceMs = (isSameRun ? before?.sinceMs : null) ?? monotonicMs;
    return { restarts: before?.restarts ?? 0, startedAt, sinceMs, readySinceMs: null };
  }
  if (before === null) return null;
  if (!isReady(container)) return { ...before, sinceMs: null, readySinceMs: null };
  // Given up, started by somebody else, and well: that is a new beginning. What our own restart began is none.
  if (isGivenUp(before, service) && before.startedAt !== null && !isSameRun) return null;
  const readySinceMs = before.readySinceMs ?? monotonicMs;
  return monotonicMs - readySinceMs >= FORGET_MS ? null : { ...before, sinceMs: null, readySinceMs };
}

/** After a restart of ours, for whatever reason it was made. */
export const afterRestart = (sickness: Sickness): Sickness => ({
  ...sickness,
  restarts: sickness.restarts + 1,
  startedAt: null,
  sinceMs: null,
});

/** `max_attempts` are used up. */
export const isGivenUp = ({ restarts }: Sickness, { maxAttempts }: DesiredService): boolean =>
  maxAttempts !== null && restarts >= maxAttempts;

/** Milliseconds from the first look that found it unhealthy to its restart. */
export function restartDelayMs(id: ContainerId, restarts: number): number {
  const delayMs = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(restarts, 16));
  return Math.round(delayMs * (1 + JITTER * spread(`${id} ${restarts}`)));
}

/** A number from −1 to 1 that is the same for the same text. */
function spread(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return (hash % 2001) / 1000 - 1;
}
