/**
 * "May this start now?": the conditions on dependencies.
 * Owns: when a dependency counts as met, and the sentence when it does not. Must not know: what waits.
 */
import { assertNever } from '../model/assert.js';
import type { Dependency, DesiredService, DesiredState } from '../model/desired.js';
import { type ServiceName, type StepKey, serviceName } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import type { ObservedContainer, ObservedState } from '../model/observed.js';
import type { Reason } from '../model/status.js';
import type { Step, StepKind } from '../model/step.js';
import { wantedOf } from './compare.js';
import { followedBy } from './followers.js';
import { emptyServiceMemory, type Memory } from './memory.js';
import { verdictOf } from './one-shot.js';
import { hasCheck, isReady, withProbes } from './readiness.js';
import { type SlotView, slotsOf } from './slots.js';

/** A dependency that is not met. */
export interface Waiting {
  readonly service: ServiceName;
  readonly reason: Reason;
  /** One sentence: `waits for bus to be healthy (1/2 replicas)`. */
  readonly message: string;
}

/**
 * What is waited for: that the condition is met (for what is started again); that the dependency's own rollout has also
 * come so far that its wanted spec serves (for what is made new); that this rollout is over (for a restart that follows it).
 */
export type Until = 'met' | 'updated' | 'replaced';

/** What the gate looks at. */
export interface GateContext {
  readonly desired: DesiredState;
  readonly observed: ObservedState;
  readonly memory: Memory;
  readonly inFlight: ReadonlyMap<StepKey, Step>;
}

/** The dependencies of a service that are not met, in the order of its manifest's names. */
export function unmetDependencies(
  service: DesiredService,
  context: GateContext,
  until: Until,
): readonly Waiting[] {
  return service.dependsOn.flatMap((dependency) => {
    const waiting = unmet(dependency, context, until);
    return waiting === null ? [] : [waiting];
  });
}

function unmet(dependency: Dependency, context: GateContext, until: Until): Waiting | null {
  const name = dependency.service;
  const target = context.desired.services.get(name);
  if (target === undefined) return dependency.required ? notFound(name, context.desired) : null;
  if (target.replicas === 0) {
    if (!dependency.required) return null;
    return {
      service: name,
      reason: 'DependencyNotReady',
      message: `waits for ${name}, which has 0 replicas`,
    };
  }
  const containers = withProbes(target, context.observed.services.get(name) ?? []);
  const slots = slotsOf(wantedOf(target, context), containers);
  const met = slots.filter((slot) => isMet(slot, dependency, target, context)).length;
  const pending = until !== 'met' && isUpdatePending(slots, { target, until, context });
  if (met >= target.replicas && !pending) return null;
  if (!dependency.required && !isProgressing(name, context)) return null;
  if (lacksHealthcheck(dependency, slots, target)) {
    const message = `waits for ${name} to be healthy, but neither its manifest nor its image has a health check: add \`healthcheck:\` to ${name} or wait for service_started`;
    return { service: name, reason: 'NoHealthcheck', message };
  }
  const goal = met >= target.replicas ? 'to be updated' : GOALS[dependency.condition];
  return {
    service: name,
    reason: 'DependencyNotReady',
    message: `waits for ${name} ${goal} (${met}/${target.replicas} replicas)`,
  };
}

const GOALS: Readonly<Record<Dependency['condition'], string>> = {
  service_started: 'to be started',
  service_healthy: 'to be healthy',
  service_completed_successfully: 'to complete',
};

function notFound(name: ServiceName, desired: DesiredState): Waiting {
  const rejected = desired.rejected.get(name);
  const message =
    rejected === undefined
      ? `waits for ${name}, which no manifest declares`
      : `waits for ${name}, whose manifest is in error: ${rejected}`;
  return { service: name, reason: 'DependencyNotFound', message };
}

function isMet(
  slot: SlotView,
  dependency: Dependency,
  target: DesiredService,
  { memory, inFlight }: GateContext,
): boolean {
  const isGoing = ({ id }: ObservedContainer): boolean =>
    [...inFlight.values()].some((step) => TAKES_AWAY.has(step.kind) && 'id' in step && step.id === id);
  // What we are taking away at this moment only seems to be there.
  const candidates = [slot.current, slot.outdated].flatMap((container) =>
    container === null || isGoing(container) ? [] : [container],
  );
  const own = memory.services.get(target.name) ?? emptyServiceMemory;
  const hasCompleted = slot.current !== null && verdictOf(slot.current, target, own) === 'completed';
  switch (dependency.condition) {
    case 'service_started':
      // What has run to its end was started.
      return hasCompleted || candidates.some((container) => container.status === 'running');
    case 'service_healthy':
      return candidates.some((container) => hasCheck(container) && isReady(container));
    case 'service_completed_successfully':
      return hasCompleted;
    default:
      return assertNever(dependency.condition);
  }
}

const TAKES_AWAY: ReadonlySet<StepKind> = new Set(['stopContainer', 'restartContainer', 'removeContainer']);

/** Whether replicas of another spec are still to be replaced, and nothing holds that up for good. */
function isUpdatePending(
  slots: readonly SlotView[],
  { target, until, context }: { target: DesiredService; until: Until; context: GateContext },
): boolean {
  if (target.maintenance) return false;
  const isHeld = slots.some(({ current }) => current !== null && roleOfName(current.name) === 'failed');
  // What cannot go on (paused, no image, a dependency of its own that is ill) is not waited for.
  const isStalled = context.memory.services.get(target.name)?.status?.health === 'Degraded';
  if (isHeld || isStalled) return false;
  if (until === 'replaced' && isAboutToFollow(slots, target, context)) return true;
  return slots.some(
    ({ outdated, current }) => outdated !== null && (until === 'replaced' || !isServing(current)),
  );
}

/** It will be restarted itself, because of what it depends on. */
function isAboutToFollow(
  slots: readonly SlotView[],
  service: DesiredService,
  { desired, observed, memory }: GateContext,
): boolean {
  const { followed } = memory.services.get(service.name) ?? emptyServiceMemory;
  const dependencies = service.dependsOn.flatMap((edge) => desired.services.get(edge.service) ?? []);
  return slots.some(
    ({ current }) =>
      current !== null && followedBy(current, { service, observed, dependencies, followed }) !== null,
  );
}

const isServing = (container: ObservedContainer | null): boolean => container !== null && isReady(container);

/** An optional dependency is waited for only while it is on its way. */
function isProgressing(
  name: ServiceName,
  context: GateContext,
  passed: ReadonlySet<ServiceName> = new Set(),
): boolean {
  const status = context.memory.services.get(name)?.status ?? null;
  if (status === null || status.health === 'Progressing') return true;
  if (status.health !== 'Missing') return false;
  if (status.reason !== 'DependencyNotReady') return status.reason === null;
  // It has not begun, and is on its way only as long as something that it waits for is.
  const seen = new Set(passed).add(name);
  return status.waiting_for
    .map(serviceName)
    .some((other) => !seen.has(other) && isProgressing(other, context, seen));
}

function lacksHealthcheck(
  dependency: Dependency,
  slots: readonly SlotView[],
  target: DesiredService,
): boolean {
  if (dependency.condition !== 'service_healthy' || declaresTest(target)) return false;
  return slots.some(({ current }) => current !== null && current.status === 'running' && !hasCheck(current));
}

const declaresTest = ({ container }: DesiredService): boolean =>
  container.healthcheck?.kind === 'test' && container.healthcheck.test !== null;
