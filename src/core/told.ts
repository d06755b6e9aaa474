/**
 * Events: what is new since it was last told. An event is said once per change, whatever caused the look.
 * Owns: what counts as told, and which difference makes which event. Must not know: transports, ids, times.
 */
import type { ErrorCategory, EventDraft, InstanceFacts } from '../model/event.js';
import { roleOfName } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import type { Reason, ServiceStatus } from '../model/status.js';
import { inPlaceKey } from './container-facts.js';
import { hasCheck, isReady, isUnhealthy } from './readiness.js';
import { rolloutEvents, rolloutTold } from './told-rollout.js';
import { scaleEvents } from './told-scaling.js';
import type { Report, Told, ToldInstance } from './told-state.js';

/** The events that lead from what was told to what is now; the first look of a process tells nothing of instances. */
export function tell(
  told: Told | null,
  report: Report,
): { readonly told: Told; readonly events: readonly EventDraft[] } {
  const next = toldOf(told, report);
  const before: Told = told ?? firstLook(next);
  const events = [
    ...driftEvents(before, next, report),
    ...instanceEvents(before, next, report),
    ...rolloutEvents(before, next, report),
    ...scaleEvents(before, next, report),
    ...serviceEvents(before, next, report),
  ];
  return { told: next, events };
}

/** What runs already when a process first looks is not news; what is wrong or waits is. */
function firstLook(next: Told): Told {
  return { ...next, reason: null, trouble: null, waitingFor: '', drift: [] };
}

function toldOf(told: Told | null, report: Report): Told {
  const { service, status, containers } = report;
  // A last good version that runs while its manifest is in error has come to rest too.
  const isSettled = status.sync !== 'OutOfSync' && isGood(status.health);
  const replicas = containers.filter(({ name }) => roleOfName(name) === 'plain');
  const names = new Map(replicas.map(({ name, owned }) => [owned.slot, name]));
  const drift = [...new Set([...(told?.drift ?? []), ...report.drift])];
  return {
    instances: new Map(
      containers.map((container) => [
        container.id,
        toldInstance(container, told?.instances.get(container.id)),
      ]),
    ),
    health: status.health,
    reason: status.reason,
    ready:
      status.health === 'Healthy'
        ? new Map(containers.map(({ id, restartCount }) => [id, restartCount]))
        : (told?.ready ?? new Map()),
    trouble: troubleOf(told, report),
    waitingFor: status.waiting_for.join(','),
    maintenance: service?.maintenance ?? false,
    settled:
      isSettled && service !== null
        ? { replicas: service.replicas, names, inPlace: inPlaceKey(service.container) }
        : (told?.settled ?? null),
    ...rolloutTold(told, report),
    hash: isSettled ? status.hash : (told?.hash ?? status.hash),
    drift: isSettled ? [] : drift,
  };
}

/** A failure lasts over all new tries, until all is well, or nothing is left that could fail. */
function troubleOf(told: Told | null, report: Report): Reason | null {
  const { health, reason } = report.status;
  if (isOver(report)) return null;
  return health === 'Degraded' ? reason : (told?.trouble ?? null);
}

/** Where nothing is declared, nothing is well before the last container is gone. */
const isOver = ({ service, status, containers }: Report): boolean =>
  service === null ? containers.length === 0 : isGood(status.health);

/** What was unhealthy is so until it is ready again, also while it is being started again. */
function toldInstance(container: ObservedContainer, was: ToldInstance | undefined): ToldInstance {
  const isRecovering = was?.isUnhealthy === true && !isReady(container);
  return {
    facts: factsOf(container),
    startedAt: container.startedAt,
    isLive: isLive(container),
    isUnhealthy: isUnhealthy(container) || isRecovering,
  };
}

const factsOf = (container: ObservedContainer): InstanceFacts => ({
  service_name: container.owned.service,
  instance_id: container.name,
  slot: container.owned.slot,
  container_id: container.id,
});

const isGood = (health: ServiceStatus['health']): boolean =>
  health === 'Healthy' || health === 'Completed' || health === 'Suspended';

function driftEvents(before: Told, next: Told, { status, drift, cause }: Report): readonly EventDraft[] {
  const service_name = status.service;
  const detected = drift
    .filter((what) => !before.drift.includes(what))
    .map((what) => ({ type: 'drift_detected', facts: { service_name, what }, cause }) as const);
  const corrected = [...before.drift, ...drift]
    .filter((what, index, all) => all.indexOf(what) === index && !next.drift.includes(what))
    .map((what) => ({ type: 'drift_corrected', facts: { service_name, what }, cause }) as const);
  return [...detected, ...corrected];
}

