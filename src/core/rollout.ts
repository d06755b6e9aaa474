/**
 * The rollout of one slot that holds an outdated container O, or the evidence of a failed new one N.
 * Owns: the ordered table: first match wins, one step a pass, read from what is observed, so that a crash anywhere
 * changes nothing. Must not know: other slots, beyond the few facts in its context.
 */
import { isLive } from '../model/observed.js';
import { hasEnded } from './container-facts.js';
import { type Move, nameWithRole } from './move.js';
import { isProven } from './readiness.js';
import { ROWS_BACK } from './rollout-back.js';
import type { RolloutContext } from './rollout-context.js';
import { failureOf } from './rollout-failure.js';
import {
  beginning,
  createBeside,
  judgedMove,
  meanwhile,
  policyNo,
  startBeside,
  waitForReady,
  withinBudget,
} from './rollout-moves.js';
import {
  type Container,
  hasPolicy,
  isAhead,
  isKeptAside,
  isUnstarted,
  KEEP,
  type Rule,
  roleIs,
  startsFirst,
} from './rollout-rule.js';
import type { SlotView } from './slots.js';

/** Whether the slot is a matter of rollout at all: not a lone container of the wanted spec. */
export function isInRollout({ outdated, current }: SlotView): boolean {
  return outdated !== null || (current !== null && roleIs('failed', 'old')(current));
}

/** The next move of a slot in rollout; null: the rules of a lone replica apply. */
export function rolloutMove(
  { outdated: old, current: fresh }: SlotView,
  context: RolloutContext,
): Move | null {
  for (const rule of RULES) {
    const move = moveOf(rule, { old, fresh }, context);
    if (move !== null) return move;
  }
  return null;
}

function moveOf(
  rule: Rule,
  { old, fresh }: { readonly old: Container | null; readonly fresh: Container | null },
  context: RolloutContext,
): Move | null {
  if (rule.on === 'both') {
    if (old === null || fresh === null || !rule.when(old, fresh, context)) return null;
    return rule.move(old, fresh, context);
  }
  const [subject, other] = rule.on.startsWith('old') ? [old, fresh] : [fresh, old];
  if (subject === null || (rule.on.endsWith('alone') && other !== null)) return null;
  return rule.when(subject, context) ? rule.move(subject, context) : null;
}

/** The old one still runs. */
const OLD_RUNS: readonly Rule[] = [
  {
    on: 'old alone',
    when: (_, { beginBlockedBy }) => beginBlockedBy !== null,
    move: (old, context) => {
      const { beginBlockedBy } = context;
      return beginBlockedBy === null ? KEEP : meanwhile(old, context, beginBlockedBy);
    },
  },
  {
    on: 'old alone',
    when: (old, context) => isLive(old) && startsFirst(context),
    move: createBeside,
  },
  {
    on: 'old alone',
    when: isLive,
    move: (target, context) => beginning(context, target, { do: 'stop', target, why: context.why }),
  },
  {
    on: 'both',
    when: (old, fresh, context) =>
      isLive(old) && !startsFirst(context) && !isAhead(fresh) && failureOf(fresh, context) === null,
    move: (target, _, context) => beginning(context, target, { do: 'stop', target, why: context.why }),
  },
  {
    on: 'both',
    when: (old, fresh) => isLive(old) && isUnstarted(fresh),
    move: (_, fresh, context) => startBeside(fresh, context),
  },
  {
    on: 'both',
    when: (old, fresh, context) => isLive(old) && isProven(fresh, context.service, context),
    move: (target, _, context) =>
      withinBudget(context, target, { do: 'stop', target, why: 'its successor is ready' }),
  },
];

/** The old one is at rest: keep it aside, then bring up the new one. */
const OLD_RESTS: readonly Rule[] = [
  {
    on: 'old',
    when: (old) => !isLive(old) && !isKeptAside(old),
    move: (target) => ({
      do: 'rename',
      target,
      to: nameWithRole(target, 'old'),
      why: 'kept until its successor is ready',
    }),
  },
  {
    on: 'old',
    when: (old) => !isLive(old) && hasPolicy(old),
    move: (old) => policyNo(old, 'kept until its successor is ready'),
  },
  {
    on: 'old alone',
    when: () => true,
    move: (old, { why }) => ({ do: 'create', why, from: old }),
  },
  {
    on: 'both',
    when: (old, _, { canOldComeBack }) => !isLive(old) && !canOldComeBack,
    move: (target) => ({ do: 'remove', target, why: 'it could not be started again' }),
  },
  {
    on: 'both',
    when: (_, fresh) => isUnstarted(fresh),
    move: (_, fresh, context) => context.start(fresh, context.why),
  },
];

/** The new one has been started: it is waited for, and judged. */
const JUDGEMENT: readonly Rule[] = [
  {
    on: 'fresh',
    when: ({ status }) => status === 'paused',
    move: (target) => ({ do: 'unpause', target, why: 'it was paused' }),
  },
  {
    on: 'both',
    when: (old, _, { verdict }) => !isLive(old) && verdict.allSettled,
    move: (target) => ({ do: 'remove', target, why: 'its successor is ready' }),
  },
  {
    on: 'both',
    when: (_, fresh, context) => hasEnded(fresh) && failureOf(fresh, context) === null,
    move: (_, fresh, context) => context.start(fresh, 'started once more before it is judged'),
  },
  {
    on: 'both',
    when: (_, fresh, context) => failureOf(fresh, context) !== null,
    move: (old, fresh, context) => judgedMove(fresh, context, isLive(old)),
  },
  {
    on: 'both',
    when: () => true,
    move: (_, fresh, context) => waitForReady(fresh, context),
  },
];

const RULES: readonly Rule[] = [...ROWS_BACK, ...OLD_RUNS, ...OLD_RESTS, ...JUDGEMENT];
