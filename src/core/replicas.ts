/**
 * The moves of all replicas of one service, brought together from scaling, rollout and restart rules.
 * Owns: which rule set a slot belongs to. Must not know: steps, statuses.
 */
import type { DesiredService } from '../model/desired.js';
import type { StepKey } from '../model/ids.js';
import { containerNameOf, roleOfName } from '../model/names.js';
import type { Now } from '../model/now.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { keys, type Step } from '../model/step.js';
import { attachmentMove, detachMove, type NetworkView } from './attach.js';
import type { Followed } from './followers.js';
import { endKey, type ServiceMemory } from './memory.js';
import type { Block, Move } from './move.js';
import { orderFor } from './order.js';
import { attachedStartMove, type LoneContext, loneMove, tendMove } from './restart.js';
import { isInRollout, rolloutMove } from './rollout.js';
import { type Budget, budgetOf } from './rollout-budget.js';
import { type Verdict, verdictOver } from './rollout-verdict.js';
import { type Scaling, scale } from './scale.js';
import { containersOf, type SlotView, slotsOf } from './slots.js';
import { stuckMove } from './stuck.js';
import { canComeBack, outdatedBecause, type Wanted } from './wanted.js';

/** What the moves of a service depend on. */
export interface ReplicasContext {
  readonly project: string;
  readonly service: DesiredService;
  readonly wanted: Wanted;
  readonly containers: readonly ObservedContainer[];
  readonly memory: ServiceMemory;
  readonly inFlight: ReadonlyMap<StepKey, Step>;
  readonly view: NetworkView;
  readonly now: Now;
  /** Why a running replica has to follow a dependency that was started again; null: it need not. */
  readonly followedBy: (container: ObservedContainer) => Followed | null;
  /** Of any start: a dependency that is not met, or somebody who holds what it needs. */
  readonly startBlockedBy: Block | null;
  /** Of making or replacing: also image, network, volume, or a dependency that is itself to be updated. */
  readonly beginBlockedBy: Block | null;
  /** Of making a container that is merely missing: its spec is no news. */
  readonly makeBlockedBy: Block | null;
  /** Of stopping what is scaled to 0: those that need it, and go as well, go first. */
  readonly goBlockedBy: Block | null;
  /** Of a restart that follows a dependency: also while that is itself being replaced. */
  readonly followBlockedBy: Block | null;
}

/** What is to be done with one slot. */
export interface SlotMove {
  readonly slot: number;
  readonly move: Move;
}

/** The moves, and how the rollout that they belong to stands. */
export interface ReplicaMoves {
  readonly moves: readonly SlotMove[];
  readonly verdict: Verdict;
}

/** Sorts the containers and chooses the slots: the part that needs no knowledge of what blocks. */
export function replicaPlan(wanted: Wanted, containers: readonly ObservedContainer[]): Scaling {
  return scale(wanted.service, slotsOf(wanted, containers));
}

/** What all slots of a pass share. */
interface Shared {
  readonly context: ReplicasContext;
  readonly scaling: Scaling;
  readonly budget: Budget;
  readonly verdict: Verdict;
}

/** One move per slot that has no step in flight, sorted by slot. */
export function replicaMoves(scaling: Scaling, context: ReplicasContext): ReplicaMoves {
  const { service, memory, inFlight, now } = context;
  const verdict = verdictOver({ service, scaling, now, memory });
  const toleratedFailures = verdict.tolerated.size;
  const budget = budgetOf({ service, scaling, inFlight, toleratedFailures, memory, now });
  const shared: Shared = { context, scaling, budget, verdict };
  const occupied = new Set(scaling.removed.map(({ slot }) => slot));
  const slots = [
    ...scaling.kept.map((view) => ({ slot: view.slot, decide: () => keptMove(view, shared) })),
    ...scaling.removed.map((view) => ({ slot: view.slot, decide: () => removedMove(view, shared) })),
    ...scaling.added
      .filter((slot) => !occupied.has(slot))
      .map((slot) => ({ slot, decide: () => addedMove(shared) })),
  ];
  const moves = slots
    // What is under way is not asked about: it would use up its share of the budget a second time.
    .filter(({ slot }) => !inFlight.has(keys.replica(service.name, slot)))
    .sort((a, b) => a.slot - b.slot)
    .map(({ slot, decide }) => ({ slot, move: decide() }));
  return { moves, verdict };
}

