/**
 * What the simulated engine really holds.
 * Owns: containers, networks, volumes and images as they are, and how each looks to the controller.
 * Must not know: calls, latency, faults.
 */
import { createHash } from 'node:crypto';
import type { Sighting } from '../../src/controller/ports.js';
import type { ContainerSpec, RestartPolicy } from '../../src/model/desired.js';
import { type ContainerId, containerId } from '../../src/model/ids.js';
import { decodeLabels, LABELS, type OwnedLabels } from '../../src/model/labels.js';
import type {
  CheckTimes,
  ContainerStatus,
  ObservedHealth,
  ObservedImage,
  ObservedMount,
  ObservedNetwork,
  ObservedVolume,
} from '../../src/model/observed.js';
import { compareText } from '../../src/model/problem.js';

/** How what runs inside a container behaves. */
export interface Behaviour {
  /** It ends by itself so long after its start; null: never. */
  readonly exit: { readonly afterMs: number; readonly code: number } | null;
  /** Its check succeeds from so long after its start on; null: never. */
  readonly healthyAfterMs: number | null;
  /** How long it takes to end when asked to; null: it does not listen. */
  readonly stopMs: number | null;
}

/** One end in a network. */
export interface Endpoint {
  readonly network: string;
  /** Empty before the first start. */
  networkId: string;
  readonly aliases: readonly string[];
}

/** A container as it is. Its fields change. */
export interface SimulatedContainer {
  readonly id: ContainerId;
  name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: ContainerSpec;
  readonly behaviour: Behaviour;
  readonly check: CheckTimes | null;
  status: ContainerStatus;
  exitCode: number;
  error: string;
  readonly createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  restartCount: number;
  restartPolicy: RestartPolicy;
  health: ObservedHealth;
  endpoints: Endpoint[];
  /** `80/tcp` → host port; empty unless it is live. */
  ports: Readonly<Record<string, number>>;
  /** It has been asked to end, and still runs. */
  isEnding: boolean;
  /** What is still to come in its present run; each undone when the run ends. */
  pending: (() => void)[];
}

/** An image, here or to be had. */
export interface SimulatedImage extends ObservedImage {
  isHere: boolean;
}

/** Everything on the engine. */
export interface Truth {
  readonly containers: Map<ContainerId, SimulatedContainer>;
  readonly networks: Map<string, ObservedNetwork>;
  readonly volumes: Map<string, ObservedVolume>;
  readonly images: Map<string, SimulatedImage>;
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

/** Another container or anyone else has the name. */
export const isNameTaken = (truth: Truth, name: string): boolean =>
  [...truth.containers.values()].some((container) => container.name === name);

/** The host ports that are in use. */
export function portsInUse(truth: Truth): ReadonlySet<number> {
  return new Set([...truth.containers.values()].filter(isAlive).flatMap(({ ports }) => Object.values(ports)));
}

/** How a container looks from outside at this moment. */
export function sightingOf(container: SimulatedContainer, project: string, truth: Truth): Sighting {
  const owned = ownedBy(container, project);
  const { id, name, labels } = container;
  if (owned === null) {
    const running = isAlive(container);
    const aliciaProject = labels[LABELS.project] ?? null;
    const hostPorts = running
      ? Object.values(container.ports).map((port) => ({ ip: '127.0.0.1', port, protocol: 'tcp' }))
      : [];
    return {
      kind: 'other',
      container: {
        id,
        name,
        running,
        hostPorts,
        networks: container.endpoints.map(({ network }) => network).sort(compareText),
        composeProject: labels['com.docker.compose.project'] ?? null,
        composeService: labels['com.docker.compose.service'] ?? null,
        aliciaProject: aliciaProject === project ? null : aliciaProject,
      },
    };
  }
  const { status, exitCode, error, createdAt, startedAt, finishedAt, restartCount, spec } = container;
  const isUp = status === 'running' || status === 'paused';
  const image = truth.images.get(spec.image);
  return {
    kind: 'ours',
    container: {
      id: containerId(id),
      name,
      owned,
      status,
      exitCode,
      oomKilled: false,
      error,
      pid: isUp ? 42 : 0,
      createdAt,
      startedAt,
      finishedAt,
      restartCount,
      restartPolicy: container.restartPolicy,
      health: status === 'running' ? container.health : NO_HEALTH,
      stopGraceMs: spec.stopGraceMs,
      check: container.check,
      imageId: image?.id ?? '',
      image: spec.image,
      imageVersion: image?.version ?? null,
      networkMode: spec.networks[0]?.network ?? 'default',
      endpoints: container.endpoints
        .map(({ network, networkId, aliases }) => ({
          network,
          networkId,
          aliases: [...aliases].sort(compareText),
          ipAddress: isUp ? `172.20.0.${2 + (createdAt % 250)}` : '',
        }))
        .sort((a, b) => compareText(a.network, b.network)),
      ports: isUp ? container.ports : {},
      mounts: spec.mounts.map(mountOf).sort((a, b) => compareText(a.target, b.target)),
    },
  };
}

const mountOf = (mount: ContainerSpec['mounts'][number]): ObservedMount => ({
  kind: mount.kind,
  source: mount.kind === 'volume' ? mount.volume : mount.source,
  target: mount.target,
  readOnly: mount.readOnly,
});
