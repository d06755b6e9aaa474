/**
 * A clock that moves when it is told to.
 * Owns: timers in virtual time.
 */
import type { Clock } from '../../../src/controller/ports.js';

/** A clock, and the way to move it. */
export interface VirtualClock extends Clock {
  /** Moves on, running what falls due in its order. */
  advance(byMs: number): void;
}

/** A clock at zero. */
export function createVirtualClock(): VirtualClock {
  let nowMs = 0;
  const timers = new Map<number, { readonly dueMs: number; readonly action: () => void }>();
  let next = 0;
  return {
    now: () => ({ monotonicMs: nowMs, wallMs: nowMs }),
    after: (delayMs, action) => {
      const id = next;
      next += 1;
      timers.set(id, { dueMs: nowMs + delayMs, action });
      return () => timers.delete(id);
    },
    advance: (byMs) => {
      const endMs = nowMs + byMs;
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.dueMs <= endMs);
        const [first] = due.sort(([, a], [, b]) => a.dueMs - b.dueMs);
        if (first === undefined) break;
        timers.delete(first[0]);
        nowMs = first[1].dueMs;
        first[1].action();
      }
      nowMs = endMs;
    },
  };
}