function keptMove(view: SlotView, shared: Shared): Move {
  const { context } = shared;
  if (containersOf(view).some(({ isSilent }) => isSilent)) return SILENT;
  const first = firstOf(containersOf(view), (container) => setAside(container, context));
  if (first !== null) return first;
  const surplus = surplusMove(view, shared);
  if (surplus !== null) return surplus;
  const attaching = isInRollout(view)
    ? firstOf(containersOf(view), (container) => putBack(container, context))
    : null;
  if (attaching !== null) return attaching;
  const lone = loneContext(view, shared);
  const move = isInRollout(view) ? rolloutMove(view, rolloutContext(view, shared, lone)) : null;
  if (move !== null) return move;
  return view.current === null ? addedMove(shared) : loneMove(view.current, lone);
}

/** Nothing is decided on what is not known. */
const SILENT: Move = {
  do: 'wait',
  because: 'time',
  why: 'Docker gives no answer about its container',
  recheckAtMs: null,
};

/** What is stuck gives its slot up, and everything leaves a network that is made anew, whatever else is due. */
function setAside(target: ObservedContainer, { memory, now, view }: ReplicasContext): Move | null {
  if (target.status === 'removing') return null;
  return stuckMove(target, memory, now) ?? detachMove(target, view);
}

/** What runs in a slot in rollout is put back on its networks; what is wrong with the ends of an old one is left. */
function putBack(target: ObservedContainer, context: ReplicasContext): Move | null {
  if (target.status !== 'running') return null;
  const move = attachingMove(target, context);
  return move?.do === 'disconnect' && outdatedBecause(target, context.wanted) !== null ? null : move;
}

/**
 * Attaches a new one to all networks that are declared; an old one, whose own declaration is not known any more, only to
 * those of them that it is on, that we took it off, or, where it is on none at all, to any.
 */
function attachingMove(
  target: ObservedContainer,
  { service, view, wanted, memory }: ReplicasContext,
): Move | null {
  if (outdatedBecause(target, wanted) === null) return attachmentMove(target, service, view);
  const isItsOwn = (network: string): boolean =>
    target.endpoints.length === 0 ||
    target.endpoints.some((endpoint) => endpoint.network === network) ||
    memory.takenOff.has(endKey(target.id, network));
  const networks = service.container.networks.filter(({ network }) => isItsOwn(network));
  return attachmentMove(target, { container: { networks } }, view);
}

function firstOf<Item>(items: readonly Item[], find: (item: Item) => Move | null): Move | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function loneContext(slotView: SlotView, { context, budget }: Shared): LoneContext {
  return {
    ...context,
    slot: slotView.slot,
    take: (container) => budget.take(slotView, container),
    isNameFree: (name) => !context.containers.some((other) => other.name === name),
  };
}

function rolloutContext(
  slotView: SlotView,
  { context, budget, verdict, scaling }: Shared,
  lone: LoneContext,
): Parameters<typeof rolloutMove>[1] {
  const { service, wanted, project, memory, now } = context;
  const { outdated, slot } = slotView;
  const why = outdated === null ? null : outdatedBecause(outdated, wanted);
  const stop =
    verdict.pausedBecause === null ? verdict.failedBecause : `update paused: ${verdict.pausedBecause}`;
  return {
    service,
    order: outdated === null ? 'stop-first' : orderFor(service, outdated),
    why: why ?? 'its spec changed',
    freshName: containerNameOf(project, service, slot),
    verdict,
    isTolerated: verdict.tolerated.has(slot),
    hasOldAnywhere: scaling.kept.some((view) => view.outdated !== null),
    canOldComeBack: outdated === null || (canComeBack(outdated, wanted) && !isResult(outdated, memory)),
    take: (target) => budget.take(slotView, target),
    add: (what) => budget.add(what),
    beginBlockedBy:
      stop === null ? context.beginBlockedBy : { because: 'rollout', why: stop, recheckAtMs: null },
    pause: pauseOf(context),
    start: (target, startWhy) =>
      attachingMove(target, context) ?? attachedStartMove(target, context, { why: startWhy }),
    tend: (target) => tendMove(target, lone),
    memory,
    now,
  };
}

