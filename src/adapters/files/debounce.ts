/**
 * Gathering many hints into one.
 * Owns: the quiet time. Must not know: what is hinted at.
 */
import type { Clock } from '../../controller/ports.js';

/** How long to gather. */
export interface DebounceOptions {
  readonly clock: Clock;
  /** So long without a hint ends the gathering, ... */
  readonly quietMs: number;
  /** ... and so long after the first hint it ends however many come. */
  readonly maxQuietMs: number;
}

/** Hints go in, `fire` comes out. */
export interface Debounce {
  hint(): void;
  /** Forgets what was gathered. */
  cancel(): void;
}

/** Calls `fire` once for each run of hints. */
export function createDebounce({ clock, quietMs, maxQuietMs }: DebounceOptions, fire: () => void): Debounce {
  let firstMs: number | null = null;
  let cancelTimer = (): void => undefined;
  return {
    hint: () => {
      const nowMs = clock.now().monotonicMs;
      firstMs ??= nowMs;
      cancelTimer();
      const delayMs = Math.max(0, Math.min(quietMs, firstMs + maxQuietMs - nowMs));
      cancelTimer = clock.after(delayMs, () => {
        firstMs = null;
        fire();
      });
    },
    cancel: () => {
      firstMs = null;
      cancelTimer();
    },
  };
}
