/**
 * The clocks and timers of this machine.
 * Owns: which of Node's clocks stands for which of ours. Must not know: what is timed.
 */
import type { Clock } from '../../controller/ports.js';

/** Longest delay that Node's timers take; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2_147_483_647;

/**
 * The real clock. Its timers keep the process alive, as long as they are not cancelled: whoever waits for one must not
 * be ended by an empty event loop.
 */
export const systemClock: Clock = {
  now: () => ({ monotonicMs: performance.now(), wallMs: Date.now() }),
  after: (delayMs, action) => {
    const timer = setTimeout(action, Math.min(Math.max(0, delayMs), LONGEST_DELAY_MS));
    return () => clearTimeout(timer);
  },
};
