/**
 * What the simulated engine really holds.
 * Owns: containers, networks, volumes and images as they are, and how each looks to the controller.
 * Must not know: calls, latency, faults.
 */
import { createHash } from 'node:crypto';
import type { Sighting } from '../../../src/controller/ports.js';
import type { ContainerSpec, RestartPolicy } from '../../../src/model/desired.js';
import type { HostPort } from '../../../src/model/host-ports.js';
import type { ContainerId } from '../../../src/model/ids.js';
import { decodeLabels, LABELS, type OwnedLabels } from '../../../src/model/labels.js';
import type {
  CheckTimes,
  ContainerStatus,
  ObservedContainer,
  ObservedHealth,
  ObservedImage,
  ObservedMount,
  ObservedNetwork,
  ObservedResources,
  ObservedVolume,
  OtherContainer,
} from '../../../src/model/observed.js';
import { compareText } from '../../../src/model/problem.js';
import type { Behaviour } from './behaviour.js';
import type { Verdict } from './health.js';
import type { Binding } from './ports.js';

/** Why Docker can no longer end a container (`stuck`), or remove it (`busy`). */
export type Obstacle = 'stuck' | 'busy';

/** One end in a network. */
export interface Endpoint {
  readonly network: string;
  /** Empty before the first start. */
  networkId: string;
  readonly aliases: readonly string[];
  readonly fixedIpv4: string | null;
  readonly fixedIpv6: string | null;
}

/** One run of a process, from its start to its end. */
export interface Run {
  readonly isFirst: boolean;
  /** Since when it has run without a pause, on the monotonic clock. */
  sinceMs: number;
  /** How long it had run before that. */
  ranBeforeMs: number;
  /** What the health monitor knew when it was last looked at, and how long the process had run when it was started. */
  verdict: Verdict;
  monitoredFromMs: number;
}

/** A container as it is. Its fields change. */
export interface SimulatedContainer {
  readonly id: ContainerId;
  /** How many were made before it. */
  readonly number: number;
  name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: ContainerSpec;
  readonly behaviour: Behaviour;
  readonly check: CheckTimes | null;
  /** Of the image that its tag named when it was made. */
  readonly imageId: string;
  readonly imageVersion: string | null;
  readonly networkMode: string;
  /** The container whose network it shares. */
  readonly networkOf: ContainerId | null;
  readonly mounts: readonly ObservedMount[];
  /** Names of the volumes that were made for it without being asked for by name. */
  readonly ownVolumes: readonly string[];
  status: ContainerStatus;
  exitCode: number;
  oomKilled: boolean;
  error: string;
  readonly createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  restartCount: number;
  restartPolicy: RestartPolicy;
  resources: ObservedResources;
  health: ObservedHealth;
  endpoints: Endpoint[];
  /** Where its ports are published; empty unless it holds them. */
  bindings: readonly Binding[];
  /** Null unless its process runs. */
  run: Run | null;
  /** Pause before its latest restart by policy; 0: there was none since somebody started it. */
  backoffMs: number;
  /** It has been asked to end, and still runs. */
  isEnding: boolean;
  /** Somebody stopped it: a daemon that starts brings it back under `always` alone. */
  isStopped: boolean;
  obstacle: Obstacle | null;
  /** A process that lives on although the container does not count as running; 0: none. */
  strayPid: number;
  /** What is still to come in its present run; each undone when the run ends. */
  pending: (() => void)[];
}

/** A tag: the image that it names, here or to be had. */
export interface SimulatedImage extends ObservedImage {
  isHere: boolean;
  /** What the registry has under the tag; absent: the same. */
  readonly registryId?: string;
  /** Targets of its `VOLUME`s; absent: none. */
  readonly volumes?: readonly string[];
}

/** Everything on the engine. */
export interface Truth {
  readonly containers: Map<ContainerId, SimulatedContainer>;
  readonly networks: Map<string, ObservedNetwork>;
  readonly volumes: Map<string, ObservedVolume>;
  readonly images: Map<string, SimulatedImage>;
  /** Names that are taken although no container of the name can be seen: of what is being made or removed. */
  readonly reservedNames: Set<string>;
  /** The port that was last handed out from each range. */
  readonly lastPorts: Map<string, number>;
  /** When each container, network and volume came to be, on the monotonic clock; absent: long ago. */
  readonly bornMs: WeakMap<object, number>;
  /** Containers made so far. */
  containerCount: number;
  /** A new id of Docker's form. */
  createId(): string;
}

/** An engine that holds nothing. */
export function createTruth(): Truth {
  let count = 0;
  return {
    containers: new Map(),
    networks: new Map(),
    volumes: new Map(),
    images: new Map(),
    reservedNames: new Set(),
    lastPorts: new Map(),
    bornMs: new WeakMap(),
    containerCount: 0,
    createId: () => {
      count += 1;
      return createHash('sha256').update(String(count)).digest('hex');
    },
  };
}

/** No check, or nothing known of it. */
export const NO_HEALTH: ObservedHealth = { status: 'none', failingStreak: 0, lastOutput: '' };

/** Running, or on its way back by itself. */
export const isAlive = ({ status }: SimulatedContainer): boolean =>
  status === 'running' || status === 'paused' || status === 'restarting';

