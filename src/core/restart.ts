/**
 * A lone replica of the wanted spec: who starts what has ended, and what is mended in place.
 * Owns: the ordered table of its rules, first match wins. Must not know: other slots, rollouts.
 */
import type { DesiredService } from '../model/desired.js';
import { isOneShot } from '../model/desired.js';
import { containerNameOf, isCurrentHashVersion } from '../model/names.js';
import type { Now } from '../model/now.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { endOf, missingAttachment, samePolicy } from './container-facts.js';
import type { ServiceMemory } from './memory.js';
import type { Block, Move } from './move.js';

/** An end counts when it has been seen for this long: `docker restart` passes through `exited` for 0.2–0.4 s. */
export const EXIT_CONFIRM_MS = 2_000;
/** A one-shot that was cut off is run again this many times. */
export const MAX_INTERRUPTIONS = 3;
/** Docker's exit code for an end that it did not see. */
const UNSEEN_EXIT_CODE = 255;

/** What the rules of a lone replica read. */
export interface LoneContext {
  readonly project: string;
  readonly service: DesiredService;
  readonly slot: number;
  readonly memory: ServiceMemory;
  readonly startBlockedBy: Block | null;
  /** Name of a network that the container is attached to although that very network is gone; null: none. */
  readonly deadEndpoint: (container: ObservedContainer) => string | null;
  /** No other container of ours has the name that this one should have. */
  readonly isNameFree: (name: string) => boolean;
  readonly now: Now;
}

/** How a one-shot ended for good; null while it has not. */
export type Verdict = 'completed' | 'failed' | null;

/** The result of a one-shot's container. An end that Docker did not see is none, until it was cut off too often. */
export function verdictOf(
  container: ObservedContainer,
  service: DesiredService,
  memory: ServiceMemory,
): Verdict {
  if (!isOneShot(service) || container.status !== 'exited' || container.startedAt === null) return null;
  if (container.exitCode === 0) return 'completed';
  const { name, maximumRetryCount } = service.container.restart;
  if (container.exitCode === UNSEEN_EXIT_CODE)
    return memory.interruptions >= MAX_INTERRUPTIONS ? 'failed' : null;
  if (name === 'no') return 'failed';
  return maximumRetryCount > 0 && container.restartCount >= maximumRetryCount ? 'failed' : null;
}

interface Rule {
  readonly when: (container: ObservedContainer, context: LoneContext) => boolean;
  readonly move: (container: ObservedContainer, context: LoneContext) => Move;
}

/** The next move of a lone replica. */
export function loneMove(container: ObservedContainer, context: LoneContext): Move {
  const rule = RULES.find((candidate) => candidate.when(container, context));
  return rule === undefined ? { do: 'keep', why: 'as declared' } : rule.move(container, context);
}

const RULES: readonly Rule[] = [
  {
    when: ({ status }) => status === 'removing',
    move: () => ({ do: 'wait', because: 'time', why: 'is being removed', recheckAtMs: null }),
  },
  {
    when: ({ status }) => status === 'dead',
    move: stuckMove,
  },
  {
    when: (container, { service }) => !samePolicy(container.restartPolicy, service.container.restart),
    move: (target, { service }) => ({
      do: 'policy',
      target,
      restart: service.container.restart,
      why: `restart policy is ${target.restartPolicy.name}, declared is ${service.container.restart.name}`,
    }),
  },
  {
    when: (container, context) =>
      isCurrentHashVersion(container.owned.hash) &&
      container.name !== nameFor(context) &&
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
    when: (container, { service }) =>
      isAttachable(container) && missingAttachment(container, service) !== null,
    move: (target, { service }) => {
      const attachment = missingAttachment(target, service);
      if (attachment === null) return { do: 'keep', why: 'as declared' };
      return { do: 'connect', target, attachment, why: `not on ${attachment.network}` };
    },
  },
  {
    when: ({ status }) => status === 'created',
    move: (target, context) =>
      start(target, context, target.error === '' ? 'created, not yet started' : 'its start failed'),
  },
  {
    when: ({ status }) => status !== 'exited',
    move: () => ({ do: 'keep', why: 'as declared' }),
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
    when: (container, { service, memory }) => !service.selfHeal && !memory.stoppedByUs.has(container.id),
    move: () => ({ do: 'leave', why: 'stopped by hand, and self_heal is false' }),
  },
  {
    when: (container, { service }) => isOneShot(service) && container.exitCode === UNSEEN_EXIT_CODE,
    move: (target, context) => start(target, context, 'its run was cut off', true),
  },
  {
    when: () => true,
    move: (target, context) => start(target, context, endOf(target)),
  },
];

/** Aside by its name, so that its slot can be filled. */
export function stuckMove(target: ObservedContainer): Move {
  const to = `${target.name}-stuck-${target.id.slice(0, 4)}`;
  return { do: 'rename', target, to, why: 'it is dead: Docker could not remove it' };
}

const nameFor = ({ project, service, slot }: LoneContext): string => containerNameOf(project, service, slot);

const isAttachable = (container: ObservedContainer): boolean =>
  container.status === 'created' || isLive(container);

const confirming = (recheckAtMs: number): Move => ({
  do: 'wait',
  because: 'time',
  why: 'has just exited',
  recheckAtMs,
});

function start(target: ObservedContainer, context: LoneContext, why: string, interrupted = false): Move {
  const dead = context.deadEndpoint(target);
  if (dead !== null)
    return { do: 'disconnect', target, network: dead, why: `its network ${dead} was made anew` };
  const attachment = missingAttachment(target, context.service);
  if (attachment !== null) return { do: 'connect', target, attachment, why: `not on ${attachment.network}` };
  if (context.startBlockedBy !== null) return { do: 'wait', ...context.startBlockedBy };
  return { do: 'start', target, interrupted, why };
}
