/**
 * The rows of the rollout's table that lead back: evidence, rolling back, one-shots, edits that were taken back.
 * Owns: these rows, in their order. Must not know: the rows that lead to the new container.
 */
import { isOneShot } from '../model/desired.js';
import { withoutRole } from '../model/names.js';
import { isLive } from '../model/observed.js';
import { anonymousVolumes } from './anonymous.js';
import { nameWithRole } from './move.js';
import { beginning, policyNo, restoreMove, withinBudget } from './rollout-moves.js';
import { hasPolicy, isFailed, isKeptAside, isOlder, isPlain, type Rule } from './rollout-rule.js';

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
    move: (_, target) => ({ do: 'remove', target, why: 'rolling back', volumes: 'own' }),
  },
  {
    on: 'old',
    when: (old, { verdict, canOldComeBack }) => verdict.held && !canOldComeBack && !isLive(old),
    move: (target) => ({ do: 'remove', target, why: 'it could not be started again' }),
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
    move: (target, { beginBlockedBy, why }) =>
      beginBlockedBy === null ? { do: 'stop', target, why } : { do: 'wait', ...beginBlockedBy },
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

/** An edit taken back: the kept container, or the one that still runs, is the wanted one again. */
const TAKEN_BACK: readonly Rule[] = [
  {
    on: 'both',
    when: (old, fresh) => isOlder(fresh, old) && isPlain(old) && isLive(old),
    move: (target, _, context) =>
      withinBudget(context, target, { do: 'stop', target, why: 'the edit was taken back' }),
  },
  {
    on: 'both',
    when: (old, fresh) => isOlder(fresh, old) && isPlain(old),
    move: (target) => ({ do: 'remove', target, why: 'the edit was taken back', volumes: 'own' }),
  },
  {
    on: 'both',
    when: (old, fresh) => isKeptAside(fresh) && isLive(old),
    move: (target, _, context) =>
      beginning(context, target, { do: 'stop', target, why: 'the edit was taken back' }),
  },
  {
    on: 'both',
    when: (_, fresh) => isKeptAside(fresh),
    move: (target) => ({ do: 'remove', target, why: 'the edit was taken back', volumes: 'own' }),
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

/** In their order; the rows that lead to the new container come after these. */
export const ROWS_BACK: readonly Rule[] = [...EVIDENCE, ...BACK, ...ONE_SHOTS, ...TAKEN_BACK];
