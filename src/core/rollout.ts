/**
 * The rollout of one slot that holds an outdated container or the evidence of a failed one.
 * Owns: the table of pair states, first match wins, one step a pass, read from what is observed alone, so that a crash
 * anywhere changes nothing. Must not know: other slots, beyond the few facts in its context.
 */
import { isOneShot } from '../model/desired.js';
import { type NameRole, roleOfName, withoutRole } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { type Move, nameWithRole } from './move.js';
import { isProven, isReady } from './readiness.js';
import { failureOf, type RolloutContext } from './rollout-context.js';
import {
  beginning,
  judgedMove,
  on,
  policyNo,
  restoreMove,
  startMove,
  waitForReady,
  withinBudget,
} from './rollout-moves.js';
import type { SlotView } from './slots.js';

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

/** What is dead never starts again, and takes no policy. */
const isAside = (container: ObservedContainer): boolean =>
  container.status === 'dead' || (!isLive(container) && container.restartPolicy.name === 'no');

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
