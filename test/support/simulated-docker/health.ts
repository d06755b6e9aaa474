/**
 * Docker's health monitor: what its checks come to, computed rather than carried out one by one.
 * Owns: the word after any number of checks, and when it changes next. Must not know: containers, timers, events.
 */
import type { CheckTimes } from '../../../src/model/observed.js';
import type { Wellness } from './behaviour.js';

/** Docker's word, and how many checks in a row have failed. `unknown`: the monitor was stopped and goes on. */
export interface Verdict {
  readonly status: 'starting' | 'unknown' | 'healthy' | 'unhealthy';
  readonly failingStreak: number;
  /** Checks made so far, since the monitor was last started. */
  readonly checks: number;
}

/** The verdict when a monitor starts with its container. */
export const FRESH: Verdict = { status: 'starting', failingStreak: 0, checks: 0 };

/** What a monitor goes by. */
export interface Monitor {
  readonly times: CheckTimes;
  readonly wellness: Wellness;
  /** How long the process had run when the monitor was started: the first check comes one interval later. */
  readonly ranMs: number;
}

/** Turns of the process's state that are looked ahead at once: one that flaps too fast to be told would have no end. */
const MAX_TURNS = 100;

/**
 * The next verdict with another status. Where none comes within many turns of the process's state, the verdict after
 * those, from which to look on; null: never another.
 */
export function nextVerdict(monitor: Monitor, verdict: Verdict): Verdict | null {
  return follow(monitor, verdict, Number.POSITIVE_INFINITY);
}

/** The verdict after so many checks; within them the status does not change. */
export const verdictAfter = (monitor: Monitor, verdict: Verdict, checks: number): Verdict =>
  follow(monitor, verdict, checks) ?? verdict;

/**
 * From turn to turn of the process's state: within one all checks succeed, or all fail. Failures within the start period
 * do not count before the first success.
 */
function follow(monitor: Monitor, from: Verdict, lastCheck: number): Verdict | null {
  const { retries } = monitor.times;
  const { status } = from;
  let { failingStreak, checks } = from;
  for (let turns = 0; turns < MAX_TURNS && checks < lastCheck; turns += 1) {
    const first = checks + 1;
    const last = Math.min(lastCheck, lastOfTurn(monitor, first));
    if (isWellAt(monitor, first)) {
      if (status !== 'healthy') return { status: 'healthy', failingStreak: 0, checks: first };
      failingStreak = 0;
    } else {
      const counted = status === 'starting' ? Math.max(first, firstCounted(monitor)) : first;
      const needed = status === 'unknown' ? 1 : retries - failingStreak;
      const decisive = counted + needed - 1;
      if (status !== 'unhealthy' && decisive <= last)
        return { status: 'unhealthy', failingStreak: failingStreak + needed, checks: decisive };
      failingStreak += Math.max(0, last - counted + 1);
    }
    if (last === Number.POSITIVE_INFINITY) return null;
    checks = last;
  }
  return { status, failingStreak, checks };
}

const ranAt = ({ times, ranMs }: Monitor, check: number): number => ranMs + check * times.intervalMs;

const isWellAt = (monitor: Monitor, check: number): boolean =>
  monitor.wellness.isWellAt(ranAt(monitor, check));

/** The last check that finds the process as this one does. */
function lastOfTurn(monitor: Monitor, check: number): number {
  const changeMs = monitor.wellness.changeAfter(ranAt(monitor, check));
  if (changeMs === null) return Number.POSITIVE_INFINITY;
  return Math.ceil((changeMs - monitor.ranMs) / monitor.times.intervalMs) - 1;
}

const firstCounted = ({ times, ranMs }: Monitor): number =>
  Math.ceil((times.startPeriodMs - ranMs) / times.intervalMs);
