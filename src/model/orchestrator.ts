/**
 * The state of the controller itself, as programs outside read it.
 * Owns: the shape of the retained topic `orchestrator/<instance>/state`. Must not know: how it is found.
 */

/** What the controller is doing. */
export type Phase = 'starting' | 'converging' | 'idle' | 'engine_lost' | 'stopping';

/** Field names are the contract's. */
export interface OrchestratorState {
  readonly instance: string;
  readonly project: string;
  /** Of the program. */
  readonly version: string;
  readonly phase: Phase;
  /** Every service is Synced and Healthy, Completed or Suspended. */
  readonly in_sync: boolean;
  readonly services: {
    readonly total: number;
    readonly synced: number;
    readonly healthy: number;
    readonly degraded: number;
  };
  /** Problems of severity error. */
  readonly manifest_errors: number;
  readonly revision: string;
  /** ISO 8601 UTC; null before the first pass. */
  readonly last_pass_at: string | null;
  readonly last_pass_ms: number;
  readonly engine: { readonly reachable: boolean; readonly version: string };
  readonly mqtt: { readonly queued: number; readonly dropped: number };
}
