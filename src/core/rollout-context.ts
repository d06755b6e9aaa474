/**
 * What a slot's rollout is decided from.
 * Owns: the facts. Must not know: what is done about them.
 */
import type { DesiredService } from '../model/desired.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer } from '../model/observed.js';
import type { ServiceMemory } from './memory.js';
import type { Block, Move } from './move.js';
import type { Order } from './order.js';
import type { Verdict } from './rollout-verdict.js';

/** The facts around a slot that its rollout depends on. */
export interface RolloutContext {
  readonly service: DesiredService;
  readonly order: Order;
  /** Why the old one is to be replaced, for people. */
  readonly why: string;
  /** The name that the new one will have. */
  readonly freshName: string;
  readonly verdict: Verdict;
  /** The slot's own new replica has failed, and that is put up with. */
  readonly isTolerated: boolean;
  /** Some slot of the service still has an old container. */
  readonly hasOldAnywhere: boolean;
  /** The old one could be started again if the new one failed. */
  readonly canOldComeBack: boolean;
  /** Asks for leave to take this container away. */
  readonly take: (target: ObservedContainer) => boolean;
  /** Asks for leave to make, or start, the new one beside the old one. */
  readonly add: (what: 'create' | 'start') => boolean;
  /** Why the rollout may not begin here (image, network, dependency not there yet, paused); null: it may. */
  readonly beginBlockedBy: Block | null;
  /** The pause between two groups, of slots that the rollout has not begun with; null: it is over. */
  readonly pause: Block | null;
  /** Attaches what is missing, then starts; a wait where something forbids it. */
  readonly start: (target: ObservedContainer, why: string) => Move;
  /** What is to be done with an old one that serves: nothing, or what its health asks for. */
  readonly tend: (target: ObservedContainer) => Move;
  readonly memory: ServiceMemory;
  readonly now: Now;
}