/** Our labels, where the container is of the project. */
export function ownedBy(container: SimulatedContainer, project: string): OwnedLabels | null {
  return container.labels[LABELS.project] === project ? decodeLabels(container.labels) : null;
}

/** Containers of the project, oldest first. */
export function ownContainers(
  truth: Truth,
  project: string,
): readonly { readonly container: SimulatedContainer; readonly owned: OwnedLabels }[] {
  return [...truth.containers.values()].flatMap((container) => {
    const owned = ownedBy(container, project);
    return owned === null ? [] : [{ container, owned }];
  });
}

/** It keeps its host ports to itself. */
export const holdsPorts = ({ status, strayPid }: SimulatedContainer): boolean =>
  status === 'running' || status === 'paused' || strayPid !== 0;

/** Another container or anyone else has the name. */
export const isNameTaken = (truth: Truth, name: string): boolean =>
  truth.reservedNames.has(name) ||
  [...truth.containers.values()].some((container) => container.name === name);

/** Docker's own networks, which are always there. */
export const PREDEFINED_NETWORKS: readonly ObservedNetwork[] = ['bridge', 'host', 'none'].map((name) => ({
  id: createHash('sha256').update(name).digest('hex'),
  name,
  driver: name === 'none' ? 'null' : name,
  project: null,
  hash: null,
}));

/** The network of a name; null: there is none. */
export const networkNamed = (truth: Truth, name: string): ObservedNetwork | null =>
  truth.networks.get(name) ?? PREDEFINED_NETWORKS.find((network) => network.name === name) ?? null;

/** Some container has the volume mounted. */
export const isVolumeInUse = (truth: Truth, name: string): boolean =>
  [...truth.containers.values()].some(({ mounts }) =>
    mounts.some(({ kind, source }) => kind === 'volume' && source === name),
  );

/** How a container looks from outside at this moment. */
export function sightingOf(container: SimulatedContainer, project: string, _truth?: Truth): Sighting {
  const owned = ownedBy(container, project);
  return owned === null
    ? { kind: 'other', container: otherOf(container, project) }
    : { kind: 'ours', container: oursOf(container, owned) };
}

function otherOf(container: SimulatedContainer, project: string): OtherContainer {
  const { id, name, labels, bindings, endpoints, mounts } = container;
  const running = isAlive(container);
  const aliciaProject = labels[LABELS.project] ?? null;
  const writes = mounts
    .filter(({ kind, readOnly }) => !readOnly && kind !== 'tmpfs')
    .map(({ source }) => source);
  return {
    id,
    name,
    running,
    hostPorts: running ? hostPortsOf(bindings) : [],
    networks: endpoints.map(({ network }) => network).sort(compareText),
    writes: [...new Set(writes)].sort(compareText),
    composeProject: labels['com.docker.compose.project'] ?? null,
    composeService: labels['com.docker.compose.service'] ?? null,
    aliciaProject: aliciaProject === project ? null : aliciaProject,
  };
}

const hostPortsOf = (bindings: readonly Binding[]): readonly HostPort[] =>
  bindings
    .map(({ ip, port, protocol }) => ({ ip, port, protocol }))
    .sort((a, b) => a.port - b.port || compareText(a.protocol, b.protocol) || compareText(a.ip, b.ip));

const portsOf = (bindings: readonly Binding[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    // Where a port is published twice, the first counts.
    [...bindings]
      .reverse()
      .map(({ key, port }) => [key, port] as const)
      .sort(([a], [b]) => compareText(a, b)),
  );

function oursOf(container: SimulatedContainer, owned: OwnedLabels): ObservedContainer {
  const { id, name, status, createdAt, startedAt, finishedAt, restartCount, spec } = container;
  const isUp = status === 'running' || status === 'paused';
  return {
    id,
    name,
    owned,
    status,
    exitCode: container.exitCode,
    oomKilled: container.oomKilled,
    error: container.error,
    pid: isUp ? 42 : container.strayPid,
    createdAt,
    startedAt,
    finishedAt,
    restartCount,
    restartPolicy: container.restartPolicy,
    resources: container.resources,
    probed: null,
    health: status === 'running' ? container.health : NO_HEALTH,
    stopGraceMs: spec.stopGraceMs,
    check: container.check,
    imageId: container.imageId,
    image: spec.image,
    imageVersion: container.imageVersion,
    networkMode: container.networkMode,
    endpoints: container.endpoints
      .map(({ aliases, ...endpoint }) => ({
        ...endpoint,
        aliases: [...aliases].sort(compareText),
        ipAddress: isUp && endpoint.networkId !== '' ? addressOf(endpoint, container.number) : '',
      }))
      .sort((a, b) => compareText(a.network, b.network)),
    ports: isUp ? portsOf(container.bindings) : {},
    hostPorts: isUp ? hostPortsOf(container.bindings) : [],
    mounts: [...container.mounts].sort((a, b) => compareText(a.target, b.target)),
    isSilent: false,
  };
}

function addressOf({ network, fixedIpv4 }: Omit<Endpoint, 'aliases'>, number: number): string {
  if (network === 'host' || network === 'none') return '';
  return fixedIpv4 ?? `172.20.${Math.floor(number / 250) % 250}.${2 + (number % 250)}`;
}
