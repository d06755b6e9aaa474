/**
 * Virtual time: timers run when they are told to, in their order, and every promise settles in between.
 * Owns: the clock of a simulation. Must not know: what its timers do.
 */
import type { Clock } from '../../../src/controller/ports.js';

/** A clock, and the way to move it. */
export interface VirtualClock extends Clock {
  /** Milliseconds since the beginning. */
  elapsedMs(): number;
  /** Runs what is due next, moving on to its time. False: nothing is ever due. */
  step(): Promise<boolean>;
  /** Runs all that falls due until then. */
  advance(byMs: number): Promise<void>;
}

/** A wall clock of its own over the same time. */
export interface SkewedClock extends Clock {
  /** Somebody sets its wall clock forward, or back where negative. */
  jump(byMs: number): void;
}

/** What wall clocks show at the beginning: 2026-01-31 12:00 UTC. */
export const WALL_START_MS = 1_769_860_800_000;

interface Timer {
  readonly dueMs: number;
  readonly number: number;
  readonly action: () => void;
}

/** A clock at zero. */
export function createVirtualClock(): VirtualClock {
  let nowMs = 0;
  let count = 0;
  const timers = new Map<number, Timer>();

  const next = (): Timer | null => {
    let first: Timer | null = null;
    for (const timer of timers.values()) if (first === null || timer.dueMs < first.dueMs) first = timer;
    return first;
  };
  const run = async (timer: Timer): Promise<void> => {
    timers.delete(timer.number);
    nowMs = Math.max(nowMs, timer.dueMs);
    timer.action();
    await settled();
  };

  return {
    elapsedMs: () => nowMs,
    now: () => ({ monotonicMs: nowMs, wallMs: WALL_START_MS + nowMs }),
    after(delayMs, action) {
      count += 1;
      const number = count;
      timers.set(number, { dueMs: nowMs + Math.max(0, delayMs), number, action });
      return () => timers.delete(number);
    },
    async step() {
      await settled();
      const timer = next();
      if (timer === null) return false;
      await run(timer);
      return true;
    },
    async advance(byMs) {
      const endMs = nowMs + byMs;
      await settled();
      for (let timer = next(); timer !== null && timer.dueMs <= endMs; timer = next()) await run(timer);
      nowMs = endMs;
    },
  };
}

/** The clocks of one machine: time passes as on the other ones, and its wall clock can be set. */
export function createSkewedClock(clock: Clock): SkewedClock {
  let skewMs = 0;
  return {
    now() {
      const { monotonicMs, wallMs } = clock.now();
      return { monotonicMs, wallMs: wallMs + skewMs };
    },
    after: (delayMs, action) => clock.after(delayMs, action),
    jump(byMs) {
      skewMs += byMs;
    },
  };
}

/** Every promise that can settle without a timer has settled. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
