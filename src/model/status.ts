/**
 * The status of a service, as programs outside read it (`status.schema.json`).
 * Owns: the vocabulary of the three axes. Must not know: how a status is found.
 */

/** Worst first: a service has the first of these that any of its instances has. */
export const STATES = [
  'maintenance',
  'unknown',
  'stopping',
  'failed',
  'starting',
  'running',
  'stopped',
] as const;
/** State of an instance or a service. */
export type State = (typeof STATES)[number];

/** Whether Docker holds what the manifests say. */
export type Sync = 'Synced' | 'OutOfSync' | 'Unknown';

/** How well it does. "Could not tell" is Unknown, never Healthy. */
export type Health =
  | 'Healthy'
  | 'Completed'
  | 'Suspended'
  | 'Progressing'
  | 'Missing'
  | 'Degraded'
  | 'Unknown';

/** Why something is not good: the closed set of the contract. */
export const REASONS = [
  'DependencyNotReady',
  'DependencyNotFound',
  'DependencyCycle',
  'ImagePullFailed',
  'ImageBuildFailed',
  'StartFailed',
  'CrashLoopBackOff',
  'Unhealthy',
  'NoHealthcheck',
  'ProbeUnreachable',
  'PortConflict',
  'NameConflict',
  'HeldByOther',
  'NetworkFailed',
  'PolicyDenied',
  'ProgressDeadlineExceeded',
  'RolledBack',
  'InvalidManifest',
  'DuplicateName',
  'PruneBlocked',
  'UnsupportedField',
  'SelfManaged',
  'Maintenance',
  'Stopped',
] as const;
/** One of {@link REASONS}. */
export type Reason = (typeof REASONS)[number];

/** Health word of an instance (the seed's). */
export type HealthStatus = 'healthy' | 'unhealthy' | 'starting' | 'unknown';

/** One replica's container. Times are ISO 8601 UTC. Field names are the contract's. */
export interface InstanceStatus {
  readonly service_name: string;
  /** Container name. */
  readonly instance_id: string;
  readonly container_id: string;
  readonly slot: number;
  readonly state: State;
  readonly health_status: HealthStatus;
  readonly last_seen: string;
  readonly start_time: string | null;
  readonly stop_time: string | null;
  /** Docker's restarts plus ours since its creation. */
  readonly restart_count: number;
  readonly version: string;
  readonly ip_address: string | null;
  /** `"80/tcp"` → host port. */
  readonly ports: Readonly<Record<string, number>>;
  readonly exit_code: number | null;
  readonly oom_killed: boolean;
  readonly hash: string;
}

/** One aspect, as Kubernetes has them. */
export interface Condition {
  readonly type: 'Ready' | 'Synced' | 'Progressing' | 'Stalled';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason | '';
  readonly message: string;
  readonly lastTransitionTime: string;
}

/** Everything about one service. Field names are the contract's. */
export interface ServiceStatus {
  readonly service: string;
  readonly project: string;
  /** Name of the controller's instance. */
  readonly instance: string;
  readonly stack: string | null;
  readonly category: string;
  readonly description: string;
  readonly priority: number;
  readonly state: State;
  readonly sync: Sync;
  readonly health: Health;
  /** Null when all is good. */
  readonly reason: Reason | null;
  /** One sentence with the next try; empty when all is good. */
  readonly message: string;
  readonly revision: string;
  readonly hash: string;
  readonly replicas: {
    readonly desired: number;
    readonly current: number;
    readonly updated: number;
    readonly ready: number;
  };
  readonly restarts: number;
  readonly waiting_for: readonly string[];
  readonly depends_on: readonly string[];
  readonly required_by: readonly string[];
  readonly optional_deps: readonly string[];
  readonly image: string;
  readonly version: string;
  readonly conditions: readonly Condition[];
  readonly instances: readonly InstanceStatus[];
  readonly observed_at: string;
}

/** Nothing left to do and nothing to worry about: what `apply` waits for. */
export const isSettled = (status: ServiceStatus): boolean =>
  status.sync === 'Synced' &&
  (status.health === 'Healthy' || status.health === 'Completed' || status.health === 'Suspended');
