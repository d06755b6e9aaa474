/**
 * How what runs in a simulated container behaves.
 * Owns: when its process ends, and when its check succeeds. Must not know: Docker's word on its health.
 */

/** How what runs inside a container behaves. Times are milliseconds of its own running: a pause does not count. */
export interface Behaviour {
  /** It ends by itself so long after its start; null: never. */
  readonly exit: { readonly afterMs: number; readonly code: number } | null;
  /** Its check succeeds from so long after its start on; null: never. */
  readonly healthyAfterMs: number | null;
  /** Its check fails again from so long after its start on, in the first run only; absent: never. */
  readonly sickAfterMs?: number;
  /** From the first success on its check succeeds for a while, fails for a while, and so on; absent: it does not. */
  readonly flaps?: { readonly wellMs: number; readonly illMs: number };
  /** How long it takes to end when asked to; null: it does not listen. */
  readonly stopMs: number | null;
  /** Its exit code when it ends because it was asked to. Default 0. */
  readonly stopCode?: number;
}

/** When the check of one run succeeds, as a function of how long the process has run. */
export interface Wellness {
  isWellAt(ranMs: number): boolean;
  /** When it is next otherwise than at `ranMs`; null: never. */
  changeAfter(ranMs: number): number | null;
}

/** The wellness of one run. */
export function wellnessOf(behaviour: Behaviour, isFirstRun: boolean): Wellness {
  const { healthyAfterMs, sickAfterMs, flaps } = behaviour;
  if (healthyAfterMs === null) return { isWellAt: () => false, changeAfter: () => null };
  const endMs = isFirstRun ? (sickAfterMs ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const isWellAt = (ranMs: number): boolean => {
    if (ranMs < healthyAfterMs || ranMs >= endMs) return false;
    return flaps === undefined || (ranMs - healthyAfterMs) % (flaps.wellMs + flaps.illMs) < flaps.wellMs;
  };
  const flapAfter = (ranMs: number): number => {
    if (flaps === undefined) return endMs;
    const periodMs = flaps.wellMs + flaps.illMs;
    const periodAt = ranMs - ((ranMs - healthyAfterMs) % periodMs);
    return isWellAt(ranMs) ? periodAt + flaps.wellMs : periodAt + periodMs;
  };
  return {
    isWellAt,
    changeAfter(ranMs) {
      if (ranMs >= endMs) return null;
      const changeMs = ranMs < healthyAfterMs ? healthyAfterMs : Math.min(endMs, flapAfter(ranMs));
      return changeMs === Number.POSITIVE_INFINITY ? null : changeMs;
    },
  };
}
