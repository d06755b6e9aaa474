/**
 * The events of a rollout: begun, completed, failed, rolled back; each once.
 * Owns: how its standing follows from what is observed. Must not know: moves.
 */
import { type DesiredService, isOneShot } from '../model/desired.js';
import type { EventDraft } from '../model/event.js';
import { roleOfName } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { isReady } from './readiness.js';
import type { Report, Told } from './told-state.js';

type Rollout = NonNullable<Told['rollout']>;

/** How a rollout stands. `none`: there is none, or it was given up, and has neither succeeded nor failed. */
type Standing =
  | { readonly kind: 'none' | 'completed' | 'failed' }
  | { readonly kind: 'underWay'; readonly rollout: Rollout };

/** What is remembered of rollouts. */
export function rolloutTold(told: Told | null, report: Report): Pick<Told, 'rollout' | 'isRolledBack'> {
  const standing = standingOf(told?.rollout ?? null, report);
  const isNews = report.status.reason === 'RolledBack' && servesAgain(report);
  return {
    rollout: standing.kind === 'underWay' ? standing.rollout : null,
    isRolledBack: hasEvidence(report) && (told?.isRolledBack === true || isNews),
  };
}

/** What is new about the rollout. */
export function rolloutEvents(before: Told, next: Told, report: Report): readonly EventDraft[] {
  const { status, cause } = report;
  const service_name = status.service;
  const events: EventDraft[] = [];
  if (next.rollout !== null && before.rollout?.to !== next.rollout.to) {
    const facts = { service_name, ...next.rollout, message: `replaces ${service_name}` };
    events.push({ type: 'service_update_started', facts, cause });
  }
  if (before.rollout !== null) {
    const { kind } = standingOf(before.rollout, report);
    const message = kind === 'failed' ? status.message : `${service_name} is updated`;
    const facts = { service_name, ...before.rollout, message };
    if (kind === 'failed') events.push({ type: 'service_update_failed', facts, cause });
    if (kind === 'completed') events.push({ type: 'service_update_completed', facts, cause });
  }
  if (next.isRolledBack && !before.isRolledBack) {
    const serving = report.containers.find(
      ({ name, owned }) => roleOfName(name) === 'plain' && owned.hash !== status.hash,
    );
    const to = serving?.owned.hash ?? before.hash;
    const facts = { service_name, from: status.hash, to, message: status.message };
    events.push({ type: 'service_rolled_back', facts, cause });
  }
  return events;
}

/** A rollout lasts from the first container of another spec beside the wanted one until the new ones are well, or the verdict. */
function standingOf(told: Rollout | null, report: Report): Standing {
  const { service, status, containers, isOutdated, isPaused } = report;
  const asTold: Standing = told === null ? { kind: 'none' } : { kind: 'underWay', rollout: told };
  if (service === null || service.replicas === 0) return { kind: 'none' };
  if (isPaused || status.reason === 'RolledBack') return { kind: 'failed' };
  // Hands off, or something else hides the verdict that stands: nothing can be told of it now.
  if (service.maintenance || (hasEvidence(report) && !isOneShot(service))) return asTold;
  const outdated = containers.find(isReplaced(report));
  if (outdated !== undefined) {
    const isUnderWay =
      roleOfName(outdated.name) === 'old' ||
      containers.some((container) => !isOutdated(container)) ||
      !isLive(outdated);
    if (!isUnderWay) return asTold;
    return { kind: 'underWay', rollout: { from: outdated.owned.hash, to: service.hash } };
  }
  if (told?.to !== service.hash) return { kind: 'none' };
  if (isWell(service, report)) return { kind: 'completed' };
  return isOneShot(service) && hasEndedBadly(report) ? { kind: 'failed' } : asTold;
}

/** What never ran is replaced by nothing: it was no beginning of anything. */
const isReplaced =
  ({ isOutdated }: Report) =>
  (container: ObservedContainer): boolean =>
    isOutdated(container) && roleOfName(container.name) !== 'failed' && container.startedAt !== null;

/** The new replicas are well, or the update policy puts up with those that are not: no old one was kept for them. */
function isWell(service: DesiredService, { status: { health } }: Report): boolean {
  if (health === 'Healthy' || health === 'Completed') return true;
  const { failureAction, maxFailureRatio } = service.updatePolicy;
  const isTolerant = failureAction === 'continue' || maxFailureRatio > 0;
  return health === 'Degraded' && isTolerant && !isOneShot(service);
}

/** A run of the new spec has failed. One that could not be begun yet is tried again. */
function hasEndedBadly({ status, containers, isOutdated }: Report): boolean {
  const failed = new Set(
    status.instances.filter(({ state }) => state === 'failed').map(({ container_id }) => container_id),
  );
  return containers.some(
    (container) => failed.has(container.id) && !isOutdated(container) && container.status !== 'created',
  );
}

/** The name is the verdict: as long as it is there, the wanted spec has failed. */
const hasEvidence = ({ containers, isOutdated }: Report): boolean =>
  containers.some((container) => roleOfName(container.name) === 'failed' && !isOutdated(container));

/** Every slot that an old container was kept for has it back, and ready. Slots that were never filled wait for the next edit. */
function servesAgain({ containers, isOutdated }: Report): boolean {
  const old = containers.filter(
    (container) => isOutdated(container) && ['plain', 'old'].includes(roleOfName(container.name)),
  );
  const serving = old.filter((container) => roleOfName(container.name) === 'plain' && isReady(container));
  const slots = new Set(serving.map(({ owned }) => owned.slot));
  return old.length > 0 && old.every(({ owned }) => slots.has(owned.slot));
}
