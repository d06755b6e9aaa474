/**
 * When a container counts as ready, and when a new one has taken too long.
 * Owns: the figures of readiness. Must not know: what follows from it.
 */
import type { DesiredService } from '../model/desired.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer } from '../model/observed.js';

/** A rollout without progress for this long has failed (Kubernetes: progressDeadlineSeconds 600). */
export const PROGRESS_DEADLINE_MS = 600_000;
/** Slack on top of the computed health deadline. */
const HEALTH_DEADLINE_SLACK_MS = 5_000;

/** Running, and healthy if it has a check. */
export function isReady(container: ObservedContainer): boolean {
  if (container.status !== 'running') return false;
  return container.check === null || container.health.status === 'healthy';
}

/** Docker's word `unhealthy` with substance: stop, back-off and pause set it too, with a streak of 0. */
export function isUnhealthy(container: ObservedContainer): boolean {
  const { status, failingStreak } = container.health;
  return (
    container.status === 'running' && container.check !== null && status === 'unhealthy' && failingStreak > 0
  );
}

/** Ready in a rollout: healthy, or without a check and up for `monitor` without a restart. */
export function isProven(container: ObservedContainer, service: DesiredService, now: Now): boolean {
  if (!isReady(container)) return false;
  return (
    container.check !== null ||
    (container.restartCount === 0 && upForMs(container, now) >= service.updatePolicy.monitorMs)
  );
}

/** How long it has been up by its own start time; 0 when it is not. Never negative, whatever the clocks say. */
export function upForMs(container: ObservedContainer, now: Now): number {
  return container.startedAt === null ? 0 : Math.max(0, now.wallMs - container.startedAt);
}

/**
 * How long after its start a new replica may take to become ready:
 * start_period + start_interval + (retries + 1) × (interval + timeout) + 5 s with a check, else the progress deadline.
 */
export function readyDeadlineMs(container: ObservedContainer): number {
  const { check } = container;
  if (check === null) return PROGRESS_DEADLINE_MS;
  const failing = (check.retries + 1) * (check.intervalMs + check.timeoutMs);
  return check.startPeriodMs + check.startIntervalMs + failing + HEALTH_DEADLINE_SLACK_MS;
}
