/**
 * Observing, as the rest of the controller sees it: what can be asked, and what is told.
 * Owns: these interfaces. Must not know: how it is done.
 */
import type { ServiceName } from '../model/ids.js';
import type { EngineInfo, ObservedState } from '../model/observed.js';
import type { Step } from '../model/step.js';
import type { Change, ProbedRun } from './observed-store.js';

/** What the observer tells. */
export interface ObserverListener {
  /** The engine answered and everything was listed: decisions may be made. */
  onWhole(info: EngineInfo, isFirst: boolean): void;
  /** Nothing is known until `onWhole` is called again. */
  onLost(reason: string): void;
  onChange(change: Change): void;
}

/** Keeps an observed state true. */
export interface Observer {
  /** Live: the same maps all the time; read it, do not keep it. */
  readonly state: ObservedState;
  /** False until the first whole list, and while the engine is lost. */
  isWhole(): boolean;
  start(): void;
  stop(): void;
  /** Images to know about, these and no others; `onKnown` is called for each that was not known, when it is. */
  wantImages(references: ReadonlySet<string>, onKnown: (reference: string) => void): void;
  /** Looks at what a step was about; settles when the look is part of the state, however long that takes. */
  lookAfter(step: Step): Promise<void>;
  /** What probes say of a run. */
  setProbed(said: ProbedRun): void;
  /** Looks at the containers of these services; settles when they are seen, or it is known that some give no answer. */
  lookAt(services: readonly ServiceName[]): Promise<void>;
  /** Everything again. */
  relist(): Promise<void>;
}
