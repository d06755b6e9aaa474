/**
 * What somebody else does on the simulated engine: people with a command line, and the machine itself.
 * Owns: their deeds. Must not know: the controller's calls.
 */

import type { ContainerSpec, NetworkMode, Resources, RestartPolicy } from '../../../src/model/desired.js';
import type { ContainerId } from '../../../src/model/ids.js';
import { USUAL_ISOLATION } from '../../../src/model/isolation.js';
import { NO_LIMITS } from '../no-limits.js';
import { leave } from './calls-endpoints.js';
import { limited, made } from './creation.js';
import { type DaemonRestart, restartDaemon } from './daemon.js';
import { type DaemonState, type Inside, there } from './inside.js';
import { end, kill, pause, rest, start, stop } from './life.js';
import { isAlive } from './truth.js';

/** A container that is not ours. */
export interface OutsiderContainer {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly hostPort?: number;
  /** Names of volumes, mounted at `/data/<name>`. */
  readonly volumes?: readonly string[];
  /** Folders of the host, mounted at the same path. */
  readonly binds?: readonly string[];
  /** Its mounts cannot be written to. */
  readonly readOnly?: boolean;
  /** Docker's default bridge where none is named. */
  readonly networks?: readonly string[];
  readonly restart?: RestartPolicy;
}

/** What somebody else does on the same engine. */
export interface SimulatedOutsider {
  run(container: OutsiderContainer): ContainerId;
  pause(id: ContainerId): void;
  kill(id: ContainerId): void;
  stop(id: ContainerId): Promise<void>;
  /** The program ends by itself. */
  processEnds(id: ContainerId, code: number): void;
  /** By force. */
  remove(id: ContainerId): void;
  rename(id: ContainerId, to: string): void;
  /** `docker network disconnect`. */
  disconnect(id: ContainerId, network: string): void;
  /** `docker update`. */
  update(
    id: ContainerId,
    change: { readonly restart?: RestartPolicy; readonly resources?: Partial<Resources> },
  ): void;
  /** The tag names another image from now on, as after a build or a pull; what was made from it keeps the one it has. */
  moveImage(reference: string, newId: string): void;
  /** Nobody answers for a while; then Docker starts what its policies say. */
  daemonRestart(restart?: DaemonRestart): void;
  /** It is being removed for ever: neither a start nor a removal succeeds. */
  makeDead(id: ContainerId): void;
  /**
   * It restarts for ever: a start is done already, a stop and a removal fail. With a process it still holds its ports;
   * default: without.
   */
  makeStuck(id: ContainerId, state?: { readonly hasProcess: boolean }): void;
  /** Whatever was in the way of its end is no longer. */
  mend(id: ContainerId): void;
}

/** Creates the outsider. */
export function createOutsider(inside: Inside, daemon: DaemonState): SimulatedOutsider {
  const { truth, emit } = inside;
  return {
    run(container) {
      const [image = ''] = truth.images.keys();
      const { name, labels = {} } = container;
      const spec = specOf(image, container);
      const making = made(inside, { name, labels, spec, carried: [], networkOf: null });
      start(making, inside);
      return making.id;
    },
    pause: (id) => pause(there(inside, id), inside),
    kill: (id) => void kill(there(inside, id), inside),
    processEnds: (id, code) => end(there(inside, id), code, inside),
    stop: (id) => stop(there(inside, id), 10_000, inside),
    remove(id) {
      const container = there(inside, id);
      if (isAlive(container)) rest(container, 137, inside);
      truth.containers.delete(container.id);
      emit({ type: 'container', action: 'destroy', id });
    },
    rename(id, to) {
      there(inside, id).name = to;
      emit({ type: 'container', action: 'rename', id });
    },
    disconnect(id, network) {
      leave(there(inside, id), network);
      emit({ type: 'container', action: 'disconnect', id });
    },
    update(id, { restart, resources }) {
      const container = there(inside, id);
      if (restart !== undefined) container.restartPolicy = { ...restart };
      if (resources !== undefined)
        container.resources = limited(container.resources, { ...NO_LIMITS, ...resources });
      emit({ type: 'container', action: 'update', id });
    },
    moveImage(reference, newId) {
      const image = truth.images.get(reference) ?? { version: null, hasHealthcheck: false };
      truth.images.set(reference, { ...image, id: newId, isHere: true });
      emit({ type: 'image', action: 'tag', id: newId });
    },
    daemonRestart: (restart) => restartDaemon(inside, daemon, restart),
    ...machineFaults(inside),
  };
}

/** Containers that Docker has lost hold of. */
function machineFaults(inside: Inside): Pick<SimulatedOutsider, 'makeDead' | 'makeStuck' | 'mend'> {
  const { emit } = inside;
  return {
    makeDead(id) {
      const container = there(inside, id);
      if (isAlive(container)) rest(container, 137, inside);
      Object.assign(container, { status: 'dead', obstacle: 'busy' });
      emit({ type: 'container', action: 'update', id });
    },
    makeStuck(id, { hasProcess } = { hasProcess: false }) {
      const container = there(inside, id);
      const { bindings } = container;
      if (isAlive(container)) rest(container, 137, inside);
      Object.assign(container, { status: 'restarting', obstacle: 'stuck' });
      if (hasProcess) Object.assign(container, { strayPid: 43, bindings });
    },
    mend(id) {
      const container = there(inside, id);
      if (container.obstacle === 'stuck') rest(container, 137, inside);
      container.obstacle = null;
    },
  };
}

function specOf(image: string, container: OutsiderContainer): ContainerSpec {
  const { hostPort, volumes = [], binds = [], readOnly = false, networks = [], restart } = container;
  const hostPorts = hostPort === undefined ? null : { first: hostPort, last: hostPort };
  const networkMode: NetworkMode = { kind: 'networks' };
  return {
    image,
    command: null,
    entrypoint: null,
    environment: {},
    labels: {},
    ports: hostPorts === null ? [] : [{ containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPorts }],
    mounts: [
      ...volumes.map((volume) => ({ kind: 'volume', volume, target: `/data/${volume}`, readOnly }) as const),
      ...binds.map(
        (source) => ({ kind: 'bind', source, target: source, readOnly, createSource: false }) as const,
      ),
    ],
    networkMode,
    networks: networks.map((network) => ({ network, aliases: [], ipv4Address: null, ipv6Address: null })),
    resources: NO_LIMITS,
    isolation: USUAL_ISOLATION,
    healthcheck: null,
    restart: restart ?? { name: 'no', maximumRetryCount: 0 },
    stopSignal: null,
    stopGraceMs: null,
  };
}
