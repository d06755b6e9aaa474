/**
 * The rollout of one slot that holds an outdated container or the evidence of a failed one.
 * Owns: the table of pair states, first match wins, one step a pass, read from what is observed alone, so that a crash
 * anywhere changes nothing. Must not know: other slots, beyond the few facts in its context.
 */
import type { DesiredService, RestartPolicy } from '../model/desired.js';
import { isOneShot } from '../model/desired.js';
import { type NameRole, roleOfName, withoutRole } from '../model/names.js';
import type { Now } from '../model/now.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { endOf, missingAttachment, samePolicy } from './container-facts.js';
import { type Block, type Move, NO_RESTART, nameWithRole } from './move.js';
import { isProven, isReady, readyDeadlineMs, upForMs } from './readiness.js';
import type { SlotView } from './slots.js';

/** The facts around a slot that its rollout depends on. */
export interface RolloutContext {
  readonly service: DesiredService;
  readonly order: 'start-first' | 'stop-first';
  /** Asks for leave to take this slot's replica away: enough others are ready, or it is not ready anyway. */
  readonly takeFromBudget: () => boolean;
  /** Why the rollout may not begin here (image, network, dependency not there yet); null: it may. */
  readonly beginBlockedBy: Block | null;
  /** Every slot has a proven replica of the wanted spec. */
  readonly allProven: boolean;
  /** Some slot holds the evidence that the wanted spec failed. */
  readonly held: boolean;
  /** Why starting must wait (a dependency, a back-off); null: it may. */
  readonly startBlockedBy: Block | null;
  /** This process has already started that container once more. */
  readonly wasTriedAgain: (container: ObservedContainer) => boolean;
  readonly now: Now;
}

interface Pair {
  readonly old: ObservedContainer | null;
  readonly oldRole: NameRole;
  readonly fresh: ObservedContainer | null;
  readonly freshRole: NameRole;
}

interface Rule {
  readonly when: (pair: Pair, context: RolloutContext) => boolean;
  readonly move: (pair: Pair, context: RolloutContext) => Move;
}

/** Whether the slot is a matter of rollout at all: not a lone container of the wanted spec. */
export function isInRollout(view: SlotView): boolean {
  if (view.outdated !== null) return true;
  return view.current !== null && roleOfName(view.current.name) !== 'plain';
}

/** The next move of a slot in rollout; null: the rules of a lone replica apply. */
export function rolloutMove(view: SlotView, context: RolloutContext): Move | null {
  const pair: Pair = {
    old: view.outdated,
    oldRole: view.outdated === null ? 'plain' : roleOfName(view.outdated.name),
    fresh: view.current,
    freshRole: view.current === null ? 'plain' : roleOfName(view.current.name),
  };
  const rule = RULES.find((candidate) => candidate.when(pair, context));
  return rule === undefined ? null : rule.move(pair, context);
}

/** Why a new container counts as failed; null while it may still become ready. */
export function failureOf(
  fresh: ObservedContainer,
  context: Pick<RolloutContext, 'now' | 'wasTriedAgain'>,
): string | null {
  if (fresh.status === 'restarting' || fresh.restartCount > 0) return `it keeps exiting (${endOf(fresh)})`;
  if (fresh.status === 'dead') return 'it is dead';
  if (fresh.status === 'exited' && (fresh.exitCode === 126 || fresh.exitCode === 127)) return endOf(fresh);
  const hasEnded = fresh.status === 'exited' || (fresh.status === 'created' && fresh.error !== '');
  if (hasEnded && context.wasTriedAgain(fresh)) return fresh.error !== '' ? fresh.error : endOf(fresh);
  const isLate =
    fresh.status === 'running' && !isReady(fresh) && upForMs(fresh, context.now) > readyDeadlineMs(fresh);
  return isLate ? `not ready after ${Math.round(readyDeadlineMs(fresh) / 1000)} s` : null;
}

const isAside = (container: ObservedContainer): boolean =>
  !isLive(container) && container.restartPolicy.name === 'no';

