/**
 * A model of Docker in which every step succeeds and every start becomes healthy: what a plan runs forward over.
 * Owns: the effect of each kind of step on an observed state. Must not know: real engines, time beyond `now`.
 */
import { assertNever } from '../model/assert.js';
import type { ContainerSpec, NetworkAttachment, Resources, RestartPolicy } from '../model/desired.js';
import { type ContainerId, containerId, type ServiceName } from '../model/ids.js';
import type { Now } from '../model/now.js';
import {
  type CheckTimes,
  NO_RESOURCES,
  type ObservedContainer,
  type ObservedEndpoint,
  type ObservedResources,
  type ObservedState,
  type Probed,
} from '../model/observed.js';
import { compareText } from '../model/problem.js';
import type { ContainerChange, Step, StepOf } from '../model/step.js';

/** The state after a step. `now` is the model's time. */
export function afterStep(state: ObservedState, step: Step, now: Now): ObservedState {
  switch (step.kind) {
    case 'pullImage': {
      // What the image brings is not known before it is here; a plan believes in the check that somebody may wait for.
      // An image that is here stays what it is: whether the registry has another one is not known.
      const planned = { id: `planned:${step.image}`, version: null, hasHealthcheck: true };
      const image = state.images.get(step.image) ?? planned;
      return { ...state, images: new Map(state.images).set(step.image, image) };
    }
    case 'createNetwork': {
      const { name, driver, hash } = step.network;
      const network = { id: `planned:${name}`, name, driver, project: step.project, hash };
      return { ...state, networks: new Map(state.networks).set(name, network) };
    }
    case 'removeNetwork':
      return { ...state, networks: without(state.networks, step.name) };
    case 'createVolume': {
      const { name, driver, hash } = step.volume;
      const volume = { name, driver, project: step.project, hash };
      return { ...state, volumes: new Map(state.volumes).set(name, volume) };
    }
    case 'removeVolume':
      return { ...state, volumes: without(state.volumes, step.name) };
    case 'createContainer':
      return withContainer(state, created(step, state, now));
    case 'removeContainer':
      return withoutContainer(state, step.service, step.id);
    default:
      return changed(state, step, (container) => afterContainerStep(container, step, { state, now }));
  }
}

/** A step that changes one container and nothing else. */
type ChangingStep = Exclude<
  Extract<Step, { id: ContainerId }>,
  { kind: 'removeContainer' | 'removeNetwork' }
>;

function afterContainerStep(
  container: ObservedContainer,
  step: ChangingStep,
  { state, now }: { readonly state: ObservedState; readonly now: Now },
): ObservedContainer {
  switch (step.kind) {
    case 'startContainer':
    case 'restartContainer':
      return started(container, now);
    case 'stopContainer':
      return { ...container, status: 'exited', exitCode: 137, finishedAt: now.wallMs, pid: 0 };
    case 'unpauseContainer':
      return { ...container, status: 'running' };
    case 'renameContainer':
      return { ...container, name: step.to };
    case 'updateContainer':
      return updated(container, step.change);
    case 'connectNetwork': {
      const endpoints = [...container.endpoints, endpoint(step.attachment, state)];
      return { ...container, endpoints: endpoints.sort((a, b) => compareText(a.network, b.network)) };
    }
    case 'disconnectNetwork':
      return {
        ...container,
        endpoints: container.endpoints.filter(({ network }) => network !== step.network),
      };
    default:
      return assertNever(step);
  }
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  return new Map([...map].filter(([name]) => name !== key));
}

function withContainer(state: ObservedState, container: ObservedContainer): ObservedState {
  const name = container.owned.service;
  const others = (state.services.get(name) ?? []).filter(({ id }) => id !== container.id);
  return { ...state, services: new Map(state.services).set(name, [...others, container]) };
}

function withoutContainer(state: ObservedState, service: ServiceName | null, id: ContainerId): ObservedState {
  if (service === null) return state;
  const rest = (state.services.get(service) ?? []).filter((container) => container.id !== id);
  const services = new Map(state.services);
  if (rest.length === 0) services.delete(service);
  else services.set(service, rest);
  return { ...state, services };
}

