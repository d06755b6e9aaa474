/**
 * A Docker Engine of virtual time behind the controller's port.
 * Owns: calls: their latency, their effect on the truth, their failures. Must not know: the controller, any rule.
 */
import {
  type CallOptions,
  type Clock,
  type Engine,
  EngineError,
  type EngineEvent,
  type EngineEventSink,
} from '../../src/controller/ports.js';
import type { ContainerSpec, NetworkAttachment } from '../../src/model/desired.js';
import type { FailureCode } from '../../src/model/failure.js';
import { type ContainerId, containerId } from '../../src/model/ids.js';
import { encodeLabels } from '../../src/model/labels.js';
import { behaviourOf as behaviourOfImage } from './simulated-behaviours.js';
import { begin, checkOf, kill, type LifeContext, rest, stop, takenPort } from './simulated-life.js';
import type { Random } from './simulated-random.js';
import {
  type Behaviour,
  createTruth,
  isAlive,
  isNameTaken,
  NO_HEALTH,
  ownedBy,
  type SimulatedContainer,
  sightingOf,
  type Truth,
} from './simulated-truth.js';

/** A write as it took effect, or was about to. */
export interface Write {
  readonly verb: string;
  /** As it was just before; null: it is about none, or none is there. */
  readonly container: SimulatedContainer | null;
  /** Name of what is written: of a container, network, volume, image. */
  readonly name: string;
  readonly atMs: number;
}

/** What somebody else does on the same engine. */
export interface SimulatedOutsider {
  run(container: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly hostPort?: number;
  }): ContainerId;
  pause(id: ContainerId): void;
  kill(id: ContainerId): void;
  stop(id: ContainerId): Promise<void>;
  /** By force. */
  remove(id: ContainerId): void;
  rename(id: ContainerId, to: string): void;
}

/** The port, the truth behind it, and what is not the controller's. */
export interface SimulatedEngine {
  readonly port: Engine;
  readonly truth: Truth;
  readonly outsider: SimulatedOutsider;
  /** Every write through the port that reached the engine, in order. */
  readonly writes: readonly Write[];
  /** Called just before a write takes effect. */
  onWrite(listener: (write: Write) => void): void;
  /** Tells every subscriber, as Docker would. */
  emit(event: EngineEvent): void;
}

/** What an engine is made of. */
export interface SimulatedEngineOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly project: string;
  /** Default: as the image's name says. */
  readonly behaviourOf?: (spec: ContainerSpec) => Behaviour;
}

/** Longest way of a call to the engine and of its answer back. */
const MAX_LATENCY_MS = 5;
const PULL_MS = 400;

interface Inside extends LifeContext, Required<SimulatedEngineOptions> {
  /** Carries a call there and its answer back. */
  call<T>(effect: () => T | Promise<T>, options: CallOptions): Promise<T>;
  note(verb: string, about: { readonly container?: SimulatedContainer | null; readonly name: string }): void;
}

/** Makes an engine that holds nothing; images of the simulation are there. */
export function createSimulatedEngine(options: SimulatedEngineOptions): SimulatedEngine {
  const { clock, random } = options;
  const truth = createTruth();
  const writes: Write[] = [];
  const listeners: ((write: Write) => void)[] = [];
  const sinks = new Set<EngineEventSink>();
  const latency = (): number => 1 + Math.floor(random() * MAX_LATENCY_MS);
  const emit = (event: EngineEvent): void => {
    for (const sink of sinks) clock.after(latency(), () => sinks.has(sink) && sink.onEvent(event));
  };
  const inside: Inside = {
    behaviourOf: ({ image }) => behaviourOfImage(image),
    ...options,
    truth,
    emit,
    call: (effect, { deadlineMs }) => carried(effect, { clock, latency, deadlineMs }),
    note(verb, { container = null, name }) {
      const write: Write = {
        verb,
        container: container === null ? null : { ...container },
        name,
        atMs: clock.now().monotonicMs,
      };
      writes.push(write);
      for (const listener of listeners) listener(write);
    },
  };
  return {
    truth,
    writes,
    emit,
    onWrite: (listener) => void listeners.push(listener),
    outsider: createOutsider(inside),
    port: {
      ...lookingCalls(inside, sinks),
      ...objectCalls(inside),
      ...containerCalls(inside),
      ...networkCalls(inside),
    },
  };
}

