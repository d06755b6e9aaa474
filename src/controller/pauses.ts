/**
 * Pauses that can all be ended at once, so that nothing waits for a timer when the controller stops.
 * Owns: the pauses under way. Must not know: what is waited for.
 */
import type { Clock } from './ports.js';

/** Pauses of one owner. */
export interface Pauses {
  /** Resolves when the time has passed, or all pauses are ended. */
  wait(durationMs: number): Promise<void>;
  endAll(): void;
}

/** Makes pauses; none is under way. */
export function createPauses(clock: Clock): Pauses {
  const underWay = new Set<() => void>();
  return {
    wait: (durationMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          cancel();
          underWay.delete(end);
          resolve();
        };
        const cancel = clock.after(durationMs, end);
        underWay.add(end);
      }),
    endAll() {
      for (const end of [...underWay]) end();
    },
  };
}
