/**
 * When a container counts as ready, and when a new one has taken too long.
 * Owns: the figures of readiness. Must not know: what follows from it.
 */
import type { DesiredService } from '../model/desired.js';
import type { ObservedContainer, ObservedHealth, Probed } from '../model/observed.js';
import type { Probe } from '../model/probe.js';
import { type RunFacts, upForMs } from './runs.js';

/** A rollout without progress for this long has failed (Kubernetes: progressDeadlineSeconds 600). */
export const PROGRESS_DEADLINE_MS = 600_000;
/** Slack on top of the computed health deadline. */
const HEALTH_DEADLINE_SLACK_MS = 5_000;

/** Nothing is known of the probes of this run yet. */
const NOT_PROBED: Probed = { status: 'starting', message: 'not probed yet', unreachable: null };

/** The containers of a service with what its probes say. Discovery may have a word for one without probes, too. */
export function withProbes(
  { probes }: DesiredService,
  containers: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  if (probes.length === 0) return containers;
  return containers.map((container) => ({ ...container, probed: container.probed ?? NOT_PROBED }));
}

/** Whether anything tells that it is well: Docker's check, or probes of ours. */
export const hasCheck = ({ check, probed }: ObservedContainer): boolean => check !== null || probed !== null;

/** Running, and well by all checks that it has. */
export function isReady({ status, isSilent, check, health, probed }: ObservedContainer): boolean {
  if (status !== 'running' || isSilent) return false;
  return (check === null || health.status === 'healthy') && (probed === null || probed.status === 'healthy');
}

/**
 * Unhealthy by any of its checks. Docker's word counts with substance only: stop, back-off and pause set it too, with a
 * streak of 0.
 */
export function isUnhealthy({ status, isSilent, check, health, probed }: ObservedContainer): boolean {
  if (status !== 'running' || isSilent) return false;
  return (check !== null && isConvicting(health)) || probed?.status === 'unhealthy';
}

/** Docker's word counts only once a check has failed in this run. */
export const isConvicting = ({ status, failingStreak }: ObservedHealth): boolean =>
  status === 'unhealthy' && failingStreak > 0;

/** Surely of no use: not running, or unhealthy. What is only not known yet (no word so far, no answer) is not broken. */
export const isBroken = (container: ObservedContainer): boolean =>
  container.status !== 'running' || isUnhealthy(container);

/** Ready in a rollout: healthy, or without a check and up for `monitor` without a restart. */
export function isProven(container: ObservedContainer, service: DesiredService, facts: RunFacts): boolean {
  if (!isReady(container)) return false;
  return (
    hasCheck(container) ||
    (container.restartCount === 0 && upForMs(container, facts) >= service.updatePolicy.monitorMs)
  );
}

/**
 * How long it has had to become ready. One that is probed and has no verdict yet has had no longer than this process looks
 * on: nobody probed it before, and what nobody has looked at is not late.
 */
export function waitedForMs(container: ObservedContainer, facts: RunFacts): number {
  const { memory, now } = facts;
  const upMs = upForMs(container, facts);
  if (container.probed?.status !== 'starting') return upMs;
  const run = memory.runs.get(container.id);
  return run?.startedAt === container.startedAt ? Math.min(upMs, now.monotonicMs - run.sinceMs) : 0;
}

/**
 * How long after its start a new replica may take to become ready:
 * start_period + start_interval + (retries + 1) × (interval + timeout) + 5 s with a check, else the progress deadline.
 */
export function readyDeadlineMs({ check, probed }: ObservedContainer, { probes }: DesiredService): number {
  const limits = [
    ...(check === null ? [] : [failingMs(check) + check.startPeriodMs + check.startIntervalMs]),
    ...(probed === null ? [] : probes.map((probe) => probe.startPeriodMs + failingMs(ofProbe(probe)))),
  ];
  return limits.length === 0 ? PROGRESS_DEADLINE_MS : Math.max(...limits) + HEALTH_DEADLINE_SLACK_MS;
}

interface Attempts {
  readonly retries: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

const failingMs = ({ retries, intervalMs, timeoutMs }: Attempts): number =>
  (retries + 1) * (intervalMs + timeoutMs);

const ofProbe = ({ retries, successes, periodMs, timeoutMs }: Probe): Attempts => ({
  retries: Math.max(retries, successes),
  intervalMs: periodMs,
  timeoutMs,
});