/** There, effect, and back; a deadline that passes first leaves the outcome unknown. */
function carried<T>(
  effect: () => T | Promise<T>,
  { clock, latency, deadlineMs }: { clock: Clock; latency: () => number; deadlineMs: number },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = clock.after(deadlineMs, () => reject(failure('unknownOutcome', 'no answer in time')));
    const answer = (deliver: () => void): void => {
      clock.after(latency(), () => {
        giveUp();
        deliver();
      });
    };
    clock.after(latency(), () => {
      new Promise<T>((done) => done(effect())).then(
        (value) => answer(() => resolve(value)),
        (error: unknown) => answer(() => reject(error)),
      );
    });
  });
}

const failure = (code: FailureCode, message: string): EngineError =>
  new EngineError({ code, message, status: code === 'unknownOutcome' ? null : 500 });

function find({ truth }: Inside, idOrName: string): SimulatedContainer | null {
  const byId = truth.containers.get(containerId(idOrName));
  return byId ?? [...truth.containers.values()].find(({ name }) => name === idOrName) ?? null;
}

function there(inside: Inside, id: string): SimulatedContainer {
  const container = find(inside, id);
  if (container === null) throw failure('noSuchContainer', `No such container: ${id}`);
  return container;
}

type LookingCall =
  | 'connect'
  | 'subscribe'
  | 'list'
  | 'inspectContainer'
  | 'inspectNetwork'
  | 'inspectVolume'
  | 'inspectImage';

function lookingCalls(inside: Inside, sinks: Set<EngineEventSink>): Pick<Engine, LookingCall> {
  const { truth, project, call } = inside;
  return {
    connect: (options) => call(() => ({ id: 'simulated', version: '20.10.24', apiVersion: '1.41' }), options),
    subscribe: (sink, options) =>
      call(() => {
        // Each subscription is its own, even where a sink is given twice.
        const own: EngineEventSink = { ...sink };
        sinks.add(own);
        return { close: () => void sinks.delete(own) };
      }, options),
    list: (options) =>
      call(
        () => ({
          containers: [...truth.containers.values()].map((container) =>
            sightingOf(container, project, truth),
          ),
          networks: [...truth.networks.values()],
          volumes: [...truth.volumes.values()],
        }),
        options,
      ),
    inspectContainer: (idOrName, options) =>
      call(() => {
        const container = find(inside, idOrName);
        return container === null ? null : sightingOf(container, project, truth);
      }, options),
    inspectNetwork: (name, options) => call(() => truth.networks.get(name) ?? null, options),
    inspectVolume: (name, options) => call(() => truth.volumes.get(name) ?? null, options),
    inspectImage: (reference, options) =>
      call(() => {
        const image = truth.images.get(reference);
        if (image === undefined || !image.isHere) return null;
        const { id, version, hasHealthcheck } = image;
        return { id, version, hasHealthcheck };
      }, options),
  };
}

type ObjectCall = 'pullImage' | 'createNetwork' | 'removeNetwork' | 'createVolume' | 'removeVolume';

function objectCalls(inside: Inside): Pick<Engine, ObjectCall> {
  const { truth, clock, emit, note, call } = inside;
  return {
    pullImage: (reference, onProgress, options) =>
      call(async () => {
        note('pullImage', { name: reference });
        const image = truth.images.get(reference);
        if (image === undefined) throw failure('pullFailed', `manifest for ${reference} not found`);
        onProgress('Pulling fs layer');
        await new Promise<void>((resolve) => {
          clock.after(PULL_MS, resolve);
        });
        image.isHere = true;
        emit({ type: 'image', action: 'pull', id: reference });
      }, options),
    createNetwork: ({ network, project }, options) =>
      call(() => {
        const { name, driver, hash } = network;
        note('createNetwork', { name });
        if (truth.networks.has(name)) throw failure('nameInUse', `network with name ${name} already exists`);
        const id = truth.createId();
        truth.networks.set(name, { id, name, driver, project, hash });
        emit({ type: 'network', action: 'create', id });
      }, options),
    removeNetwork: (id, options) =>
      call(() => {
        const network = [...truth.networks.values()].find((candidate) => candidate.id === id);
        note('removeNetwork', { name: network?.name ?? id });
        if (network === undefined) return;
        const isUsed = [...truth.containers.values()].some(
          (container) =>
            isAlive(container) && container.endpoints.some(({ network: name }) => name === network.name),
        );
        if (isUsed) throw failure('inUse', `network ${network.name} has active endpoints`);
        truth.networks.delete(network.name);
        emit({ type: 'network', action: 'destroy', id });
      }, options),
    createVolume: ({ volume, project }, options) =>
      call(() => {
        const { name, driver, hash } = volume;
        note('createVolume', { name });
        if (truth.volumes.has(name)) return;
        truth.volumes.set(name, { name, driver, project, hash });
        emit({ type: 'volume', action: 'create', id: name });
      }, options),
    removeVolume: (name, options) =>
      call(() => {
        note('removeVolume', { name });
        const isUsed = [...truth.containers.values()].some(({ spec }) =>
          spec.mounts.some((mount) => mount.kind === 'volume' && mount.volume === name),
        );
        if (isUsed) throw failure('inUse', `volume ${name} is in use`);
        if (truth.volumes.delete(name)) emit({ type: 'volume', action: 'destroy', id: name });
      }, options),
  };
}

