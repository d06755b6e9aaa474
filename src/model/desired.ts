/**
 * What should run, fully resolved: the one value that the manifest stage hands to the decision.
 * Owns: its shape. Must not know: YAML, files, Docker's API.
 */
import type { Revision, ServiceName, SpecHash } from './ids.js';
import type { Problem } from './problem.js';

/** Everything that the manifests ask for. */
export interface DesiredState {
  readonly project: string;
  readonly revision: Revision;
  /** Identity of the scan that this came from. */
  readonly digest: string;
  /** Good services, and the last good version of those whose manifest is in error. */
  readonly services: ReadonlyMap<ServiceName, DesiredService>;
  /** By name on Docker. */
  readonly networks: ReadonlyMap<string, DesiredNetwork>;
  /** By name on Docker. */
  readonly volumes: ReadonlyMap<string, DesiredVolume>;
  /** Named by a manifest whose present form is in error, with no good version known: left exactly as they are. */
  readonly rejected: ReadonlyMap<ServiceName, string>;
  readonly problems: readonly Problem[];
  readonly absence: Absence;
}

/** What the absence of a service from the manifests is worth. Deletion is earned. */
export type Absence =
  /** Two equal scans, all readable: what is not named may go. */
  | { readonly kind: 'confirmed' }
  /** Seen once only: look again. */
  | { readonly kind: 'unconfirmed' }
  /** A reason that forbids removal until it is mended. */
  | {
      readonly kind: 'blocked';
      readonly reason: 'directoryMissing' | 'directoryUnreadable' | 'directoryEmpty' | 'fileInError';
      /** One sentence with the mend. */
      readonly message: string;
    };

/** When a dependency counts as met. Compose's words. */
export type DependencyCondition = 'service_started' | 'service_healthy' | 'service_completed_successfully';

/** An edge to a service that must be there first. */
export interface Dependency {
  readonly service: ServiceName;
  readonly condition: DependencyCondition;
  /** False: waited for only while it makes progress. */
  readonly required: boolean;
  /** True: restart this service after the dependency was replaced or restarted. */
  readonly restart: boolean;
}

/** How a new spec replaces an old one. Compose's `deploy.update_config`. */
export interface UpdatePolicy {
  /** Replicas replaced at a time; 0 = all. Default 1. */
  readonly parallelism: number;
  /** Pause between groups. Default 0. */
  readonly delayMs: number;
  /** How long a replica without a check must run to count as ready. Default 5 s. */
  readonly monitorMs: number;
  /** Share of replicas that may fail, 0 to 1. Default 0. */
  readonly maxFailureRatio: number;
  readonly failureAction: 'rollback' | 'pause' | 'continue';
  /** Null: chosen by what the spec allows. */
  readonly order: 'start-first' | 'stop-first' | null;
}

/** When an image is fetched although one of its name is present. */
export type PullPolicy =
  | { readonly kind: 'missing' }
  | { readonly kind: 'never' }
  | { readonly kind: 'always' }
  | { readonly kind: 'every'; readonly periodMs: number };

/** One service: a desired unit. */
export interface DesiredService {
  readonly name: ServiceName;
  /** Where its manifest begins. */
  readonly origin: { readonly file: string; readonly line: number; readonly column: number };
  /** Name of the Compose project it comes from; null for a native manifest. */
  readonly stack: string | null;
  readonly description: string;
  /** Default `core`. */
  readonly category: string;
  /** Default 1; low goes first. */
  readonly priority: number;
  /** As declared; null: taken from the image. */
  readonly version: string | null;
  /** Default 1. */
  readonly replicas: number;
  readonly maintenance: boolean;
  readonly selfHeal: boolean;
  readonly prune: boolean;
  /** Sorted by service name. */
  readonly dependsOn: readonly Dependency[];
  readonly updatePolicy: UpdatePolicy;
  readonly pullPolicy: PullPolicy;
  /** Taken literally with one replica, as a prefix otherwise; null: the name is derived. */
  readonly containerName: string | null;
  readonly container: ContainerSpec;
  /** Hash of what makes a container of another spec outdated. */
  readonly hash: SpecHash;
  /** Why this is a last good version and not the present manifest; null when it is the present one. */
  readonly staleBecause: string | null;
}

/** How a container of the service is made. */
export interface ContainerSpec {
  readonly image: string;
  /** Null: the image's. An empty list clears it. */
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  /** Sorted by name. */
  readonly environment: Readonly<Record<string, string>>;
  /** The user's labels only; ours are added when a container is made. */
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly PortMapping[];
  readonly mounts: readonly Mount[];
  /** Sorted by priority (high first), then name; the first one is given at creation. Never empty in a native service. */
  readonly networks: readonly NetworkAttachment[];
  /** Null: the image's check, if it has one. */
  readonly healthcheck: Healthcheck | null;
  readonly restart: RestartPolicy;
  /** Null: the image's, else SIGTERM. */
  readonly stopSignal: string | null;
  /** Null: Docker's 10 s. */
  readonly stopGraceMs: number | null;
}

/** One port of the container published on the host. */
export interface PortMapping {
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  /** Empty: all addresses. */
  readonly hostIp: string;
  /** First and last port that Docker may choose from; null: any free port. */
  readonly hostPorts: { readonly first: number; readonly last: number } | null;
}

/** Something mounted into the container. */
export type Mount =
  | {
      readonly kind: 'volume';
      /** Name on Docker. */
      readonly volume: string;
      readonly target: string;
      readonly readOnly: boolean;
    }
  | {
      readonly kind: 'bind';
      /** Absolute path on the host of the engine. */
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
      /** True: Docker creates the source folder when it is missing (Compose's default in the short form). */
      readonly createSource: boolean;
    };

/** Membership of a network. */
export interface NetworkAttachment {
  /** Name on Docker. */
  readonly network: string;
  /** Sorted; the service's own name is among them. */
  readonly aliases: readonly string[];
  readonly ipv4Address: string | null;
  readonly ipv6Address: string | null;
}

/** Docker's health check. Null durations: Docker's defaults (interval 30 s, timeout 30 s, retries 3, start_period 0). */
export type Healthcheck =
  | { readonly kind: 'disabled' }
  | {
      readonly kind: 'test';
      /** `["CMD", …]` or `["CMD-SHELL", line]`; null: the image's test with other times. */
      readonly test: readonly string[] | null;
      readonly intervalMs: number | null;
      readonly timeoutMs: number | null;
      readonly retries: number | null;
      readonly startPeriodMs: number | null;
      readonly startIntervalMs: number | null;
    };

/** Docker's restart policy. */
export interface RestartPolicy {
  readonly name: 'no' | 'on-failure' | 'always' | 'unless-stopped';
  /** Only with `on-failure`; 0: without limit. */
  readonly maximumRetryCount: number;
}

/** A network to have. */
export interface DesiredNetwork {
  /** Name on Docker. */
  readonly name: string;
  /** True: someone else makes it; ours only to use. */
  readonly external: boolean;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly enableIpv6: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly ipam: readonly {
    readonly subnet: string;
    readonly gateway: string | null;
    readonly ipRange: string | null;
  }[];
  readonly hash: SpecHash;
}

/** A volume to have. */
export interface DesiredVolume {
  /** Name on Docker. */
  readonly name: string;
  readonly external: boolean;
  readonly driver: string;
  readonly driverOptions: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly hash: SpecHash;
}

/** Whether the service runs to an end instead of for ever. */
export const isOneShot = (service: DesiredService): boolean =>
  service.container.restart.name === 'no' || service.container.restart.name === 'on-failure';
