/**
 * What is dirty, and when to look again.
 * Owns: the set of dirty services and one timer. Must not know: what a look finds.
 */
import type { Dirty } from '../core/decide.js';
import type { ServiceName } from '../model/ids.js';
import { createAlarm } from './alarm.js';
import type { Clock } from './ports.js';

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
  let cancelPass: (() => void) | null = null;
  let looking = 0;
  let isStopped = false;

  const requestPass = (): void => {
    cancelPass ??= clock.after(0, () => {
      cancelPass = null;
      onDue();
    });
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

  const alarm = createAlarm<ServiceName | null>(clock, (due) => {
    if (due.includes(null)) objects = true;
    if (objects) requestPass();
    const names = due.filter((name) => name !== null);
    if (names.length > 0) look(names);
  });

  return {
    mark(names, withObjects = false) {
      for (const name of names) services.add(name);
      objects ||= withObjects;
      if (services.size > 0 || objects) requestPass();
    },
    plan: alarm.set,
    planObjects: (atMs) => alarm.set(null, atMs),
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
      alarm.stop();
    },
  };
}
