/**
 * What Docker holds, as far as the decision needs it, free of any library's types.
 * Owns: its shape. Must not know: which of two candidates is the right one (that is a decision).
 */
import type { RestartPolicy } from './desired.js';
import type { HostPort } from './host-ports.js';
import type { ContainerId, ServiceName } from './ids.js';
import type { OwnedLabels } from './labels.js';

/** A whole, lossless look at the engine. Only whole looks reach the decision, never a partial list. */
export interface ObservedState {
  readonly engine: EngineInfo;
  /** Containers with our project label, by the service on their label. */
  readonly services: ReadonlyMap<ServiceName, readonly ObservedContainer[]>;
  /** All other containers of the engine. */
  readonly others: ReadonlyMap<ContainerId, OtherContainer>;
  /** By name. */
  readonly networks: ReadonlyMap<string, ObservedNetwork>;
  /** By name. */
  readonly volumes: ReadonlyMap<string, ObservedVolume>;
  /** By the reference as the manifests write it; null: looked up and not there; absent: not looked up yet. */
  readonly images: ReadonlyMap<string, ObservedImage | null>;
  /** Containers that somebody sent a signal to since their last start, as far as the event was heard. */
  readonly killed: ReadonlySet<ContainerId>;
}

/** The engine that answered. */
export interface EngineInfo {
  /** Docker's own id, stable over restarts of the daemon. */
  readonly id: string;
  readonly version: string;
  /** As negotiated, e.g. `1.41`. */
  readonly apiVersion: string;
}

/** Docker's container states. */
export type ContainerStatus =
  | 'created'
  | 'running'
  | 'paused'
  | 'restarting'
  | 'removing'
  | 'exited'
  | 'dead';

/** A container of ours. Times are milliseconds since the epoch on Docker's clock; null: never. */
export interface ObservedContainer {
  readonly id: ContainerId;
  /** Without the leading slash. */
  readonly name: string;
  readonly owned: OwnedLabels;
  readonly status: ContainerStatus;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** The daemon's sentence about a failed start; empty when there is none. */
  readonly error: string;
  readonly pid: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Docker's own count of restarts by policy. */
  readonly restartCount: number;
  readonly restartPolicy: RestartPolicy;
  readonly resources: ObservedResources;
  readonly health: ObservedHealth;
  /** What the controller's own probes say of this run; null: nothing, or there are none. */
  readonly probed: Probed | null;
  /** Grace before SIGKILL that it was made with; null: Docker's 10 s. */
  readonly stopGraceMs: number | null;
  /** Deadline figures of the effective check (the image's included); null when there is none. */
  readonly check: CheckTimes | null;
  /** Platform image id, `sha256:…`. */
  readonly imageId: string;
  readonly image: string;
  /** `io.alicia`-free label of the image: `org.opencontainers.image.version`; null when it has none. */
  readonly imageVersion: string | null;
  /** A network's name, `bridge`, `host`, `none`, or `container:<id>`. */
  readonly networkMode: string;
  /** Sorted by network name. */
  readonly endpoints: readonly ObservedEndpoint[];
  /** Published ports: `"80/tcp"` → host port. Empty unless running. */
  readonly ports: Readonly<Record<string, number>>;
  /** All of them with their addresses, sorted by port. */
  readonly hostPorts: readonly HostPort[];
  readonly mounts: readonly ObservedMount[];
  /** The engine gave no answer about it by itself: only what its list says is known, or was known before. */
  readonly isSilent: boolean;
}

/** Limits as Docker shows them; 0: none (Docker's null, 0, −1 of pids and empty are all 0). */
export interface ObservedResources {
  readonly nanoCpus: number;
  readonly cpuQuotaUs: number;
  readonly cpuPeriodUs: number;
  readonly memoryBytes: number;
  /** −1: without limit. */
  readonly memorySwapBytes: number;
  readonly memoryReservationBytes: number;
  readonly pidsLimit: number;
}

/** No limits at all. */
export const NO_RESOURCES: ObservedResources = {
  nanoCpus: 0,
  cpuQuotaUs: 0,
  cpuPeriodUs: 0,
  memoryBytes: 0,
  memorySwapBytes: 0,
  memoryReservationBytes: 0,
  pidsLimit: 0,
};

/** What all probes of a container come to together. */
export interface Probed {
  readonly status: 'starting' | 'healthy' | 'unhealthy';
  /** Why it is not healthy, e.g. `http :9000/health answered 503, 3 times in a row`; empty when it is. */
  readonly message: string;
  /** Why a probe could not be made at all, so that nothing is known; null: all could be. */
  readonly unreachable: string | null;
}

/** Docker's health word. `none`: no check at all, or not running. */
export interface ObservedHealth {
  readonly status: 'none' | 'starting' | 'healthy' | 'unhealthy';
  readonly failingStreak: number;
  /** Last output of the check, at most 200 characters; empty when there is none. */
  readonly lastOutput: string;
}

/** Times of an effective health check, defaults filled in. */
export interface CheckTimes {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly startPeriodMs: number;
  readonly startIntervalMs: number;
}

/** One end of a container in a network. */
export interface ObservedEndpoint {
  readonly network: string;
  /** Empty before the first start. */
  readonly networkId: string;
  /** Sorted. */
  readonly aliases: readonly string[];
  /** Empty unless running. */
  readonly ipAddress: string;
  /** The fixed addresses that it was given; null: none. */
  readonly fixedIpv4: string | null;
  readonly fixedIpv6: string | null;
}

/** One mount as Docker shows it. */
export interface ObservedMount {
  readonly kind: 'volume' | 'bind' | 'tmpfs' | 'other';
  /** Volume name, or path on the host. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A container that is not ours: only what conflicts need. */
export interface OtherContainer {
  readonly id: ContainerId;
  readonly name: string;
  readonly running: boolean;
  /** Published host ports. */
  readonly hostPorts: readonly HostPort[];
  /** Names of the networks that it is on, sorted. */
  readonly networks: readonly string[];
  /** Names of volumes and paths of the host that it may write to, those of its devices too, sorted. */
  readonly writes: readonly string[];
  /** Compose labels of the container, for telling whose it is; null when it has none. */
  readonly composeProject: string | null;
  readonly composeService: string | null;
  /** Value of the label `io.alicia.project`, of another project; null when it has none. */
  readonly aliciaProject: string | null;
}

/** A network on the engine. */
export interface ObservedNetwork {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  /** Value of `io.alicia.project`; null when it is not of any project. */
  readonly project: string | null;
  /** Value of `io.alicia.hash`; null when it has none. */
  readonly hash: string | null;
}

/** A volume on the engine. */
export interface ObservedVolume {
  readonly name: string;
  readonly driver: string;
  readonly project: string | null;
  readonly hash: string | null;
}

/** An image on the engine. */
export interface ObservedImage {
  /** Platform image id, `sha256:…`. */
  readonly id: string;
  readonly version: string | null;
  /** Whether it brings a health check of its own. */
  readonly hasHealthcheck: boolean;
}

/** Running or on its way back by itself: it holds its ports and may be reached. */
export const isLive = (container: ObservedContainer): boolean =>
  container.status === 'running' || container.status === 'paused' || container.status === 'restarting';
