/**
 * How the rollout of a service stands: going, paused, or failed for good.
 * Owns: what a failed new replica means for the whole service under its update policy. Must not know: moves.
 */
import { type DesiredService, isOneShot } from '../model/desired.js';
import { replicaLabel, roleOfName } from '../model/names.js';
import type { Now } from '../model/now.js';
import type { ServiceMemory } from './memory.js';
import { isProven, isReady } from './readiness.js';
import { failureOf } from './rollout-failure.js';
import type { Scaling } from './scale.js';
import type { SlotView } from './slots.js';

/** What all slots together say. */
export interface Verdict {
  /** Some slot holds the evidence that the wanted spec failed: the old one stays, or comes back. */
  readonly held: boolean;
  /** `failure_action: pause`, and too much has failed: why; null: it goes on. */
  readonly pausedBecause: string | null;
  /** Too much has failed, and all is about to be rolled back: nothing more is begun; null: not so. */
  readonly failedBecause: string | null;
  /** New replicas that failed and are put up with (by `failure_action: continue`, or within `max_failure_ratio`), by slot, and why. */
  readonly tolerated: ReadonlyMap<number, string>;
  /** Nothing more is expected of any slot: every new replica is proven, or its failure is put up with. */
  readonly allSettled: boolean;
}

/** What the verdict is found from. */
export interface VerdictFacts {
  readonly service: DesiredService;
  readonly scaling: Scaling;
  readonly memory: Pick<ServiceMemory, 'startedAgain' | 'verdicts' | 'runs'>;
  readonly now: Now;
}

/** The verdict over all slots. */
export function verdictOver(facts: VerdictFacts): Verdict {
  const { service, scaling } = facts;
  const failures = scaling.kept.flatMap((view) => {
    const why = failureIn(view, facts);
    return why === null ? [] : [{ slot: view.slot, why }];
  });
  const { failureAction, maxFailureRatio } = service.updatePolicy;
  const isTolerable = failures.length <= maxFailureRatio * service.replicas;
  const areTolerated = failures.length > 0 && (failureAction === 'continue' || isTolerable);
  const tolerated = new Map(areTolerated ? failures.map(({ slot, why }) => [slot, why]) : []);
  const [first] = failures;
  const failed =
    first === undefined || areTolerated
      ? null
      : `${replicaLabel(service.name, first.slot)} failed: ${first.why}`;
  return {
    held: isHeld(scaling) && !isOneShot(service),
    pausedBecause: failureAction === 'pause' ? failed : null,
    failedBecause: failureAction === 'rollback' ? failed : null,
    tolerated,
    allSettled:
      scaling.kept.length >= service.replicas &&
      scaling.kept.every((view) => tolerated.has(view.slot) || isSettled(view, facts)),
  };
}

/** Whether the wanted spec has failed, so that the old one stays. */
export const isHeld = ({ kept }: Scaling): boolean =>
  kept.some(({ current }) => current !== null && roleOfName(current.name) === 'failed');

/** Why the slot's new replica has failed beside the old one that it should replace; null: it has not. */
function failureIn({ outdated, current }: SlotView, facts: VerdictFacts): string | null {
  if (outdated === null || current === null || roleOfName(current.name) !== 'plain') return null;
  // One that was there before is no new one: an edit in between was taken back.
  if (current.createdAt < outdated.createdAt) return null;
  return failureOf(current, facts);
}

/** What was there before need not prove itself anew. */
function isSettled({ current, outdated }: SlotView, { service, now }: VerdictFacts): boolean {
  if (current === null) return false;
  const isNew = outdated !== null && current.createdAt >= outdated.createdAt;
  return isNew ? isProven(current, service, now) : isReady(current);
}
