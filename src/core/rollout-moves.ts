/**
 * The moves of a rollout: what a row of its table comes to.
 * Owns: each move and what may hold it back. Must not know: in which state of a slot it is right.
 */
import { roleOfName, withoutRole } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { samePolicy } from './container-facts.js';
import { type Block, type Move, NO_RESTART, nameWithRole } from './move.js';
import { hasCheck, isBroken, isProven, readyDeadlineMs, waitedForMs } from './readiness.js';
import type { RolloutContext } from './rollout-context.js';
import { failureOf } from './rollout-failure.js';

/** Docker must not start it by itself any more. */
export const policyNo = (target: ObservedContainer, why: string): Move => ({
  do: 'update',
  target,
  change: { restart: NO_RESTART, resources: null },
  why,
});

/** For moves that take a working replica away for the sake of the wanted spec. */
export function beginning(context: RolloutContext, target: ObservedContainer, move: Move): Move {
  const block = context.beginBlockedBy ?? context.pause;
  return block === null ? withinBudget(context, target, move) : { do: 'wait', ...block };
}

/** For moves that take a replica away. */
export const withinBudget = (context: RolloutContext, target: ObservedContainer, move: Move): Move =>
  context.take(target) ? move : OTHERS_FIRST;

const OTHERS_FIRST: Move = {
  do: 'wait',
  because: 'rollout',
  why: 'waits for other replicas of its rollout',
  recheckAtMs: null,
};

/** Makes the new one beside the old one, whose name it may need. */
export function createBeside(old: ObservedContainer, context: RolloutContext): Move {
  const { freshName, why } = context;
  const block = context.beginBlockedBy ?? context.pause;
  if (block !== null) return { do: 'wait', ...block };
  if (old.name === freshName) {
    // Nothing is gained by keeping up what does not serve, and a rename of it may fail.
    if (isBroken(old)) return { do: 'stop', target: old, why };
    return { do: 'rename', target: old, to: nameWithRole(old, 'old'), why };
  }
  if (context.add('create')) return { do: 'create', why, from: old };
  // There is no room beside it, but what does not serve may give its own.
  return isBroken(old) ? { do: 'stop', target: old, why } : OTHERS_FIRST;
}

/** Starts the new one beside the old one. */
export const startBeside = (fresh: ObservedContainer, context: RolloutContext): Move =>
  context.add('start') ? context.start(fresh, context.why) : OTHERS_FIRST;

/** While the update may not begin the old one is looked after as if there were none: up, and well. */
export function meanwhile(old: ObservedContainer, context: RolloutContext, block: Block): Move {
  if (!isLive(old) && !context.canOldComeBack) return { do: 'wait', ...block };
  const move = isLive(old) ? context.tend(old) : restoreMove(old, context, 'its update cannot begin yet');
  return move.do === 'keep' ? { do: 'wait', ...block } : move;
}

/** Name, then policy, then start: what brings a kept container back. */
export function restoreMove(old: ObservedContainer, context: RolloutContext, why: string): Move {
  if (roleOfName(old.name) === 'old') return { do: 'rename', target: old, to: withoutRole(old.name), why };
  const { restart } = context.service.container;
  if (!samePolicy(old.restartPolicy, restart))
    return { do: 'update', target: old, change: { restart, resources: null }, why };
  if (old.status === 'paused') return { do: 'unpause', target: old, why: 'it was paused' };
  return isLive(old) ? context.tend(old) : context.start(old, why);
}

/** What a failed new replica comes to under the declared policy. */
export function judgedMove(fresh: ObservedContainer, context: RolloutContext, isOldLive: boolean): Move {
  const why = failureOf(fresh, context) ?? '';
  const { pausedBecause } = context.verdict;
  if (context.isTolerated) {
    // Beside an old one that serves it would only take the room of others.
    if (isOldLive && isLive(fresh)) return { do: 'stop', target: fresh, why, isVerdict: true };
    const tended = context.tend(fresh);
    return tended.do === 'keep' ? waiting(`update goes on without it: ${why}`) : tended;
  }
  if (pausedBecause !== null) return waiting(`update paused: ${pausedBecause}`);
  if (isLive(fresh)) return { do: 'stop', target: fresh, why, isVerdict: true };
  return { do: 'rename', target: fresh, to: nameWithRole(fresh, 'failed'), why };
}

const waiting = (why: string): Move => ({ do: 'wait', because: 'rollout', why, recheckAtMs: null });

/** Waits, and looks again when the new replica must be ready at the latest. */
export function waitForReady(fresh: ObservedContainer, context: RolloutContext): Move {
  const { service, now } = context;
  if (isProven(fresh, service, context)) return waiting('ready; waits for the other replicas');
  const limit = hasCheck(fresh) ? readyDeadlineMs(fresh, service) : service.updatePolicy.monitorMs;
  const leftMs = Math.max(0, limit - waitedForMs(fresh, context));
  return {
    do: 'wait',
    because: 'time',
    why: 'waits to become ready',
    recheckAtMs: now.monotonicMs + leftMs + 1,
  };
}
