/**
 * What should run, fully resolved: the one value that the manifest stage hands to the decision.
 * Owns: its shape. Must not know: YAML, files, Docker's API.
 */
import type { Revision, ServiceName, SpecHash } from './ids.js';
import type { Isolation } from './isolation.js';
import type { ManifestSource } from './labels.js';
import type { PolicyNeeds } from './policy.js';
import type { Probe } from './probe.js';
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
  /** What `--allow` would have to name; null: nothing. */
  readonly needs: PolicyNeeds | null;
  readonly absence: Absence;
  /** By file below the directory: the most manifests that this process has seen in it, counted as {@link ManifestSource} does. */
  readonly manifestCounts: ReadonlyMap<string, number>;
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
  /** The same for later processes, who know nothing of this one's directory. */
  readonly source: ManifestSource;
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
  /** Checks that the controller makes itself; all must hold, beside Docker's own. */
  readonly probes: readonly Probe[];
  /** Restarts of an unhealthy replica before it is given up; null: without end. */
  readonly maxAttempts: number | null;
  readonly container: ContainerSpec;
  /** Hash of what makes a container of another spec outdated. */
  readonly hash: SpecHash;
  /** Hashes of the same spec in the earlier forms that are still known, newest first. */
  readonly earlierHashes: readonly SpecHash[];
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
  readonly networkMode: NetworkMode;
  /** Sorted by priority (high first), then name; the first one is given at creation. Empty unless the mode is `networks`. */
  readonly networks: readonly NetworkAttachment[];
  readonly resources: Resources;
  readonly isolation: Isolation;
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

/** Where a container's network comes from. */
export type NetworkMode =
  /** The networks that are listed. */
  | { readonly kind: 'networks' }
  /** Docker's default bridge, the host's own network, or none. */
  | { readonly kind: 'bridge' | 'host' | 'none' }
  /** That of another service's replica in the same slot, else of its lowest one. */
  | { readonly kind: 'service'; readonly service: ServiceName };

/** Limits that `docker update` changes in a running container. Null: not declared, without limit. */
export interface Resources {
  /** Billionths of a core. */
  readonly nanoCpus: number | null;
  /** Microseconds of every period; never beside `nanoCpus`. */
  readonly cpuQuotaUs: number | null;
  readonly cpuPeriodUs: number | null;
  readonly memoryBytes: number | null;
  /** Memory and swap together; −1: without limit. Null beside a memory limit: Docker's default, twice the memory. */
  readonly memorySwapBytes: number | null;
  readonly memoryReservationBytes: number | null;
  readonly pidsLimit: number | null;
}

/** Something mounted into the container. */
export type Mount =
  /** A volume of Docker's own naming, carried over to a replacement. */
  | { readonly kind: 'anonymous'; readonly target: string; readonly readOnly: boolean }
  /** `volume`: its name on Docker. */
  | { readonly kind: 'volume'; readonly volume: string; readonly target: string; readonly readOnly: boolean }
  | {
      readonly kind: 'bind';
      /** Absolute path on the host of the engine. */
      readonly source: string;
      readonly target: string;
      readonly readOnly: boolean;
      /** True: Docker creates the source folder when it is missing (Compose's default in the short form). */
      readonly createSource: boolean;
    }
  /** One file, read-only, by what is in it: a secret or a config. Docker never creates it. */
  | {
      readonly kind: 'file';
      /** Absolute path on the host of the engine. */
      readonly source: string;
      readonly target: string;
      readonly readOnly: true;
      /** Hex sha256 of its bytes: other contents make another container. */
      readonly digest: string;
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