/** The end of a one-shot is no reason to run it again when its service is meant to go on from now. */
const isResult = ({ id, status }: ObservedContainer, { exits }: ServiceMemory): boolean =>
  status === 'exited' && exits.get(id)?.isResult === true;

/** `delay` after the latest replica that became ready. */
function pauseOf({ memory: { lastUpdatedAtMs }, service, now }: ReplicasContext): Block | null {
  if (lastUpdatedAtMs === null) return null;
  const endMs = lastUpdatedAtMs + service.updatePolicy.delayMs;
  if (now.monotonicMs >= endMs) return null;
  return { because: 'rollout', why: 'pauses between two groups of its rollout', recheckAtMs: endMs };
}

/**
 * Doubles and stale evidence go, the running ones within the budget; a double of the wanted one without what was made for
 * it, which may be what it seemed to be for long.
 */
function surplusMove(view: SlotView, { budget, context: { wanted } }: Shared): Move | null {
  const target = view.surplus.find((container) => container.status !== 'removing') ?? null;
  if (target === null) return null;
  const why =
    roleOfName(target.name) === 'failed'
      ? 'evidence of a spec that is no longer wanted'
      : 'left over in its slot';
  const volumes = outdatedBecause(target, wanted) === null ? 'none' : 'own';
  if (!isLive(target)) return { do: 'remove', target, why, volumes };
  if (!budget.take(view, target))
    return {
      do: 'wait',
      because: 'rollout',
      why: 'waits for other replicas of its rollout',
      recheckAtMs: null,
    };
  return { do: 'stop', target, why };
}

/** Empties a slot: what runs is stopped first. A replica that is given up takes its anonymous volumes along. */
function removedMove(view: SlotView, { context: { memory, now, service, goBlockedBy } }: Shared): Move {
  const all = containersOf(view);
  const isGivenUp = view.current !== null || view.outdated !== null;
  // A declaration that is kept may mean its data too.
  const volumes = service.replicas > 0 ? 'all' : 'none';
  const why = isGivenUp ? 'more replicas than declared' : 'left over in its slot';
  if (all.some(({ isSilent }) => isSilent)) return SILENT;
  const stuck = firstOf(all, (container) => stuckMove(container, memory, now));
  if (stuck !== null) return stuck;
  const live = all.find(isLive);
  if (live !== undefined && goBlockedBy !== null) return { do: 'wait', ...goBlockedBy };
  if (live !== undefined) return { do: 'stop', target: live, why };
  const target = all.find(({ status }) => status !== 'removing');
  if (target === undefined)
    return { do: 'wait', because: 'time', why: 'is being removed', recheckAtMs: null };
  return { do: 'remove', target, why, volumes };
}

function addedMove({ context, verdict, scaling }: Shared): Move {
  const { beginBlockedBy, makeBlockedBy, memory, service } = context;
  const isNoNews =
    memory.told?.hash === service.hash && scaling.kept.every(({ outdated }) => outdated === null);
  const block = isNoNews ? makeBlockedBy : beginBlockedBy;
  if (verdict.held || verdict.failedBecause !== null)
    return { do: 'wait', because: 'rollout', why: 'the declared spec has failed', recheckAtMs: null };
  return block === null
    ? { do: 'create', why: 'no container in its slot', from: null }
    : { do: 'wait', ...block };
}
