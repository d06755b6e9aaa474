/**
 * The rollout of one slot that holds an outdated container O, or the evidence of a failed new one N.
 * Owns: the ordered table: first match wins, one step a pass, read from what is observed, so that a crash anywhere
 * changes nothing. Must not know: other slots, beyond the few facts in its context.
 */
import { isOneShot } from '../model/desired.js';
import { type NameRole, roleOfName, withoutRole } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { anonymousVolumes } from './anonymous.js';
import { type Move, nameWithRole } from './move.js';
import { isProven, isReady } from './readiness.js';
import type { RolloutContext } from './rollout-context.js';
import { failureOf } from './rollout-failure.js';
import {
  beginning,
  createBeside,
  judgedMove,
  policyNo,
  restoreMove,
  startBeside,
  waitForReady,
  withinBudget,
} from './rollout-moves.js';
import type { SlotView } from './slots.js';

type Container = ObservedContainer;

/** A row about both containers, about one of them, or about one while the other is not there. */
type Rule =
  | {
      readonly on: 'both';
      readonly when: (old: Container, fresh: Container, context: RolloutContext) => boolean;
      readonly move: (old: Container, fresh: Container, context: RolloutContext) => Move;
    }
  | {
      readonly on: 'old' | 'old alone' | 'fresh' | 'fresh alone';
      readonly when: (container: Container, context: RolloutContext) => boolean;
      readonly move: (container: Container, context: RolloutContext) => Move;
    };

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

const roleIs =
  (...roles: readonly NameRole[]) =>
  ({ name }: Container): boolean =>
    roles.includes(roleOfName(name));
const isFailed = roleIs('failed');
const isKeptAside = roleIs('old');
const isPlain = roleIs('plain');
const hasPolicy = ({ restartPolicy }: Container): boolean => restartPolicy.name !== 'no';
const startsFirst = ({ order }: RolloutContext): boolean => order === 'start-first';
const isUnstarted = ({ status, error }: Container): boolean => status === 'created' && error === '';
const hasEnded = ({ status, error }: Container): boolean =>
  status === 'exited' || (status === 'created' && error !== '');
/** Ready, or come to an end that must be judged: stopping the old one would gain nothing. */
const isAhead = (fresh: Container): boolean =>
  !isUnstarted(fresh) && (fresh.status !== 'running' || isReady(fresh));

/** Evidence first: it must be at rest before anything else is judged. What is dead takes no policy. */
const EVIDENCE: readonly Rule[] = [
  {
    on: 'fresh',
    when: (fresh) => isFailed(fresh) && isLive(fresh),
    move: (target) => ({ do: 'stop', target, why: 'it failed in the rollout' }),
  },
  {
    on: 'fresh',
    when: (fresh) => isFailed(fresh) && hasPolicy(fresh) && fresh.status !== 'dead',
    move: (fresh) => policyNo(fresh, 'it failed in the rollout'),
  },
];

/** Roll back: each half is visible in names, policies and states. A slot whose own new replica did well goes back too. */
const BACK: readonly Rule[] = [
  {
    on: 'both',
    when: (_, fresh, { verdict }) => verdict.held && isPlain(fresh) && isLive(fresh),
    move: (_, target, context) => withinBudget(context, target, { do: 'stop', target, why: 'rolling back' }),
  },
  {
    on: 'both',
    when: (_, fresh, { verdict }) => verdict.held && isPlain(fresh),
    move: (_, target) => ({ do: 'remove', target, why: 'rolling back' }),
  },
  {
    on: 'old',
    when: (_, { verdict }) => verdict.held,
    move: (old, context) => restoreMove(old, context, 'rolling back'),
  },
  {
    on: 'fresh alone',
    when: (fresh, { hasOldAnywhere }) => isFailed(fresh) && !hasOldAnywhere,
    move: (target) => ({
      do: 'rename',
      target,
      to: withoutRole(target.name),
      why: 'nothing left to roll back to',
    }),
  },
  {
    on: 'fresh alone',
    when: isFailed,
    move: () => ({ do: 'keep', why: 'evidence of the failed spec' }),
  },
];

/** One-shots are never rolled back: the old one goes, the new one runs. */
const ONE_SHOTS: readonly Rule[] = [
  {
    on: 'old',
    when: (old, { service }) => isOneShot(service) && isLive(old),
    move: (target, context) => beginning(context, target, { do: 'stop', target, why: context.why }),
  },
  {
    on: 'old alone',
    when: (old, { service }) => isOneShot(service) && !isKeptAside(old) && anonymousVolumes(old).length > 0,
    move: (target, { why }) => ({ do: 'rename', target, to: nameWithRole(target, 'old'), why }),
  },
  {
    on: 'old alone',
    when: (old, { service }) => isOneShot(service) && anonymousVolumes(old).length > 0,
    move: (old, { beginBlockedBy, why }) =>
      beginBlockedBy === null ? { do: 'create', why, from: old } : { do: 'wait', ...beginBlockedBy },
  },
  {
    on: 'old',
    when: (_, { service }) => isOneShot(service),
    move: (target, { why }) => ({ do: 'remove', target, why }),
  },
];

/** An edit taken back: the kept container is the wanted one again. */
const TAKEN_BACK: readonly Rule[] = [
  {
    on: 'both',
    when: (old, fresh) => isKeptAside(fresh) && isLive(old),
    move: (target, _, context) =>
      beginning(context, target, { do: 'stop', target, why: 'the edit was taken back' }),
  },
  {
    on: 'both',
    when: (_, fresh) => isKeptAside(fresh),
    move: (target) => ({ do: 'remove', target, why: 'the edit was taken back' }),
  },
  {
    on: 'fresh',
    when: isKeptAside,
    move: (target) => ({
      do: 'rename',
      target,
      to: withoutRole(target.name),
      why: 'its spec is wanted again',
    }),
  },
];

/** The old one still runs. */
const OLD_RUNS: readonly Rule[] = [
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
    when: (old, fresh, context) => isLive(old) && !startsFirst(context) && !isAhead(fresh),
    move: (target, _, context) => beginning(context, target, { do: 'stop', target, why: context.why }),
  },
  {
    on: 'both',
    when: (old, fresh) => isLive(old) && isUnstarted(fresh),
    move: (_, fresh, context) => startBeside(fresh, context),
  },
  {
    on: 'both',
    when: (old, fresh, { service, now }) => isLive(old) && isProven(fresh, service, now),
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
    move: (old, { beginBlockedBy, why }) =>
      beginBlockedBy === null ? { do: 'create', why, from: old } : { do: 'wait', ...beginBlockedBy },
  },
  {
    on: 'both',
    when: (old, _, { canOldComeBack }) => !isLive(old) && !canOldComeBack,
    move: (target) => ({ do: 'remove', target, why: 'its network is gone: it could not be started again' }),
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
    move: (_, fresh, context) => judgedMove(fresh, context),
  },
  {
    on: 'both',
    when: () => true,
    move: (_, fresh, context) => waitForReady(fresh, context),
  },
];

const RULES: readonly Rule[] = [
  ...EVIDENCE,
  ...BACK,
  ...ONE_SHOTS,
  ...TAKEN_BACK,
  ...OLD_RUNS,
  ...OLD_RESTS,
  ...JUDGEMENT,
];
