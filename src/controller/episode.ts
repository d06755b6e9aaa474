/**
 * From a change to the next fixed point.
 * Owns: what is counted on the way. Must not know: why anything changed.
 */
import type { EventDraft } from '../model/event.js';
import type { ServiceStatus } from '../model/status.js';

/** The count of one way to a fixed point. */
export interface Episode {
  /** Something changed: the way begins, if it has not begun. */
  begin(nowMs: number): void;
  countStep(service: string | null): void;
  /** The event of having arrived; null when no way had begun. */
  end(nowMs: number, statuses: readonly ServiceStatus[]): EventDraft | null;
}

/** Makes a counter that stands still. */
export function createEpisode(): Episode {
  let startedMs: number | null = null;
  let steps = 0;
  let changed = new Set<string>();
  let lastFailure = '';
  return {
    begin(nowMs) {
      startedMs ??= nowMs;
    },
    countStep(service) {
      steps += 1;
      if (service !== null) changed.add(service);
    },
    end(nowMs, statuses) {
      if (startedMs === null) return null;
      const facts = { changed: [...changed].sort(), steps, duration_ms: Math.round(nowMs - startedMs) };
      startedMs = null;
      steps = 0;
      changed = new Set();
      const bad = statuses.filter(({ health }) => health === 'Degraded' || health === 'Missing');
      const message = bad.map((status) => `${status.service}: ${status.reason ?? status.health}`).join('; ');
      const isOldNews = message !== '' && message === lastFailure;
      lastFailure = message;
      if (bad.length === 0) return { type: 'reconcile_completed', facts, cause: 'fixed point' };
      // A retry that fails as before brings nothing new.
      if (isOldNews) return null;
      return { type: 'reconcile_failed', facts: { ...facts, message }, cause: 'fixed point' };
    },
  };
}
