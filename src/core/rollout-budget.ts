/**
 * How many replicas of a service may be away, and how many may be there beside the declared ones.
 * Owns: the bounds of a rollout: never fewer than desired − parallelism that serve by our own doing, never more than
 * desired + parallelism. Must not know: which move asks.
 */
import type { DesiredService } from '../model/desired.js';
import type { StepKey } from '../model/ids.js';
import type { Now } from '../model/now.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { keys, type Step } from '../model/step.js';
import { parallelismOf } from './order.js';
import { isBroken, isProven, isReady } from './readiness.js';
import type { RunFacts } from './runs.js';
import type { Scaling } from './scale.js';
import { containersOf, type SlotView } from './slots.js';

/** Asked in slot order; each yes uses something up. */
export interface Budget {
  /** Leave to take this container away. What is broken may always go. */
  take(view: SlotView, target: ObservedContainer): boolean;
  /** Leave to make, or to start, a container beside a live one. */
  add(what: 'create' | 'start'): boolean;
}

/** What a budget is made from. */
export interface BudgetFacts {
  readonly service: DesiredService;
  readonly scaling: Scaling;
  readonly inFlight: ReadonlyMap<StepKey, Step>;
  /** Slots whose new replica has failed and is put up with: they are not waited for. */
  readonly toleratedFailures: number;
  readonly memory: RunFacts['memory'];
  readonly now: Now;
}

/** The budget of one pass. */
export function budgetOf(facts: BudgetFacts): Budget {
  const { service, scaling, toleratedFailures } = facts;
  const parallelism = parallelismOf(service);
  const floor = Math.max(0, service.replicas - parallelism) - toleratedFailures;
  let spare = countIn(scaling, facts, (container, view) => isServing(container, view, facts)) - floor;
  // Of those that may serve, for all that is known, as many must be left.
  let spareByHope = countIn(scaling, facts, (container) => !isBroken(container)) - floor;
  const ceiling = service.replicas + parallelism;
  // Every declared replica has its place, be it there or not: only what comes on top is asked for.
  const countOf = (count: (view: SlotView, facts: BudgetFacts) => number): number =>
    scaling.added.length +
    sumOf(scaling.kept, (view) => Math.max(1, count(view, facts))) +
    sumOf(scaling.removed, (view) => count(view, facts));
  let live = countOf(liveIn);
  let made = countOf(madeIn);
  return {
    take(view, target) {
      if (isBroken(target)) return true;
      spareByHope -= 1;
      if (!isServing(target, view, facts)) return spareByHope >= 0;
      spare -= 1;
      return spare >= 0;
    },
    add(what) {
      if (what === 'create' && made >= ceiling) return false;
      if (live >= ceiling) return false;
      if (what === 'create') made += 1;
      else live += 1;
      return true;
    },
  };
}

/** It gives service: ready, and proven where it is the new one of a pair. */
function isServing(container: ObservedContainer, view: SlotView, facts: BudgetFacts): boolean {
  const isNewOfPair = container.id === view.current?.id && view.outdated !== null;
  return isNewOfPair ? isProven(container, facts.service, facts) : isReady(container);
}

/** Containers of which something holds, but for those that a step under way may be taking away. */
function countIn(
  scaling: Scaling,
  { service, inFlight }: BudgetFacts,
  holds: (container: ObservedContainer, view: SlotView) => boolean,
): number {
  return sumOf(scaling.kept, (view) => {
    const step = inFlight.get(keys.replica(service.name, view.slot));
    const goes = step !== undefined && 'id' in step && TAKES.includes(step.kind) ? step.id : null;
    return containersOf(view).filter((container) => container.id !== goes && holds(container, view)).length;
  });
}

const TAKES: readonly Step['kind'][] = ['stopContainer', 'restartContainer', 'disconnectNetwork'];

function liveIn(view: SlotView, { service, inFlight }: BudgetFacts): number {
  const step = inFlight.get(keys.replica(service.name, view.slot));
  const isStarting = (id: string): boolean => step?.kind === 'startContainer' && step.id === id;
  return containersOf(view).filter((container) => isLive(container) || isStarting(container.id)).length;
}

/** Live ones, and new ones that were made to become so. */
function madeIn(view: SlotView, facts: BudgetFacts): number {
  const { current } = view;
  const step = facts.inFlight.get(keys.replica(facts.service.name, view.slot));
  const isUnstarted = current !== null && !isLive(current) && current.status === 'created';
  const isComing = step?.kind === 'createContainer' && current === null;
  return liveIn(view, facts) + Number(isUnstarted) + Number(isComing);
}

const sumOf = <Item>(items: readonly Item[], count: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + count(item), 0);
