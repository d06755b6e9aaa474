/**
 * A model of Docker in which every step succeeds and every start becomes healthy: what a plan runs forward over.
 * Owns: the effect of each kind of step on an observed state. Must not know: real engines, time beyond `now`.
 */
import { assertNever } from '../model/assert.js';
import type { ContainerSpec, RestartPolicy } from '../model/desired.js';
import { type ContainerId, containerId, type ServiceName } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { CheckTimes, ObservedContainer, ObservedEndpoint, ObservedState } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import type { Step, StepOf } from '../model/step.js';

/** The state after a step. `now` is the model's time. */
export function afterStep(state: ObservedState, step: Step, now: Now): ObservedState {
  switch (step.kind) {
    case 'pullImage':
      return {
        ...state,
        images: new Map(state.images).set(step.image, {
          id: `planned:${step.image}`,
          version: null,
          hasHealthcheck: false,
        }),
      };
    case 'createNetwork': {
      const { name, driver, hash } = step.network;
      return {
        ...state,
        networks: new Map(state.networks).set(name, {
          id: `planned:${name}`,
          name,
          driver,
          project: step.project,
          hash,
        }),
      };
    }
    case 'removeNetwork':
      return { ...state, networks: without(state.networks, step.name) };
    case 'createVolume': {
      const { name, driver, hash } = step.volume;
      return {
        ...state,
        volumes: new Map(state.volumes).set(name, { name, driver, project: step.project, hash }),
      };
    }
    case 'removeVolume':
      return { ...state, volumes: without(state.volumes, step.name) };
    case 'createContainer':
      return withContainer(state, created(step, state, now));
    case 'removeContainer':
      return withoutContainer(state, step.service, step.id);
    case 'startContainer':
    case 'restartContainer':
      return changed(state, step, (container) => started(container, now));
    case 'stopContainer':
      return changed(state, step, (container) => ({
        ...container,
        status: 'exited',
        exitCode: 137,
        finishedAt: now.wallMs,
        pid: 0,
      }));
    case 'unpauseContainer':
      return changed(state, step, (container) => ({ ...container, status: 'running' }));
    case 'renameContainer':
      return changed(state, step, (container) => ({ ...container, name: step.to }));
    case 'updateContainer':
      return changed(state, step, (container) => ({ ...container, restartPolicy: step.restart }));
    case 'connectNetwork':
      return changed(state, step, (container) => ({
        ...container,
        endpoints: [...container.endpoints, endpoint(step.attachment, state)].sort((a, b) =>
          compareText(a.network, b.network),
        ),
      }));
    case 'disconnectNetwork':
      return changed(state, step, (container) => ({
        ...container,
        endpoints: container.endpoints.filter(({ network }) => network !== step.network),
      }));
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
  step: Extract<Step, { id: ContainerId }>,
  change: (container: ObservedContainer) => ObservedContainer,
): ObservedState {
  const container = (state.services.get(step.service ?? ('' as ServiceName)) ?? []).find(
    ({ id }) => id === step.id,
  );
  return container === undefined ? state : withContainer(state, change(container));
}

/** Running and healthy at once; what runs to an end has ended well at once. */
function started(container: ObservedContainer, now: Now): ObservedContainer {
  const isOneShot = container.restartPolicy.name === 'no' || container.restartPolicy.name === 'on-failure';
  const health = container.check === null ? 'none' : 'healthy';
  const common = { ...container, startedAt: now.wallMs, error: '', restartCount: 0 };
  if (isOneShot) return { ...common, status: 'exited', exitCode: 0, finishedAt: now.wallMs };
  return { ...common, status: 'running', pid: 1, health: { ...container.health, status: health } };
}

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
    health: { status: 'none', failingStreak: 0, lastOutput: '' },
    stopGraceMs: spec.stopGraceMs,
    check: hasCheck(spec, image?.hasHealthcheck ?? false) ? DEFAULT_CHECK : null,
    imageId: image?.id ?? '',
    image: spec.image,
    imageVersion: image?.version ?? null,
    networkMode: first?.network ?? 'default',
    endpoints: first === undefined ? [] : [endpoint(first, state)],
    ports: {},
    mounts: [],
  };
}

const plainPolicy = ({ name, maximumRetryCount }: RestartPolicy): RestartPolicy => ({
  name,
  maximumRetryCount,
});

/** The declared check, else the image's; an image that is still to be pulled is believed to bring one. */
function hasCheck({ healthcheck }: ContainerSpec, imageHasIt: boolean): boolean {
  return healthcheck === null ? imageHasIt : healthcheck.kind === 'test';
}

function endpoint(
  attachment: { network: string; aliases: readonly string[] },
  state: ObservedState,
): ObservedEndpoint {
  const networkId = state.networks.get(attachment.network)?.id ?? '';
  return { network: attachment.network, networkId, aliases: attachment.aliases, ipAddress: '' };
}
