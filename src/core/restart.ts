/**
 * A lone replica of the wanted spec: who starts what has ended, and what is mended in place.
 * Owns: the ordered table of its rules, first match wins. Must not know: other slots, rollouts.
 */
import type { DesiredService } from '../model/desired.js';
import { isOneShot } from '../model/desired.js';
import { containerNameOf } from '../model/names.js';
import type { Now } from '../model/now.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { keys } from '../model/step.js';
import { attachmentMove, type NetworkView } from './attach.js';
import { endOf, inPlaceChange } from './container-facts.js';
import type { Followed } from './followers.js';
import { holdingBackoff, type ServiceMemory } from './memory.js';
import type { Block, Move } from './move.js';
import { UNSEEN_EXIT_CODE, verdictOf, wasCutOff } from './one-shot.js';
import { isGivenUp, restartDelayMs } from './sickness.js';

/** An end counts when it has been seen for this long: `docker restart` passes through `exited` for 0.2–0.4 s. */
export const EXIT_CONFIRM_MS = 2_000;

/** What the rules of a lone replica read. */
export interface LoneContext {
  readonly project: string;
  readonly service: DesiredService;
  readonly slot: number;
  readonly memory: ServiceMemory;
  readonly startBlockedBy: Block | null;
  /** Of restarts that follow a dependency: also while that is still being replaced. */
  readonly followBlockedBy: Block | null;
  readonly view: NetworkView;
  /** Why it has to follow a dependency that was started again; null: it need not. */
  readonly followedBy: (container: ObservedContainer) => Followed | null;
  /** Asks for leave to take it away for a moment. */
  readonly take: (container: ObservedContainer) => boolean;
  /** No other container of ours has the name that this one should have. */
  readonly isNameFree: (name: string) => boolean;
  readonly now: Now;
}

interface Rule {
  readonly when: (container: ObservedContainer, context: LoneContext) => boolean;
  readonly move: (container: ObservedContainer, context: LoneContext) => Move;
}

/** The next move of a lone replica. */
export function loneMove(container: ObservedContainer, context: LoneContext): Move {
  const rule = RULES.find((candidate) => candidate.when(container, context));
  return rule === undefined ? AS_DECLARED : rule.move(container, context);
}

/** What a running replica needs beside its form: to follow a dependency, or to be restarted because it is unhealthy. */
export function tendMove(target: ObservedContainer, context: LoneContext): Move {
  const { followBlockedBy, startBlockedBy, now, memory, service } = context;
  const follows = context.followedBy(target);
  if (follows !== null) {
    if (followBlockedBy !== null) return { do: 'wait', ...followBlockedBy };
    return restartWithin(target, context, follows);
  }
  const sick = memory.sicknesses.get(target.id);
  if (sick === undefined || sick.sinceMs === null) return AS_DECLARED;
  if (isGivenUp(sick, service))
    return { do: 'leave', why: `still unhealthy after ${sick.restarts} restarts, which is max_attempts` };
  const dueMs = sick.sinceMs + restartDelayMs(target.id, sick.restarts);
  if (now.monotonicMs < dueMs)
    return { do: 'wait', because: 'time', why: 'unhealthy: waits to be restarted', recheckAtMs: dueMs };
  if (startBlockedBy !== null) return { do: 'wait', ...startBlockedBy };
  return { do: 'restart', target, why: 'unhealthy' };
}

function restartWithin(
  target: ObservedContainer,
  { take }: LoneContext,
  { why, service, run }: Followed,
): Move {
  if (take(target)) return { do: 'restart', target, why, follows: { service, run } };
  return { do: 'wait', because: 'rollout', why: 'waits for other replicas to be back', recheckAtMs: null };
}

/** Attaches what is missing, then starts, unless something forbids it. */
export function startMove(
  target: ObservedContainer,
  context: Pick<LoneContext, 'service' | 'view' | 'startBlockedBy'>,
  { why, interrupted = false }: { readonly why: string; readonly interrupted?: boolean },
): Move {
  const attaching = attachmentMove(target, context.service, context.view);
  return attaching ?? attachedStartMove(target, context, { why, interrupted });
}

