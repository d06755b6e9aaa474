/**
 * The moves of a rollout: what a row of its table comes to.
 * Owns: each move and what may hold it back. Must not know: in which state of a slot it is right.
 */
import { roleOfName, withoutRole } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { missingAttachment, samePolicy } from './container-facts.js';
import { type Move, NO_RESTART, nameWithRole } from './move.js';
import { isProven, isReady, readyDeadlineMs, upForMs } from './readiness.js';
import { failureOf, type RolloutContext } from './rollout-context.js';

/** Applies a move to a container that the rule's condition has shown to be there. */
export function on(container: ObservedContainer | null, move: (target: ObservedContainer) => Move): Move {
  return container === null ? { do: 'keep', why: '' } : move(container);
}

/** Docker must not start it by itself any more. */
export function policyNo(container: ObservedContainer | null, why: string): Move {
  return on(container, (target) => ({ do: 'policy', target, restart: NO_RESTART, why }));
}

/** For moves that take a working replica away for the sake of the wanted spec. */
export function beginning(context: RolloutContext, move: Move): Move {
  if (context.beginBlockedBy !== null) return { do: 'wait', ...context.beginBlockedBy };
  return withinBudget(context, move);
}

/** For moves that take a replica away. */
export function withinBudget(context: RolloutContext, move: Move): Move {
  return context.takeFromBudget()
    ? move
    : { do: 'wait', because: 'rollout', why: 'waits for other replicas of its rollout', recheckAtMs: null };
}

function blockedOr(context: RolloutContext, move: Move): Move {
  return context.startBlockedBy === null ? move : { do: 'wait', ...context.startBlockedBy };
}

/** Attaches what is missing, then starts, unless a dependency forbids it. */
export function startMove(fresh: ObservedContainer | null, context: RolloutContext, why: string): Move {
  return on(fresh, (target) => {
    const missing = missingAttachment(target, context.service);
    if (missing !== null)
      return { do: 'connect', target, attachment: missing, why: `not on ${missing.network}` };
    return blockedOr(context, { do: 'start', target, interrupted: false, why });
  });
}

/** Name, then policy, then start: what brings a kept container back. */
export function restoreMove(old: ObservedContainer, context: RolloutContext, why: string): Move {
  if (roleOfName(old.name) === 'old') return { do: 'rename', target: old, to: withoutRole(old.name), why };
  const declared = context.service.container.restart;
  if (!samePolicy(old.restartPolicy, declared)) return { do: 'policy', target: old, restart: declared, why };
  if (old.status === 'paused') return { do: 'unpause', target: old, why: 'it was paused' };
  if (!isLive(old)) return blockedOr(context, { do: 'start', target: old, interrupted: false, why });
  return { do: 'keep', why: 'rolled back' };
}

/** What a failed new replica comes to under the declared policy. */
export function judgedMove(fresh: ObservedContainer, context: RolloutContext): Move {
  const why = failureOf(fresh, context) ?? '';
  const { failureAction } = context.service.updatePolicy;
  if (failureAction === 'pause')
    return { do: 'wait', because: 'rollout', why: `update paused: ${why}`, recheckAtMs: null };
  if (failureAction === 'continue')
    return { do: 'wait', because: 'rollout', why: `update goes on without it: ${why}`, recheckAtMs: null };
  if (isLive(fresh)) return { do: 'stop', target: fresh, why };
  return { do: 'rename', target: fresh, to: nameWithRole(fresh, 'failed'), why };
}

/** Waits, and looks again when the new replica must be ready at the latest. */
export function waitForReady(fresh: ObservedContainer, context: RolloutContext): Move {
  if (isProven(fresh, context.service, context.now))
    return { do: 'wait', because: 'rollout', why: 'ready; waits for the other replicas', recheckAtMs: null };
  const limit = isReady(fresh) ? context.service.updatePolicy.monitorMs : readyDeadlineMs(fresh);
  const leftMs = Math.max(0, limit - upForMs(fresh, context.now));
  return {
    do: 'wait',
    because: 'time',
    why: 'waits to become ready',
    recheckAtMs: context.now.monotonicMs + leftMs + 1,
  };
}
