/**
 * The bounds and periods that controllers of tests live with: those of `config.ts`.
 */
import type { ControllerLimits } from '../../src/controller/api.js';

/** In milliseconds, but for the number of calls at once. */
export const LIMITS: ControllerLimits = {
  concurrency: 8,
  resyncMs: 30_000,
  rescanMs: 30_000,
  callMs: 30_000,
  startMs: 120_000,
  stopSlackMs: 20_000,
  pullIdleMs: 300_000,
};
