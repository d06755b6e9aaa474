/**
 * What was last told of a service, and what is to be told from.
 * Owns: the shape of both. Must not know: which difference makes which event.
 */
import type { DesiredService } from '../model/desired.js';
import type { InstanceFacts } from '../model/event.js';
import type { ContainerId } from '../model/ids.js';
import type { ObservedContainer } from '../model/observed.js';
import type { Reason, ServiceStatus } from '../model/status.js';

/** What was last told of one container. */
export interface ToldInstance {
  readonly facts: InstanceFacts;
  readonly startedAt: number | null;
  readonly isLive: boolean;
  readonly isUnhealthy: boolean;
}

/** What was last told of one service. */
export interface Told {
  readonly instances: ReadonlyMap<ContainerId, ToldInstance>;
  readonly health: ServiceStatus['health'];
  readonly reason: Reason | null;
  /** When it was last healthy: its containers, and how often Docker had restarted each. Empty before. */
  readonly ready: ReadonlyMap<ContainerId, number>;
  /** Why it was told to have failed; null once it was well again. */
  readonly trouble: Reason | null;
  readonly waitingFor: string;
  readonly maintenance: boolean;
  /** Container names by slot at the last fixed point, and the declared number; null before the first. */
  readonly settled: {
    readonly replicas: number;
    readonly names: ReadonlyMap<number, string>;
    /** Restart policy and limits at that time, as one text. */
    readonly inPlace: string;
  } | null;
  /** Hashes of the rollout under way; null: none. */
  readonly rollout: { readonly from: string; readonly to: string } | null;
  /** Spec of the last fixed point. */
  readonly hash: string;
  /** The old spec serves again after a failed rollout, whose evidence is still there. */
  readonly isRolledBack: boolean;
  /** Drift that was told and is not mended yet. */
  readonly drift: readonly string[];
}

/** The new facts about a service. */
export interface Report {
  /** Null: no manifest declares it. */
  readonly service: DesiredService | null;
  readonly status: ServiceStatus;
  readonly containers: readonly ObservedContainer[];
  /** Of another spec than the wanted one. */
  readonly isOutdated: (container: ObservedContainer) => boolean;
  /** Its rollout was paused by a failure. */
  readonly isPaused: boolean;
  /** Transitive, in start order. */
  readonly dependencies: readonly string[];
  /** Drift found in this pass: `container stt-1 was removed`. */
  readonly drift: readonly string[];
  /** Why the decision was made, for `event_data.cause`. */
  readonly cause: string;
}
