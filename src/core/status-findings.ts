/**
 * What the decision found out about a declared service, for its status.
 * Owns: the shape, and which containers a status is about. Must not know: what is said about it.
 */
import type { DesiredService } from '../model/desired.js';
import type { ObservedContainer } from '../model/observed.js';
import type { Health, Reason } from '../model/status.js';
import type { Step } from '../model/step.js';
import type { Waiting } from './gate.js';
import type { ServiceMemory } from './memory.js';
import type { Shortage } from './provide.js';
import type { Refusal } from './refusals.js';
import type { SlotMove } from './replicas.js';
import type { Verdict } from './rollout-verdict.js';
import type { Scaling } from './scale.js';
import type { Wanted } from './wanted.js';

/** Everything that a status follows from. */
export interface Findings {
  readonly service: DesiredService;
  readonly wanted: Wanted;
  readonly containers: readonly ObservedContainer[];
  readonly scaling: Scaling;
  readonly moves: readonly SlotMove[];
  /** Steps that begin now: moves that nothing holds back. */
  readonly due: readonly Step[];
  readonly verdict: Verdict;
  /** Dependencies that keep a replica from being made or started. */
  readonly waiting: readonly Waiting[];
  readonly shortage: Shortage | null;
  /** What is short is being fetched or made at the moment. */
  readonly supplying: boolean;
  readonly refusals: readonly Refusal[];
  /** A step on the controller's own container was called for, and left out. */
  readonly isSelf: boolean;
  readonly memory: ServiceMemory;
}

/** The containers of the wanted spec in the slots that stay, by slot. */
export const currentOf = ({ scaling }: Findings): readonly ObservedContainer[] =>
  scaling.kept.flatMap(({ current }) => (current === null ? [] : [current]));

/** The health word with its reason and sentence. */
export interface Judgement {
  readonly health: Health;
  /** Null: all is well. */
  readonly reason: Reason | null;
  readonly message: string;
}
