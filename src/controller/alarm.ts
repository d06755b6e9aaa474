/**
 * When what is due: many moments, one timer.
 * Owns: the moments and the timer. Must not know: what is due then.
 */
import type { Clock } from './ports.js';

/** Timers of the platform run over beyond 24 days and fire at once; a look in between costs nothing. */
const MAX_TIMER_MS = 3_600_000;

/** Moments by key. */
export interface Alarm<Key> {
  /** Due at `atMs` (monotonic); replaces what was set for the key. Null: never. */
  set(key: Key, atMs: number | null): void;
  /** Nothing is due any more. */
  stop(): void;
}

/** Makes an alarm; `onDue` is told of the keys whose moment has come, each once. */
export function createAlarm<Key>(clock: Clock, onDue: (keys: readonly Key[]) => void): Alarm<Key> {
  const moments = new Map<Key, number>();
  let timer: { readonly atMs: number; readonly cancel: () => void } | null = null;

  const setTimer = (): void => {
    const atMs = Math.min(...moments.values());
    if (timer?.atMs === atMs) return;
    timer?.cancel();
    timer = null;
    if (!Number.isFinite(atMs)) return;
    const delayMs = Math.min(MAX_TIMER_MS, Math.max(0, atMs - clock.now().monotonicMs));
    timer = { atMs, cancel: clock.after(delayMs, onTimer) };
  };

  const onTimer = (): void => {
    timer = null;
    const nowMs = clock.now().monotonicMs;
    const due = [...moments].filter(([, atMs]) => atMs <= nowMs).map(([key]) => key);
    for (const key of due) moments.delete(key);
    setTimer();
    if (due.length > 0) onDue(due);
  };

  return {
    set(key, atMs) {
      if (atMs === null) moments.delete(key);
      else moments.set(key, atMs);
      setTimer();
    },
    stop() {
      timer?.cancel();
      timer = null;
      moments.clear();
    },
  };
}