/** Starts what is on its networks, unless something forbids it. */
export function attachedStartMove(
  target: ObservedContainer,
  { startBlockedBy }: Pick<LoneContext, 'startBlockedBy'>,
  { why, interrupted = false }: { readonly why: string; readonly interrupted?: boolean },
): Move {
  if (startBlockedBy !== null) return { do: 'wait', ...startBlockedBy };
  return { do: 'start', target, interrupted, why };
}

const AS_DECLARED: Move = { do: 'keep', why: 'as declared' };

const RULES: readonly Rule[] = [
  {
    when: ({ status }) => status === 'removing',
    move: () => ({ do: 'wait', because: 'time', why: 'is being removed', recheckAtMs: null }),
  },
  {
    when: (container, context) =>
      inPlaceChange(container, context.service, context.memory) !== null &&
      !isHeldBack('updateContainer', container, context),
    move(target, { service, memory }) {
      const found = inPlaceChange(target, service, memory);
      return found === null ? AS_DECLARED : { do: 'update', target, ...found };
    },
  },
  {
    // The name of an earlier form of hash ends in that hash, and is right.
    when: (container, context) =>
      container.owned.hash === context.service.hash &&
      container.name !== nameFor(context) &&
      !isHeldBack('renameContainer', container, context) &&
      context.isNameFree(nameFor(context)),
    move: (target, context) => ({
      do: 'rename',
      target,
      to: nameFor(context),
      why: `is named ${target.name}`,
    }),
  },
  {
    when: ({ status }, { service }) => status === 'paused' && !service.selfHeal,
    move: () => ({ do: 'leave', why: 'paused by hand, and self_heal is false' }),
  },
  {
    when: ({ status }) => status === 'paused',
    move: (target) => ({ do: 'unpause', target, why: 'it was paused' }),
  },
  {
    when: (container, { service, view }) =>
      isLive(container) && attachmentMove(container, service, view) !== null,
    move: (target, { service, view }) => attachmentMove(target, service, view) ?? AS_DECLARED,
  },
  {
    when: ({ status }) => status === 'created',
    move: (target, context) =>
      startMove(target, context, {
        why: target.error === '' ? 'created, not yet started' : 'its start failed',
      }),
  },
  {
    when: ({ status }) => status !== 'exited',
    move: tendMove,
  },
  {
    when: (container, { service, memory }) => verdictOf(container, service, memory) !== null,
    move: () => ({ do: 'keep', why: 'it has ended' }),
  },
  {
    when: (container, { memory, now }) => {
      const seen = memory.exits.get(container.id);
      return (
        !memory.stoppedByUs.has(container.id) &&
        seen !== undefined &&
        now.monotonicMs < seen.sinceMs + EXIT_CONFIRM_MS
      );
    },
    move: (container, { memory, now }) =>
      confirming((memory.exits.get(container.id)?.sinceMs ?? now.monotonicMs) + EXIT_CONFIRM_MS),
  },
  {
    // An end that was found when we, or the engine, came back, or that Docker did not see, was nobody's wish.
    when: ({ id, exitCode }, { service, memory }) =>
      !service.selfHeal &&
      !memory.stoppedByUs.has(id) &&
      exitCode !== UNSEEN_EXIT_CODE &&
      memory.exits.get(id)?.wasFound !== true,
    move: () => ({ do: 'leave', why: 'stopped by hand, and self_heal is false' }),
  },
  {
    when: (container, { service, memory }) => isOneShot(service) && wasCutOff(container, memory),
    move: (target, context) => startMove(target, context, { why: 'its run was cut off', interrupted: true }),
  },
  {
    when: () => true,
    move: (target, context) => startMove(target, context, { why: endOf(target) }),
  },
];

/** It failed and is tried again later; what else is to be done does not wait for that. */
function isHeldBack(
  kind: 'updateContainer' | 'renameContainer',
  { id }: ObservedContainer,
  { service, slot, memory, now }: LoneContext,
): boolean {
  const place = { key: keys.replica(service.name, slot), kind, id };
  return holdingBackoff(memory.backoffs, { ...place, hash: service.hash, now }) !== null;
}

const nameFor = ({ project, service, slot }: LoneContext): string => containerNameOf(project, service, slot);

const confirming = (recheckAtMs: number): Move => ({
  do: 'wait',
  because: 'time',
  why: 'has just exited',
  recheckAtMs,
});
