/**
 * What is dirty, and when to look again.
 * Owns: the set of dirty services and one timer. Must not know: what a look finds.
 */
import type { Dirty } from '../core/decide.js';
import type { ServiceName } from '../model/ids.js';
import type { Clock } from './ports.js';

/** Timers of the platform run over beyond 24 days and fire at once; a look in between costs nothing. */
const MAX_TIMER_MS = 3_600_000;

/** The agenda of the loop. */
export interface Agenda {
  /** Calls for a pass soon. */
  mark(services: Iterable<ServiceName>, objects?: boolean): void;
  /** Calls for a look at `atMs` (monotonic); replaces what was planned for the service. Null: none. */
  plan(service: ServiceName, atMs: number | null): void;
  planObjects(atMs: number | null): void;
  /** Takes all that is dirty now. */
  take(): Dirty;
  isEmpty(): boolean;
  stop(): void;
}

/**
 * Makes an agenda; `onDue` is called, never at once, when something is dirty. What is due because its time has come is
 * looked at first, by `refresh`: an event that was lost must not make what is well look late.
 */
export function createAgenda(
  clock: Clock,
  onDue: () => void,
  refresh: (services: readonly ServiceName[]) => Promise<void> = async () => {},
): Agenda {
  let services = new Set<ServiceName>();
  let objects = false;
  const planned = new Map<ServiceName | null, number>();
  let cancelPass: (() => void) | null = null;
  let looking = 0;
  let isStopped = false;
  let timer: { readonly atMs: number; readonly cancel: () => void } | null = null;

  const requestPass = (): void => {
    cancelPass ??= clock.after(0, () => {
      cancelPass = null;
      onDue();
    });
  };

  const setTimer = (): void => {
    const atMs = Math.min(...planned.values());
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
    const due: ServiceName[] = [];
    for (const [name, atMs] of [...planned]) {
      if (atMs > nowMs) continue;
      planned.delete(name);
      if (name === null) objects = true;
      else due.push(name);
    }
    setTimer();
    if (objects) requestPass();
    if (due.length > 0) look(due);
  };

  const look = (due: readonly ServiceName[]): void => {
    looking += 1;
    void refresh(due).finally(() => {
      looking -= 1;
      if (isStopped) return;
      for (const name of due) services.add(name);
      requestPass();
    });
  };

  const planFor = (name: ServiceName | null, atMs: number | null): void => {
    if (atMs === null) planned.delete(name);
    else planned.set(name, atMs);
    setTimer();
  };

  return {
    mark(names, withObjects = false) {
      for (const name of names) services.add(name);
      objects ||= withObjects;
      if (services.size > 0 || objects) requestPass();
    },
    plan: planFor,
    planObjects: (atMs) => planFor(null, atMs),
    take() {
      const dirty = { services, objects };
      services = new Set();
      objects = false;
      return dirty;
    },
    isEmpty: () => services.size === 0 && !objects && looking === 0,
    stop() {
      isStopped = true;
      cancelPass?.();
      timer?.cancel();
      planned.clear();
    },
  };
}
