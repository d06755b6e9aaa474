/**
 * Everything that a decision may look at.
 * Owns: the shape. Must not know: where the values come from.
 */
import type { DesiredState } from '../model/desired.js';
import type { ContainerId, StepKey } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { ObservedState } from '../model/observed.js';
import type { Step } from '../model/step.js';
import type { Memory } from './memory.js';
import type { Topology } from './topology.js';

/** Fixed for the life of the process. */
export interface Settings {
  readonly project: string;
  /** Name of this controller. */
  readonly instance: string;
  /** The container that the controller itself runs in; null: none. */
  readonly ownContainerId: ContainerId | null;
  /** More than half of the services may be removed at once. */
  readonly allowMassPrune: boolean;
  /** Services that may go whatever their number; `*`: all. From `.alicia-prune`. */
  readonly mayBePruned: readonly string[];
  /** `down`: the whole project goes, `prune: false` or not. */
  readonly takeDown: boolean;
  /** `down --volumes`. */
  readonly removeVolumes: boolean;
}

/** The inputs of a decision. */
export interface DecisionContext {
  readonly settings: Settings;
  readonly desired: DesiredState;
  readonly topology: Topology;
  readonly observed: ObservedState;
  readonly inFlight: ReadonlyMap<StepKey, Step>;
  readonly memory: Memory;
  readonly now: Now;
}