function instanceEvents(before: Told, next: Told, report: Report): readonly EventDraft[] {
  const { cause } = report;
  const gone = [...before.instances]
    .filter(([id]) => !next.instances.has(id))
    .flatMap(([, { facts, isLive: wasLive }]): readonly EventDraft[] => [
      ...(wasLive ? [{ type: 'service_stopped', facts, cause } as const] : []),
      { type: 'service_removed', facts, cause },
    ]);
  const present = report.containers.flatMap((container) =>
    changesOf(before.instances.get(container.id) ?? null, container, report),
  );
  return [...gone, ...present];
}

function changesOf(
  was: ToldInstance | null,
  container: ObservedContainer,
  report: Report,
): readonly EventDraft[] {
  const { cause, dependencies } = report;
  const facts = factsOf(container);
  const { startedAt } = container;
  const events: EventDraft[] = was === null ? [{ type: 'service_created', facts, cause }] : [];
  const hasStarted = startedAt !== null && startedAt !== (was?.startedAt ?? null);
  if (was?.isLive === true && !isLive(container)) events.push({ type: 'service_stopped', facts, cause });
  if (hasStarted && (was === null || was.startedAt === null)) {
    const ip_address = container.endpoints.find(({ ipAddress }) => ipAddress !== '')?.ipAddress ?? null;
    events.push({
      type: 'service_started',
      facts: { ...facts, dependencies, ip_address, ports: container.ports },
      cause,
    });
    if (!isLive(container)) events.push({ type: 'service_stopped', facts, cause });
  } else if (hasStarted) {
    events.push({ type: 'service_restarted', facts, cause });
  }
  if (isUnhealthy(container) && was?.isUnhealthy !== true) {
    events.push({ type: 'service_unhealthy', facts: { ...facts, health_status: 'unhealthy' }, cause });
  }
  if (was?.isUnhealthy === true && isReady(container))
    events.push({ type: 'service_recovered', facts, cause });
  return events;
}

function serviceEvents(before: Told, next: Told, report: Report): readonly EventDraft[] {
  const { service, status, cause } = report;
  if (service === null) return errorEvents(before, next, report);
  const service_name = status.service;
  const facts = { service_name, message: status.message };
  const events: EventDraft[] = [];
  if (next.maintenance && !before.maintenance)
    events.push({ type: 'service_maintenance_started', facts: { service_name }, cause });
  if (!next.maintenance && before.maintenance)
    events.push({ type: 'service_maintenance_ended', facts: { service_name }, cause });
  if (next.health === 'Healthy' && before.health !== 'Healthy' && !isMerelyUpAgain(before, report)) {
    events.push({
      type: 'service_ready',
      facts: { service_name, message: `${service_name} is ready` },
      cause,
    });
  }
  if (next.health === 'Completed' && before.health !== 'Completed') {
    events.push({
      type: 'service_completed',
      facts: { service_name, message: `${service_name} has completed` },
      cause,
    });
  }
  if (next.waitingFor !== '' && next.waitingFor !== before.waitingFor) {
    events.push({ type: 'service_blocked', facts: { ...facts, waiting_for: status.waiting_for }, cause });
  }
  return [...events, ...errorEvents(before, next, report)];
}

/**
 * Docker has started it again after a crash, nothing checks whether it is well, and nobody was told that it was not: that
 * it is up proves nothing, and its `service_restarted` has said so.
 */
function isMerelyUpAgain({ ready, trouble }: Told, { containers }: Report): boolean {
  const crashed = containers.filter(({ id, restartCount }) => restartCount > (ready.get(id) ?? restartCount));
  const isKnown = containers.every(({ id }) => ready.has(id));
  return trouble === null && isKnown && crashed.length > 0 && !crashed.some(hasCheck);
}

function errorEvents(before: Told, next: Told, report: Report): readonly EventDraft[] {
  const { status, cause } = report;
  const service_name = status.service;
  if (next.health === 'Degraded' && (before.health !== 'Degraded' || before.reason !== next.reason)) {
    const error = `${status.reason ?? 'Degraded'}: ${status.message}`;
    const facts = { error, service_name, category: categoryOf(status.reason) };
    return [
      { type: 'service_failed', facts: { service_name, message: status.message }, cause },
      { type: 'orchestration_errors', facts, cause },
    ];
  }
  if (before.trouble !== null && isOver(report)) {
    return [
      {
        type: 'recovery',
        facts: { status: 'recovered', service_name, category: categoryOf(before.trouble) },
        cause,
      },
    ];
  }
  return [];
}

function categoryOf(reason: Reason | null): ErrorCategory {
  if (reason === 'ImagePullFailed' || reason === 'ImageBuildFailed') return 'image';
  if (reason === 'Unhealthy' || reason === 'CrashLoopBackOff' || reason === 'RolledBack') return 'health';
  if (reason === 'InvalidManifest' || reason === 'DuplicateName') return 'manifest';
  return 'engine';
}