type ContainerCall =
  | 'createContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'restartContainer'
  | 'unpauseContainer'
  | 'removeContainer'
  | 'renameContainer'
  | 'updateRestartPolicy';

function containerCalls(inside: Inside): Pick<Engine, ContainerCall> {
  const { truth, emit, note, call } = inside;
  /** A call about a container that must be there. */
  const on = (verb: string, id: ContainerId, options: CallOptions, effect: Effect): Promise<void> =>
    call(() => {
      const container = find(inside, id);
      note(verb, { container, name: container?.name ?? id });
      return effect(there(inside, id));
    }, options);
  return {
    createContainer: (draft, options) =>
      call(() => {
        note('createContainer', { name: draft.name });
        const labels = { ...draft.spec.labels, ...draft.extraLabels, ...encodeLabels(draft.owned) };
        return made(inside, { name: draft.name, labels, spec: draft.spec }).id;
      }, options),
    startContainer: (id, options) =>
      on('startContainer', id, options, (container) => startNow(container, inside)),
    stopContainer: (id, graceMs, options) =>
      on('stopContainer', id, options, (container) => stop(container, graceMs, inside)),
    restartContainer: (id, graceMs, options) =>
      on('restartContainer', id, options, async (container) => {
        await stop(container, graceMs, inside);
        startNow(container, inside);
        emit({ type: 'container', action: 'restart', id });
      }),
    unpauseContainer: (id, options) =>
      on('unpauseContainer', id, options, (container) => {
        if (container.status !== 'paused') throw failure('engine', `Container ${id} is not paused`);
        container.status = 'running';
        emit({ type: 'container', action: 'unpause', id });
      }),
    removeContainer: (id, options) =>
      call(() => {
        const container = find(inside, id);
        note('removeContainer', { container, name: container?.name ?? id });
        if (container === null) return;
        if (isAlive(container))
          throw failure('inUse', `You cannot remove a running container ${id}. Stop the container`);
        truth.containers.delete(container.id);
        emit({ type: 'container', action: 'destroy', id });
      }, options),
    renameContainer: (id, to, options) =>
      on('renameContainer', id, options, (container) => {
        if (isNameTaken(truth, to))
          throw failure('nameInUse', `The container name "/${to}" is already in use`);
        container.name = to;
        emit({ type: 'container', action: 'rename', id });
      }),
    updateRestartPolicy: (id, restart, options) =>
      on('updateRestartPolicy', id, options, (container) => {
        container.restartPolicy = { ...restart };
        emit({ type: 'container', action: 'update', id });
      }),
  };
}

type Effect = (container: SimulatedContainer) => void | Promise<void>;

function networkCalls(inside: Inside): Pick<Engine, 'connectNetwork' | 'disconnectNetwork'> {
  const { truth, emit, note, call } = inside;
  return {
    connectNetwork: (id, attachment, options) =>
      call(() => {
        const container = find(inside, id);
        note('connectNetwork', { container, name: container?.name ?? id });
        const target = there(inside, id);
        const network = truth.networks.get(attachment.network);
        if (network === undefined) throw failure('noSuchNetwork', `network ${attachment.network} not found`);
        if (target.endpoints.some((endpoint) => endpoint.network === network.name))
          throw failure('inUse', `endpoint already exists in network ${network.name}`);
        target.endpoints.push(endpointOf(attachment, isAlive(target) ? network.id : ''));
        emit({ type: 'container', action: 'connect', id: target.id });
      }, options),
    disconnectNetwork: (id, name, options) =>
      call(() => {
        const container = find(inside, id);
        note('disconnectNetwork', { container, name: container?.name ?? id });
        const target = there(inside, id);
        const isOn = target.endpoints.some((endpoint) => endpoint.network === name);
        if (!isOn) throw failure('noSuchNetwork', `${id} is not connected to network ${name}`);
        target.endpoints = target.endpoints.filter((endpoint) => endpoint.network !== name);
        emit({ type: 'container', action: 'disconnect', id: target.id });
      }, options),
  };
}

