/**
 * The health monitor of a simulated container.
 * Owns: what its verdict makes of the container, and telling of changes; one timer for the next change.
 * Must not know: how a verdict comes about, calls.
 */
import type { Clock, EngineEvent } from '../../../src/controller/ports.js';
import type { CheckTimes, ObservedHealth } from '../../../src/model/observed.js';
import { wellnessOf } from './behaviour.js';
import { FRESH, type Monitor, nextVerdict, type Verdict, verdictAfter } from './health.js';
import { NO_HEALTH, type Run, type SimulatedContainer } from './truth.js';

interface Watching {
  readonly clock: Clock;
  readonly emit: (event: EngineEvent) => void;
}

/** Starts the monitor of a run that begins or goes on. */
export function watchHealth(container: SimulatedContainer, context: Watching): void {
  const { check, run } = container;
  if (check === null || run === null) {
    container.health = NO_HEALTH;
    return;
  }
  run.monitoredFromMs = run.ranBeforeMs;
  show(container, run.verdict);
  awaitNext(container, context, { run, monitor: monitorOf(container, check, run) });
}

/** A monitor that is stopped knows no longer what it knew; Docker keeps its count of failures. */
export function stopMonitor(container: SimulatedContainer, context: Watching): void {
  refreshHealth(container, context);
  const { run } = container;
  if (run === null) return;
  const { failingStreak } = run.verdict;
  run.verdict = { ...FRESH, status: 'unknown', failingStreak };
}

/** Brings the count of failed checks up to the present moment. */
export function refreshHealth(container: SimulatedContainer, { clock }: Pick<Watching, 'clock'>): void {
  const { check, run, status } = container;
  if (check === null || run === null || status !== 'running') return;
  const sinceMs = clock.now().monotonicMs - run.sinceMs;
  const checks = Math.floor(sinceMs / check.intervalMs);
  if (checks <= run.verdict.checks) return;
  const verdict = verdictAfter(monitorOf(container, check, run), run.verdict, checks);
  // A change of the word is told by its own timer, which is due now.
  if (verdict.status !== run.verdict.status) return;
  run.verdict = verdict;
  show(container, verdict);
}

interface Watch {
  readonly run: Run;
  readonly monitor: Monitor;
}

function awaitNext(container: SimulatedContainer, context: Watching, { run, monitor }: Watch): void {
  const next = nextVerdict(monitor, run.verdict);
  if (next === null) return;
  const dueMs = run.sinceMs + next.checks * monitor.times.intervalMs;
  const change = (): void => {
    const before = run.verdict.status;
    run.verdict = next;
    show(container, next);
    // Docker's own word is `unhealthy` as soon as a monitor is stopped.
    const isTold = before !== next.status && !(before === 'unknown' && next.status === 'unhealthy');
    if (isTold) context.emit({ type: 'container', action: 'health_status', id: container.id });
    awaitNext(container, context, { run, monitor });
  };
  container.pending.push(context.clock.after(dueMs - context.clock.now().monotonicMs, change));
}

const monitorOf = (container: SimulatedContainer, times: CheckTimes, run: Run): Monitor => ({
  times,
  wellness: wellnessOf(container.behaviour, run.isFirst),
  ranMs: run.monitoredFromMs,
});

function show(container: SimulatedContainer, verdict: Verdict): void {
  container.health = { ...shownAs(verdict), lastOutput: '' };
}

function shownAs({ status, failingStreak }: Verdict): Pick<ObservedHealth, 'status' | 'failingStreak'> {
  if (status !== 'unknown') return { status, failingStreak };
  return { status: failingStreak > 0 ? 'unhealthy' : 'starting', failingStreak };
}
