/**
 * A plan: the decision run forward, as people and programs read it (`plan -o json`).
 * Owns: the shape. Must not know: how it is computed.
 */
import type { Reason } from './status.js';
import type { STEP_VERBS } from './step.js';

/** A verb of the contract. */
export type StepVerb = (typeof STEP_VERBS)[keyof typeof STEP_VERBS];

/** One line of a plan or of progress: `<verb> <object>  <cause>`. */
export interface PlannedStep {
  readonly verb: StepVerb;
  /** `container stt-1`, `network alicia_bus_network`, `volume data`, `image redis:7.4`. */
  readonly object: string;
  readonly service: string | null;
  readonly slot: number | null;
  readonly cause: string;
}

/** What `apply` would do, in order, and what waits. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  readonly waiting: readonly {
    readonly service: string;
    readonly reason: Reason;
    readonly message: string;
  }[];
  /** Counts of services. */
  readonly summary: {
    readonly create: number;
    readonly update: number;
    readonly replace: number;
    readonly remove: number;
    readonly restart: number;
    readonly unchanged: number;
  };
}