const RULES: readonly Rule[] = [
  // Evidence first: it must be at rest before anything else is judged.
  {
    when: ({ fresh, freshRole }) => fresh !== null && freshRole === 'failed' && isLive(fresh),
    move: ({ fresh }) => on(fresh, (target) => ({ do: 'stop', target, why: 'it failed in the rollout' })),
  },
  {
    when: ({ fresh, freshRole }) => fresh !== null && freshRole === 'failed' && !isAside(fresh),
    move: ({ fresh }) => policyNo(fresh, 'it failed in the rollout'),
  },
  // Roll back: each half is visible in names, policies and states.
  {
    when: ({ old, fresh, freshRole }, { held }) =>
      held && old !== null && fresh !== null && freshRole === 'plain' && isLive(fresh),
    move: ({ fresh }, context) =>
      withinBudget(
        context,
        on(fresh, (target) => ({ do: 'stop', target, why: 'rolling back' })),
      ),
  },
  {
    when: ({ old, fresh, freshRole }, { held }) =>
      held && old !== null && fresh !== null && freshRole === 'plain',
    move: ({ fresh }) => on(fresh, (target) => ({ do: 'remove', target, why: 'rolling back' })),
  },
  {
    when: ({ old }, { held }) => held && old !== null,
    move: ({ old }, context) => on(old, (target) => restoreMove(target, context, 'rolling back')),
  },
  {
    when: ({ old, fresh, freshRole }) => old === null && fresh !== null && freshRole === 'failed',
    move: ({ fresh }) =>
      on(fresh, (target) => ({
        do: 'rename',
        target,
        to: withoutRole(target.name),
        why: 'nothing left to roll back to',
      })),
  },
  // One-shots are never rolled back.
  {
    when: ({ old }, { service }) => old !== null && isOneShot(service) && isLive(old),
    move: ({ old }, context) =>
      beginning(
        context,
        on(old, (target) => ({ do: 'stop', target, why: 'its spec changed' })),
      ),
  },
  {
    when: ({ old }, { service }) => old !== null && isOneShot(service),
    move: ({ old }) => on(old, (target) => ({ do: 'remove', target, why: 'its spec changed' })),
  },
  // An edit taken back: the kept container is the wanted one again.
  {
    when: ({ old, freshRole }) => freshRole === 'old' && old !== null && isLive(old),
    move: ({ old }, context) =>
      beginning(
        context,
        on(old, (target) => ({ do: 'stop', target, why: 'the edit was taken back' })),
      ),
  },
  {
    when: ({ old, freshRole }) => freshRole === 'old' && old !== null,
    move: ({ old }) => on(old, (target) => ({ do: 'remove', target, why: 'the edit was taken back' })),
  },
  {
    when: ({ freshRole }) => freshRole === 'old',
    move: ({ fresh }) =>
      on(fresh, (target) => ({
        do: 'rename',
        target,
        to: withoutRole(target.name),
        why: 'its spec is wanted again',
      })),
  },
  // The old one still runs.
  {
    when: ({ old, fresh }, { order }) =>
      old !== null && isLive(old) && order === 'stop-first' && !isAhead(fresh),
    move: ({ old }, context) =>
      beginning(
        context,
        on(old, (target) => ({ do: 'stop', target, why: 'its spec changed' })),
      ),
  },
  {
    when: ({ old, fresh }, { order }) =>
      old !== null && isLive(old) && order === 'start-first' && fresh === null,
    move: (_, context) => beginning(context, { do: 'create', why: 'its spec changed' }),
  },
  {
    when: ({ old, fresh }) => old !== null && isLive(old) && fresh !== null && isUnstarted(fresh),
    move: ({ fresh }, context) => startMove(fresh, context, 'its spec changed'),
  },
  {
    when: ({ old, fresh }, { service, now }) =>
      old !== null && isLive(old) && fresh !== null && isProven(fresh, service, now),
    move: ({ old }) => on(old, (target) => ({ do: 'stop', target, why: 'its successor is ready' })),
  },
  // The old one is at rest: keep it aside, then bring up the new one.
  {
    when: ({ old, oldRole }) => old !== null && !isLive(old) && oldRole !== 'old',
    move: ({ old }) =>
      on(old, (target) => ({
        do: 'rename',
        target,
        to: nameWithRole(target, 'old'),
        why: 'kept until its successor is ready',
      })),
  },
  {
    when: ({ old, oldRole }) => old !== null && oldRole === 'old' && old.restartPolicy.name !== 'no',
    move: ({ old }) => policyNo(old, 'kept until its successor is ready'),
  },
  {
    when: ({ old, fresh }) => old !== null && fresh === null,
    move: (_, { beginBlockedBy }) =>
      beginBlockedBy === null ? { do: 'create', why: 'its spec changed' } : { do: 'wait', ...beginBlockedBy },
  },
  {
    when: ({ old, fresh }) => old !== null && fresh !== null && isUnstarted(fresh),
    move: ({ fresh }, context) => startMove(fresh, context, 'its spec changed'),
  },
  {
    when: ({ fresh }) => fresh !== null && fresh.status === 'paused',
    move: ({ fresh }) => on(fresh, (target) => ({ do: 'unpause', target, why: 'it was paused' })),
  },
  {
    when: ({ old, oldRole, fresh }, { allProven }) =>
      old !== null && oldRole === 'old' && fresh !== null && allProven,
    move: ({ old }) => on(old, (target) => ({ do: 'remove', target, why: 'its successor is ready' })),
  },
  {
    when: ({ old, fresh }, context) =>
      old !== null && fresh !== null && failureOf(fresh, context) === null && hasEnded(fresh),
    move: ({ fresh }, context) => startMove(fresh, context, 'started once more before it is judged'),
  },
  {
    when: ({ old, fresh }, context) => old !== null && fresh !== null && failureOf(fresh, context) !== null,
    move: ({ fresh }, context) => on(fresh, (target) => judgedMove(target, context)),
  },
  {
    when: ({ old, fresh }) => old !== null && fresh !== null,
    move: ({ fresh }, context) => on(fresh, (target) => waitForReady(target, context)),
  },
];

