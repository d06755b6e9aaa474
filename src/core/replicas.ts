/**
 * The moves of all replicas of one service, brought together from scaling, rollout and restart rules.
 * Owns: which rule set a slot belongs to, and the rollout's budget. Must not know: steps, statuses.
 */
import type { DesiredService } from '../model/desired.js';
import type { StepKey } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import type { Now } from '../model/now.js';
import { isLive, type ObservedContainer, type ObservedNetwork } from '../model/observed.js';
import { keys, type Step } from '../model/step.js';
import type { ServiceMemory } from './memory.js';
import type { Block, Move } from './move.js';
import { isProven, isReady } from './readiness.js';
import { loneMove, stuckMove } from './restart.js';
import { isInRollout, rolloutMove } from './rollout.js';
import { failureOf, type RolloutContext } from './rollout-context.js';
import { type Scaling, scale } from './scale.js';
import { type SlotView, slotsOf } from './slots.js';

/** What the moves of a service depend on. */
export interface ReplicasContext {
  readonly project: string;
  readonly service: DesiredService;
  readonly containers: readonly ObservedContainer[];
  readonly memory: ServiceMemory;
  readonly inFlight: ReadonlyMap<StepKey, Step>;
  readonly networks: ReadonlyMap<string, ObservedNetwork>;
  readonly now: Now;
  /** Of any start: a dependency that is not met. */
  readonly startBlockedBy: Block | null;
  /** Of making or replacing: also image, network, volume, or a dependency that is itself to be updated. */
  readonly beginBlockedBy: Block | null;
}

/** What is to be done with one slot. */
export interface SlotMove {
  readonly slot: number;
  readonly move: Move;
}

/** Sorts the containers and chooses the slots: the part that needs no knowledge of what blocks. */
export function replicaPlan(service: DesiredService, containers: readonly ObservedContainer[]): Scaling {
  return scale(service, slotsOf(service, containers));
}

/** Whether the wanted spec has failed, so that the old one stays. */
export const isHeld = (scaling: Scaling): boolean =>
  [...scaling.kept].some(({ current }) => current !== null && roleOfName(current.name) === 'failed');

/** One move per slot that has no step in flight, sorted by slot. */
export function replicaMoves(scaling: Scaling, context: ReplicasContext): readonly SlotMove[] {
  const budget = budgetOf(scaling, context);
  const held = isHeld(scaling);
  const allProven =
    scaling.kept.length >= context.service.replicas &&
    scaling.kept.every((slot) => isSettledSlot(slot, context));
  const kept = scaling.kept.map((view) => ({
    slot: view.slot,
    move: keptMove(view, { context, budget, held, allProven }),
  }));
  const removed = scaling.removed.map((view) => ({ slot: view.slot, move: emptyMove(view) }));
  const occupied = new Set(removed.map(({ slot }) => slot));
  const added = scaling.added
    .filter((slot) => !occupied.has(slot))
    .map((slot) => ({ slot, move: addedMove(context, held) }));
  return [...kept, ...removed, ...added]
    .filter(({ slot }) => !context.inFlight.has(keys.replica(context.service.name, slot)))
    .sort((a, b) => a.slot - b.slot);
}

/** How many ready replicas may be taken away now, and which are not ready anyway. */
interface Budget {
  /** Called in slot order; each yes for a ready slot uses one up. */
  take(view: SlotView): boolean;
}

function budgetOf(scaling: Scaling, context: ReplicasContext): Budget {
  const { service, inFlight, memory, now } = context;
  const { parallelism, delayMs } = service.updatePolicy;
  const isBusy = (view: SlotView): boolean => {
    const step = inFlight.get(keys.replica(service.name, view.slot));
    return step !== undefined && step.kind !== 'updateContainer' && step.kind !== 'connectNetwork';
  };
  const serving = scaling.kept.filter((view) => isServing(view, context) && !isBusy(view)).length;
  const floor = parallelism === 0 ? 0 : Math.max(0, service.replicas - parallelism);
  const isPausing = memory.lastUpdatedAtMs !== null && now.monotonicMs < memory.lastUpdatedAtMs + delayMs;
  let left = isPausing ? 0 : serving - floor;
  return {
    take(view) {
      if (!isServing(view, context)) return true;
      left -= 1;
      return left >= 0;
    },
  };
}