function changed(
  state: ObservedState,
  { service, id }: { readonly service: ServiceName | null; readonly id: ContainerId },
  change: (container: ObservedContainer) => ObservedContainer,
): ObservedState {
  const containers = service === null ? [] : (state.services.get(service) ?? []);
  const container = containers.find((candidate) => candidate.id === id);
  return container === undefined ? state : withContainer(state, change(container));
}

/** Running and healthy at once; what runs to an end has ended well at once. */
function started(container: ObservedContainer, now: Now): ObservedContainer {
  const isOneShot = container.restartPolicy.name === 'no' || container.restartPolicy.name === 'on-failure';
  const health = container.check === null ? 'none' : 'healthy';
  const common = { ...container, startedAt: now.wallMs, error: '', restartCount: 0 };
  if (isOneShot) return { ...common, status: 'exited', exitCode: 0, finishedAt: now.wallMs };
  const probed = container.probed === null ? null : PROBED_WELL;
  return { ...common, status: 'running', pid: 1, health: { ...container.health, status: health }, probed };
}

const PROBED_WELL: Probed = { status: 'healthy', message: '', unreachable: null };

const DEFAULT_CHECK: CheckTimes = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  retries: 3,
  startPeriodMs: 0,
  startIntervalMs: 5_000,
};

function created({ draft }: StepOf<'createContainer'>, state: ObservedState, now: Now): ObservedContainer {
  const { spec, owned } = draft;
  const image = state.images.get(spec.image) ?? null;
  const first = spec.networks[0];
  return {
    id: containerId(`planned:${draft.name}`),
    name: draft.name,
    owned,
    status: 'created',
    exitCode: 0,
    oomKilled: false,
    error: '',
    pid: 0,
    createdAt: now.wallMs,
    startedAt: null,
    finishedAt: null,
    restartCount: 0,
    restartPolicy: plainPolicy(spec.restart),
    resources: asShown(spec.resources, NO_RESOURCES),
    health: { status: 'none', failingStreak: 0, lastOutput: '' },
    probed: null,
    stopGraceMs: spec.stopGraceMs,
    check: hasCheck(spec, image?.hasHealthcheck ?? false) ? DEFAULT_CHECK : null,
    imageId: image?.id ?? '',
    image: spec.image,
    imageVersion: image?.version ?? null,
    networkMode: draft.networkOf === null ? (first?.network ?? 'bridge') : `container:${draft.networkOf}`,
    endpoints: first === undefined ? [] : [endpoint(first, state)],
    ports: {},
    mounts: draft.carried.map(({ volume, target }) => ({
      kind: 'volume',
      source: volume,
      target,
      readOnly: false,
    })),
    isSilent: false,
  };
}

const plainPolicy = ({ name, maximumRetryCount }: RestartPolicy): RestartPolicy => ({
  name,
  maximumRetryCount,
});

/** The declared check, else the image's. */
function hasCheck({ healthcheck }: ContainerSpec, imageHasIt: boolean): boolean {
  return healthcheck === null ? imageHasIt : healthcheck.kind === 'test';
}

function updated(container: ObservedContainer, { restart, resources }: ContainerChange): ObservedContainer {
  const limits = resources === null ? container.resources : asShown(resources, container.resources);
  return { ...container, restartPolicy: restart ?? container.restartPolicy, resources: limits };
}

/** Limits as Docker would show them. */
const asShown = (declared: Resources, before: ObservedResources): ObservedResources => ({
  nanoCpus: declared.nanoCpus ?? 0,
  cpuQuotaUs: declared.cpuQuotaUs ?? 0,
  cpuPeriodUs: declared.cpuPeriodUs ?? before.cpuPeriodUs,
  memoryBytes: declared.memoryBytes ?? 0,
  memorySwapBytes: declared.memorySwapBytes ?? before.memorySwapBytes,
  memoryReservationBytes: declared.memoryReservationBytes ?? 0,
  pidsLimit: declared.pidsLimit ?? 0,
});

function endpoint(attachment: NetworkAttachment, state: ObservedState): ObservedEndpoint {
  const networkId = state.networks.get(attachment.network)?.id ?? '';
  return {
    network: attachment.network,
    networkId,
    aliases: attachment.aliases,
    ipAddress: '',
    fixedIpv4: attachment.ipv4Address,
    fixedIpv6: attachment.ipv6Address,
  };
}