/** The new one is ready, or has come to an end that must be judged: stopping the old one would gain nothing. */
const isAhead = (fresh: ObservedContainer | null): boolean =>
  fresh !== null && !isUnstarted(fresh) && (fresh.status !== 'running' || isReady(fresh));

const isUnstarted = (fresh: ObservedContainer): boolean => fresh.status === 'created' && fresh.error === '';

const hasEnded = (fresh: ObservedContainer): boolean =>
  fresh.status === 'exited' || (fresh.status === 'created' && fresh.error !== '');

/** Applies a move to a container that the rule's condition has shown to be there. */
function on(container: ObservedContainer | null, move: (target: ObservedContainer) => Move): Move {
  return container === null ? { do: 'keep', why: '' } : move(container);
}

function policyNo(container: ObservedContainer | null, why: string): Move {
  return on(container, (target) => ({ do: 'policy', target, restart: NO_RESTART, why }));
}

/** For moves that take a working replica away for the sake of the wanted spec. */
function beginning(context: RolloutContext, move: Move): Move {
  if (context.beginBlockedBy !== null) return { do: 'wait', ...context.beginBlockedBy };
  return withinBudget(context, move);
}

function withinBudget(context: RolloutContext, move: Move): Move {
  return context.takeFromBudget()
    ? move
    : { do: 'wait', because: 'rollout', why: 'waits for other replicas of its rollout', recheckAtMs: null };
}

function blockedOr(context: RolloutContext, move: Move): Move {
  return context.startBlockedBy === null ? move : { do: 'wait', ...context.startBlockedBy };
}

function startMove(fresh: ObservedContainer | null, context: RolloutContext, why: string): Move {
  return on(fresh, (target) => {
    const missing = missingAttachment(target, context.service);
    if (missing !== null)
      return { do: 'connect', target, attachment: missing, why: `not on ${missing.network}` };
    return blockedOr(context, { do: 'start', target, interrupted: false, why });
  });
}

/** Name, then policy, then start: what brings a kept container back. */
function restoreMove(old: ObservedContainer, context: RolloutContext, why: string): Move {
  if (roleOfName(old.name) === 'old') return { do: 'rename', target: old, to: withoutRole(old.name), why };
  const declared = context.service.container.restart;
  if (!samePolicy(old.restartPolicy, declared)) return { do: 'policy', target: old, restart: declared, why };
  if (old.status === 'paused') return { do: 'unpause', target: old, why: 'it was paused' };
  if (!isLive(old)) return blockedOr(context, { do: 'start', target: old, interrupted: false, why });
  return { do: 'keep', why: 'rolled back' };
}

function judgedMove(fresh: ObservedContainer, context: RolloutContext): Move {
  const why = failureOf(fresh, context) ?? '';
  const { failureAction } = context.service.updatePolicy;
  if (failureAction === 'pause')
    return { do: 'wait', because: 'rollout', why: `update paused: ${why}`, recheckAtMs: null };
  if (failureAction === 'continue')
    return { do: 'wait', because: 'rollout', why: `update goes on without it: ${why}`, recheckAtMs: null };
  if (isLive(fresh)) return { do: 'stop', target: fresh, why };
  return { do: 'rename', target: fresh, to: nameWithRole(fresh, 'failed'), why };
}

function waitForReady(fresh: ObservedContainer, context: RolloutContext): Move {
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
