/**
 * Services that no good manifest declares: left as they are, or removed in order.
 * Owns: the choice between the two. Must not know: the guard's rules.
 */
import type { ServiceName } from '../model/ids.js';
import type { ObservedContainer } from '../model/observed.js';
import type { Reason, ServiceStatus, Sync } from '../model/status.js';
import { objectOf, STEP_VERBS } from '../model/step.js';
import type { DecisionContext } from './context.js';
import { isAboutOurselves, type ServiceDecision } from './decide-service.js';
import { earliest } from './earliest.js';
import { isPassing } from './failures.js';
import { manifestReasonOf } from './manifest-reason.js';
import { emptyServiceMemory, holdingBackoff, knownFailure, type ServiceMemory } from './memory.js';
import { explain } from './provide.js';
import type { PruneVerdict } from './prune.js';
import { goesAfter, type RemovalStep, removalSteps } from './remove.js';
import { exitsNoted } from './sightings.js';
import { statusOfUndeclared } from './status.js';
import type { Judgement } from './status-findings.js';
import { tell } from './told.js';

/** Decides about a service without a good manifest. */
export function decideUndeclared(
  name: ServiceName,
  context: DecisionContext,
  prune: PruneVerdict | null,
): ServiceDecision {
  const containers = context.observed.services.get(name) ?? [];
  const before = context.memory.services.get(name) ?? emptyServiceMemory;
  const memory = { ...before, exits: exitsNoted(before, containers, context) };
  const rejected = context.desired.rejected.get(name);
  if (rejected !== undefined) {
    const message = `left as it is: ${rejected}`;
    const reason = manifestReasonOf(name, context.desired.problems);
    return leave(name, { memory, containers, reason, sync: 'Unknown', message }, context);
  }
  if (containers.length === 0) return gone(name, memory, context);
  const blocked = prune?.blocked.get(name);
  if (blocked !== undefined)
    return leave(
      name,
      { memory, containers, reason: 'PruneBlocked', sync: 'OutOfSync', message: blocked },
      context,
    );
  if (prune === null || !prune.allowed.has(name)) {
    return leave(
      name,
      {
        memory,
        containers,
        reason: null,
        sync: 'OutOfSync',
        message: 'no manifest names it any more; looks once more before it is removed',
      },
      context,
    );
  }
  if (containers.some(({ id }) => id === context.settings.ownContainerId)) {
    const message =
      'its manifest is gone, but it is the controller itself, which it never removes: remove it by hand';
    return leave(name, { memory, containers, reason: 'SelfManaged', sync: 'OutOfSync', message }, context);
  }
  return remove(name, { memory, containers, prune }, context);
}

type Left = {
  memory: ServiceMemory;
  containers: readonly ObservedContainer[];
  reason: Reason | null;
  sync: Sync;
  message: string;
};

function leave(name: ServiceName, left: Left, context: DecisionContext): ServiceDecision {
  const { memory, containers, reason, sync, message } = left;
  const status = statusOfUndeclared(name, { health: null, reason, message, sync, memory }, context);
  const told = tellOf({ memory, containers, status, cause: 'observed' });
  return { steps: [], status, ...told, recheckAtMs: null };
}

function remove(
  name: ServiceName,
  going: { memory: ServiceMemory; containers: readonly ObservedContainer[]; prune: PruneVerdict },
  context: DecisionContext,
): ServiceDecision {
  const { memory, containers, prune } = going;
  const before = goesAfter(name, context.observed, (other) => prune.allowed.has(other));
  const why = causeOf(context);
  const slots = before.length === 0 ? removalSteps(containers, why) : [];
  const { steps, waits } = dueAmong(slots, memory, context);
  const message = before.length === 0 ? why : `${why}; waits for ${before.join(', ')} to go first`;
  const judgement = failureAmong(slots.flat(), memory) ?? { health: null, reason: null, message };
  const status = statusOfUndeclared(name, { ...judgement, sync: 'OutOfSync', memory }, context);
  const told = tellOf({ memory, containers, status, cause: why });
  return { steps, status, ...told, recheckAtMs: earliest(waits) };
}

/** In each slot the first step that nothing holds back, and the moments to look again at those passed over. */
function dueAmong(
  slots: readonly (readonly RemovalStep[])[],
  { backoffs }: ServiceMemory,
  context: DecisionContext,
): { readonly steps: readonly RemovalStep[]; readonly waits: readonly number[] } {
  const steps: RemovalStep[] = [];
  const waits: number[] = [];
  for (const slot of slots) {
    if (slot.some(({ key }) => context.inFlight.has(key))) continue;
    for (const step of slot) {
      if (isAboutOurselves(step, context)) continue;
      const holding = holdingBackoff(backoffs, { ...step, hash: null, now: context.now });
      if (holding === null) {
        steps.push(step);
        break;
      }
      waits.push(holding.untilMs);
    }
  }
  return { steps, waits };
}

/** What keeps failing on the way out, with the next try; null: nothing does. */
function failureAmong(steps: readonly RemovalStep[], { backoffs }: ServiceMemory): Judgement | null {
  for (const step of steps) {
    const failed = knownFailure(backoffs, { ...step, hash: null });
    if (failed === null || isPassing(failed)) continue;
    const { reason, message } = explain(step.kind, failed);
    const what = `cannot ${STEP_VERBS[step.kind]} ${objectOf(step)}`;
    return { health: 'Degraded', reason, message: `${step.cause}; ${what}: ${message}` };
  }
  return null;
}

/** Tells of the last removals, and forgets. */
function gone(name: ServiceName, memory: ServiceMemory, context: DecisionContext): ServiceDecision {
  const judgement = { health: null, reason: null, message: '' };
  const status = statusOfUndeclared(name, { ...judgement, sync: 'Synced', memory }, context);
  const { events } = tellOf({ memory, containers: [], status, cause: causeOf(context) });
  return { steps: [], status: null, events, memory, recheckAtMs: null };
}

const causeOf = ({ settings }: DecisionContext): string =>
  settings.takeDown ? 'the project is taken down' : 'its manifest is gone';

/** The events about a service without a manifest, and the memory of having told them. */
function tellOf({
  memory,
  containers,
  status,
  cause,
}: {
  readonly memory: ServiceMemory;
  readonly containers: readonly ObservedContainer[];
  readonly status: ServiceStatus;
  readonly cause: string;
}): Pick<ServiceDecision, 'events' | 'memory'> {
  const { events, told } = tell(memory.told, {
    service: null,
    status,
    containers,
    isOutdated: () => false,
    isPaused: false,
    dependencies: [],
    drift: [],
    cause,
  });
  return { events, memory: { ...memory, status, told } };
}