/** A slot gives service: its outdated replica is ready, or its new one has proven itself. */
function isServing({ current, outdated }: SlotView, { service, now }: ReplicasContext): boolean {
  if (outdated !== null && isReady(outdated)) return true;
  return current !== null && (outdated === null ? isReady(current) : isProven(current, service, now));
}

/** Nothing more is expected of the slot's new replica: proven, or failed where the policy says to go on. */
function isSettledSlot({ current }: SlotView, context: ReplicasContext): boolean {
  if (current === null) return false;
  if (isProven(current, context.service, context.now)) return true;
  return (
    context.service.updatePolicy.failureAction === 'continue' && failureOf(current, judgeOf(context)) !== null
  );
}

const judgeOf = ({ now, memory }: ReplicasContext): Pick<RolloutContext, 'now' | 'wasTriedAgain'> => ({
  now,
  wasTriedAgain: (container) => memory.startedAgain.has(container.id),
});

function keptMove(
  view: SlotView,
  options: { context: ReplicasContext; budget: Budget; held: boolean; allProven: boolean },
): Move {
  const { context, budget, held, allProven } = options;
  const surplus = surplusMove(view, budget);
  if (surplus !== null) return surplus;
  if (isInRollout(view)) {
    const move = rolloutMove(view, {
      ...judgeOf(context),
      service: context.service,
      order: context.service.updatePolicy.order ?? 'stop-first',
      takeFromBudget: () => budget.take(view),
      beginBlockedBy: context.beginBlockedBy,
      startBlockedBy: context.startBlockedBy,
      allProven,
      held,
    });
    if (move !== null) return move;
  }
  if (view.current === null) return addedMove(context, held);
  return loneMove(view.current, {
    ...context,
    slot: view.slot,
    deadEndpoint: (container) => deadEndpointOf(container, context.networks),
    isNameFree: (name) => !context.containers.some((other) => other.name === name),
  });
}

/** Doubles and stale evidence go, the running ones within the budget. */
function surplusMove(view: SlotView, budget: Budget): Move | null {
  const target = view.surplus.find((container) => container.status !== 'removing') ?? null;
  if (target === null) return null;
  const why =
    roleOfName(target.name) === 'failed'
      ? 'evidence of a spec that is no longer wanted'
      : 'left over in its slot';
  if (target.status === 'dead') return stuckMove(target);
  if (!isLive(target)) return { do: 'remove', target, why };
  if (isReady(target) && !budget.take(view))
    return {
      do: 'wait',
      because: 'rollout',
      why: 'waits for other replicas of its rollout',
      recheckAtMs: null,
    };
  return { do: 'stop', target, why };
}

/** Empties a slot: what runs is stopped first. */
export function emptyMove(
  view: Pick<SlotView, 'current' | 'outdated' | 'surplus'>,
  why = 'more replicas than declared',
): Move {
  const all = [view.current, view.outdated, ...view.surplus].filter((container) => container !== null);
  const live = all.find(isLive);
  if (live !== undefined) return { do: 'stop', target: live, why };
  const target = all.find(({ status }) => status !== 'removing');
  if (target === undefined)
    return { do: 'wait', because: 'time', why: 'is being removed', recheckAtMs: null };
  return target.status === 'dead' ? stuckMove(target) : { do: 'remove', target, why };
}

function addedMove({ beginBlockedBy }: ReplicasContext, held: boolean): Move {
  if (held) return { do: 'wait', because: 'rollout', why: 'the declared spec has failed', recheckAtMs: null };
  return beginBlockedBy === null
    ? { do: 'create', why: 'no container in its slot' }
    : { do: 'wait', ...beginBlockedBy };
}

/** A network that was made anew leaves the ended container tied to one that is gone. */
function deadEndpointOf(
  container: ObservedContainer,
  networks: ReadonlyMap<string, ObservedNetwork>,
): string | null {
  const dead = container.endpoints.find(({ network, networkId }) => {
    const present = networks.get(network);
    return networkId !== '' && present !== undefined && present.id !== networkId;
  });
  return dead?.network ?? null;
}
