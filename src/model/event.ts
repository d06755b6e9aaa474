/**
 * Events: what the controller tells the world, a closed set (`event.schema.json`).
 * Owns: the types and the envelope. Must not know: transports.
 */
import type { Problem } from './problem.js';

/** Every event type. */
export const EVENT_TYPES = [
  'service_created',
  'service_stopped',
  'service_removed',
  'service_restarted',
  'service_recovered',
  'service_started',
  'service_unhealthy',
  'service_ready',
  'service_completed',
  'service_failed',
  'service_blocked',
  'service_scaled_up',
  'service_scaled_down',
  'service_update_started',
  'service_update_completed',
  'service_update_failed',
  'service_rolled_back',
  'service_maintenance_started',
  'service_maintenance_ended',
  'drift_detected',
  'drift_corrected',
  'image_pulled',
  'image_pull_failed',
  'manifests_changed',
  'manifest_rejected',
  'prune_blocked',
  'reconcile_completed',
  'reconcile_failed',
  'engine_lost',
  'engine_restored',
  'orchestrator_started',
  'orchestrator_stopped',
  'orchestration_errors',
  'recovery',
] as const;
/** One of {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number];

/** Names the instance that an event is about. */
export interface InstanceFacts {
  readonly service_name: string;
  readonly instance_id: string;
  readonly slot: number;
  readonly container_id: string;
}

/** Class of an error, the seed's words. */
export type ErrorCategory = 'dependency' | 'scaling' | 'health' | 'engine' | 'manifest' | 'image';

interface ServiceMessage {
  readonly service_name: string;
  readonly message: string;
}
interface RolloutFacts extends ServiceMessage {
  /** Hashes. */
  readonly from: string;
  readonly to: string;
}
interface ProblemFacts {
  readonly problems: readonly Problem[];
  readonly services: readonly string[];
}

/** What each type carries in `event_data`, beside `cause` and `revision`. */
export interface EventFacts {
  readonly service_created: InstanceFacts;
  readonly service_stopped: InstanceFacts;
  readonly service_removed: InstanceFacts;
  readonly service_restarted: InstanceFacts;
  readonly service_recovered: InstanceFacts;
  readonly service_started: InstanceFacts & {
    /** In start order. */
    readonly dependencies: readonly string[];
    readonly ip_address: string | null;
    readonly ports: Readonly<Record<string, number>>;
  };
  readonly service_unhealthy: InstanceFacts & { readonly health_status: string };
  readonly service_ready: ServiceMessage;
  readonly service_completed: ServiceMessage;
  readonly service_failed: ServiceMessage;
  readonly service_blocked: ServiceMessage & { readonly waiting_for: readonly string[] };
  readonly service_scaled_up: {
    readonly service_name: string;
    /** How many. */
    readonly added_instances: number;
    readonly instance_ids: readonly string[];
    readonly new_total: number;
  };
  readonly service_scaled_down: {
    readonly service_name: string;
    readonly removed_instances: number;
    readonly instance_ids: readonly string[];
    readonly new_total: number;
  };
  readonly service_update_started: RolloutFacts;
  readonly service_update_completed: RolloutFacts;
  readonly service_update_failed: RolloutFacts;
  readonly service_rolled_back: RolloutFacts;
  readonly service_maintenance_started: { readonly service_name: string };
  readonly service_maintenance_ended: { readonly service_name: string };
  readonly drift_detected: { readonly service_name: string; readonly what: string };
  readonly drift_corrected: { readonly service_name: string; readonly what: string };
  readonly image_pulled: ServiceMessage & { readonly image: string };
  readonly image_pull_failed: ServiceMessage & { readonly image: string };
  readonly manifests_changed: ProblemFacts;
  readonly manifest_rejected: ProblemFacts;
  readonly prune_blocked: ProblemFacts & { readonly message: string };
  readonly reconcile_completed: {
    readonly changed: readonly string[];
    readonly steps: number;
    readonly duration_ms: number;
  };
  readonly reconcile_failed: {
    readonly changed: readonly string[];
    readonly steps: number;
    readonly duration_ms: number;
    readonly message: string;
  };
  readonly engine_lost: { readonly message: string };
  readonly engine_restored: { readonly message: string };
  readonly orchestrator_started: { readonly message: string };
  readonly orchestrator_stopped: { readonly message: string };
  readonly orchestration_errors: {
    readonly error: string;
    readonly service_name: string | null;
    readonly category: ErrorCategory;
  };
  readonly recovery: {
    readonly status: 'recovered';
    readonly service_name: string | null;
    readonly category: ErrorCategory;
  };
}

/** An event before it is stamped with id, time and instance. */
export type EventDraft = {
  readonly [Type in EventType]: {
    readonly type: Type;
    readonly facts: EventFacts[Type];
    readonly cause: string;
  };
}[EventType];

/** The published form. `error`, `status` and `service_name` stand at top level for the seed's two error types only. */
export interface Event {
  readonly event_type: EventType;
  readonly event_data: Readonly<Record<string, unknown>> & {
    readonly cause: string;
    readonly revision: string;
  };
  /** Seconds since the epoch, with fraction. */
  readonly timestamp: number;
  readonly source: 'service_orchestrator';
  /** ULID. */
  readonly id: string;
  /** ISO 8601 UTC. */
  readonly time: string;
  readonly instance: string;
  readonly project: string;
  readonly error?: string;
  readonly status?: 'recovered';
  readonly service_name?: string | null;
}
