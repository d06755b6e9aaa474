/**
 * Services that no good manifest declares: left as they are, or removed in order.
 * Owns: the choice between the two. Must not know: the guard's rules.
 */
import type { ServiceName } from '../model/ids.js';
import type { ObservedContainer } from '../model/observed.js';
import type { Reason, Sync } from '../model/status.js';
import { keys, type Step } from '../model/step.js';
import type { DecisionContext } from './context.js';
import { isAboutOurselves, type ServiceDecision } from './decide-service.js';
import { earliest } from './earliest.js';
import { manifestReasonOf } from './manifest-reason.js';
import { emptyServiceMemory, holdingBackoff, type ServiceMemory } from './memory.js';
import { graceOf, volumesWith } from './move.js';
import type { PruneVerdict } from './prune.js';
import { goesAfter, removalMoves } from './remove.js';
import { statusOfUndeclared } from './status.js';
import { tell } from './told.js';

/** Decides about a service without a good manifest. */
export function decideUndeclared(
  name: ServiceName,
  context: DecisionContext,
  prune: PruneVerdict | null,
): ServiceDecision {
  const containers = context.observed.services.get(name) ?? [];
  const memory = context.memory.services.get(name) ?? emptyServiceMemory;
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
  const status = statusOfUndeclared(name, { reason, message, sync, memory }, context);
  const told = tell(memory.told, {
    service: null,
    status,
    containers,
    isOutdated: () => false,
    isPaused: false,
    dependencies: [],
    drift: [],
    cause: 'observed',
  });
  return {
    steps: [],
    status,
    events: told.events,
    memory: { ...memory, status, told: told.told },
    recheckAtMs: null,
  };
}

function remove(
  name: ServiceName,
  going: { memory: ServiceMemory; containers: readonly ObservedContainer[]; prune: PruneVerdict },
  context: DecisionContext,
): ServiceDecision {
  const { memory, containers, prune } = going;
  const before = goesAfter(name, context.observed, (other) => prune.allowed.has(other));
  const why = context.settings.takeDown ? 'the project is taken down' : 'its manifest is gone';
  const steps: Step[] = [];
  const waits: (number | null)[] = [];
  if (before.length === 0) {
    for (const { slot, move, target } of removalMoves(containers, why)) {
      const key = keys.replica(name, slot);
      const base = { key, service: name, slot, cause: why, id: target.id, name: target.name };
      const step: Step =
        move.do === 'stop'
          ? { ...base, kind: 'stopContainer', graceMs: graceOf(target, null), isVerdict: false }
          : { ...base, kind: 'removeContainer', ...volumesWith(target, true) };
      if (context.inFlight.has(key) || isAboutOurselves(step, context)) continue;
      const holding = holdingBackoff(memory.backoffs, { ...step, hash: null, now: context.now });
      if (holding === null) steps.push(step);
      else waits.push(holding.untilMs);
    }
  }
  const message = before.length === 0 ? why : `${why}; waits for ${before.join(', ')} to go first`;
  const status = statusOfUndeclared(name, { reason: null, message, sync: 'OutOfSync', memory }, context);
  const told = tell(memory.told, {
    service: null,
    status,
    containers,
    isOutdated: () => false,
    isPaused: false,
    dependencies: [],
    drift: [],
    cause: why,
  });
  return {
    steps,
    status,
    events: told.events,
    memory: { ...memory, status, told: told.told },
    recheckAtMs: earliest(waits),
  };
}

/** Tells of the last removals, and forgets. */
function gone(name: ServiceName, memory: ServiceMemory, context: DecisionContext): ServiceDecision {
  if (memory.told === null) return { steps: [], status: null, events: [], memory, recheckAtMs: null };
  const status = statusOfUndeclared(name, { reason: null, message: '', sync: 'Synced', memory }, context);
  const cause = context.settings.takeDown ? 'the project is taken down' : 'its manifest is gone';
  const told = tell(memory.told, {
    service: null,
    status,
    containers: [],
    isOutdated: () => false,
    isPaused: false,
    dependencies: [],
    drift: [],
    cause,
  });
  return { steps: [], status: null, events: told.events, memory, recheckAtMs: null };
}
