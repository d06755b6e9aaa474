/**
 * Checks that the controller makes itself.
 * Owns: their shape. Must not know: who makes them, what comes of them.
 */

/** A check that the controller makes. Times as Kubernetes' probes have them. */
export interface Probe {
  readonly action: ProbeAction;
  /** Default 10 s. */
  readonly periodMs: number;
  /** Default 1 s. */
  readonly timeoutMs: number;
  /** Failures in a row that make it fail. Default 3. */
  readonly retries: number;
  /** Successes in a row that make it hold. Default 1. */
  readonly successes: number;
  /** Failures so soon after the start do not count. Default 0. */
  readonly startPeriodMs: number;
}

/** What a probe does. */
export type ProbeAction =
  /** Holds on 200 to 399. */
  | { readonly kind: 'http'; readonly port: number; readonly path: string }
  /** Holds when a connection is made. */
  | { readonly kind: 'tcp'; readonly port: number }
  /** Holds on exit 0. */
  | { readonly kind: 'exec'; readonly command: readonly string[] }
  /** Holds while the latest word on the topic is good and not older than `maxAgeMs`. */
  | {
      readonly kind: 'mqtt';
      readonly topic: string;
      /** Gets an empty message each period; null: nothing is asked. */
      readonly request: string | null;
      readonly maxAgeMs: number;
      /** The word that counts as good; null: `healthy`, `online`, or JSON that says so. */
      readonly payload: string | null;
    };