const endpointOf = ({ network, aliases }: NetworkAttachment, networkId: string) => ({
  network,
  aliases,
  networkId,
});

/** A new container; its name is test-and-set. */
function made(
  inside: Inside,
  wanted: { name: string; labels: Readonly<Record<string, string>>; spec: ContainerSpec },
): SimulatedContainer {
  const { truth, clock, emit, behaviourOf } = inside;
  const { name, labels, spec } = wanted;
  const image = truth.images.get(spec.image);
  if (image === undefined || !image.isHere) throw failure('noSuchImage', `No such image: ${spec.image}`);
  if (isNameTaken(truth, name)) throw failure('nameInUse', `The container name "/${name}" is already in use`);
  const first = spec.networks[0];
  const container: SimulatedContainer = {
    id: containerId(truth.createId()),
    name,
    labels,
    spec,
    behaviour: behaviourOf(spec),
    check: checkOf(spec, image.hasHealthcheck),
    status: 'created',
    exitCode: 0,
    error: '',
    createdAt: clock.now().wallMs,
    startedAt: null,
    finishedAt: null,
    restartCount: 0,
    restartPolicy: { ...spec.restart },
    health: NO_HEALTH,
    endpoints: first === undefined ? [] : [endpointOf(first, '')],
    ports: {},
    isEnding: false,
    pending: [],
  };
  truth.containers.set(container.id, container);
  for (const mount of spec.mounts) {
    if (mount.kind !== 'volume' || truth.volumes.has(mount.volume)) continue;
    truth.volumes.set(mount.volume, { name: mount.volume, driver: 'local', project: null, hash: null });
  }
  emit({ type: 'container', action: 'create', id: container.id });
  return container;
}

/** A start that fails leaves the container as it was, with the daemon's sentence. */
function startNow(container: SimulatedContainer, inside: Inside): void {
  const { truth } = inside;
  if (isAlive(container)) {
    if (container.status === 'restarting') {
      for (const undo of container.pending.splice(0)) undo();
      begin(container, inside);
    }
    return;
  }
  const refuse = (code: FailureCode, message: string): never => {
    container.error = message;
    throw failure(code, message);
  };
  const lost = container.endpoints.find(({ network, networkId }) => {
    const present = truth.networks.get(network);
    return present === undefined || (networkId !== '' && networkId !== present.id);
  });
  if (lost !== undefined) refuse('attachmentGone', `network ${lost.network} not found`);
  const port = takenPort(container, truth);
  if (port !== null) refuse('portInUse', `Bind for 127.0.0.1:${port} failed: port is already allocated`);
  container.restartCount = 0;
  begin(container, inside);
}

function createOutsider(inside: Inside): SimulatedOutsider {
  const { truth, emit } = inside;
  return {
    run({ name, labels = {}, hostPort }) {
      const [image = ''] = truth.images.keys();
      const container = made(inside, { name, labels, spec: outsiderSpec(image, hostPort) });
      begin(container, inside);
      return container.id;
    },
    pause(id) {
      there(inside, id).status = 'paused';
      emit({ type: 'container', action: 'pause', id });
    },
    kill: (id) => kill(there(inside, id), inside),
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
  };
}

function outsiderSpec(image: string, hostPort: number | undefined): ContainerSpec {
  const hostPorts = hostPort === undefined ? null : { first: hostPort, last: hostPort };
  return {
    image,
    command: null,
    entrypoint: null,
    environment: {},
    labels: {},
    ports: hostPorts === null ? [] : [{ containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPorts }],
    mounts: [],
    networks: [],
    healthcheck: null,
    restart: { name: 'no', maximumRetryCount: 0 },
    stopSignal: null,
    stopGraceMs: null,
  };
}

/** Whether a container is of the project of the engine's user. */
export const isOurs = (container: SimulatedContainer, project: string): boolean =>
  ownedBy(container, project) !== null;
