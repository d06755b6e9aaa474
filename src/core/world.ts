/**
 * A model of Docker in which every step succeeds and every start becomes healthy: what a plan runs forward over.
 * Owns: the effect of each kind of step on an observed state, and what comes by itself. Must not know: real engines, time beyond `now`.
 */
import { assertNever } from '../model/assert.js';
import type { ContainerId, ServiceName } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer, ObservedState, Probed } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import type { ContainerChange, Step } from '../model/step.js';
import type { DecisionContext } from './context.js';
import { asShown, created, endpoint } from './forecast-container.js';
import { isReady, isUnhealthy } from './readiness.js';
import { isEndAwaited, isRunningToItsEnd } from './runs-to-end.js';

/** The model: what is there, what is asked for, and the model's time. */
export type Model = Pick<DecisionContext, 'desired' | 'topology' | 'observed' | 'now'>;

/** The state that a plan begins with: of what nobody has probed yet only good is believed. */
export function atFirstSight(model: Model): ObservedState {
  return eachRunning(model, (container) =>
    isProbed(container, model) ? { ...container, probed: container.probed ?? PROBED_WELL } : container,
  );
}

/**
 * The state after a while in which nothing is done, the same value where nothing comes by itself: what is on its way to
 * be well is, and what is meant to end has ended well. Before that whoever needs it while it runs has had its turn.
 */
export function afterWhile(model: Model): ObservedState {
  return eachRunning(model, (container) => {
    if (isMeantToEnd(container, model))
      return { ...atEnd(container, model.now), exitCode: 0, oomKilled: false };
    const isKnown = (container.probed?.unreachable ?? null) === null;
    const isOnItsWay = isKnown && !isReady(container) && !isUnhealthy(container);
    return isOnItsWay ? asWell(container, model) : container;
  });
}

/** The state after a step. */
export function afterStep(model: Model, step: Step): ObservedState {
  const { observed: state, now } = model;
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
    case 'startContainer':
    case 'restartContainer':
      return withoutSignal(
        changed(state, step, (container) => started(container, model)),
        step.id,
      );
    default:
      return changed(state, step, (container) => afterContainerStep(container, step, model));
  }
}

/** A step that changes one container, which it does not start. */
type ChangingStep = Exclude<
  Extract<Step, { id: ContainerId }>,
  { kind: 'removeContainer' | 'removeNetwork' | 'startContainer' | 'restartContainer' }
>;

function afterContainerStep(
  container: ObservedContainer,
  step: ChangingStep,
  model: Model,
): ObservedContainer {
  switch (step.kind) {
    case 'stopContainer':
      return { ...atEnd(container, model.now), exitCode: 137 };
    case 'unpauseContainer':
      return asWell({ ...container, status: 'running' }, model);
    case 'renameContainer':
      return { ...container, name: step.to };
    case 'updateContainer':
      return updated(container, step.change);
    case 'connectNetwork': {
      const endpoints = [...container.endpoints, endpoint(step.attachment, model.observed)];
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

/** Changes what runs and answers; the same state where nothing is changed. */
function eachRunning(
  { observed }: Model,
  change: (container: ObservedContainer) => ObservedContainer,
): ObservedState {
  const services = new Map(
    [...observed.services].map(([name, containers]) => [
      name,
      containers.map((container) =>
        container.status === 'running' && !container.isSilent ? change(container) : container,
      ),
    ]),
  );
  const isSame = [...observed.services].every(([name, containers]) =>
    containers.every((container, index) => container === services.get(name)?.[index]),
  );
  return isSame ? observed : { ...observed, services };
}

/** A new run: running, and well at once. */
function started(container: ObservedContainer, model: Model): ObservedContainer {
  const { wallMs } = model.now;
  const run = { status: 'running', startedAt: wallMs, pid: 1, error: '', restartCount: 0 } as const;
  return asWell({ ...container, ...run }, model);
}

/** Well by all the checks that it has. */
function asWell(container: ObservedContainer, model: Model): ObservedContainer {
  const status = container.check === null ? 'none' : 'healthy';
  const hasProbes = container.probed !== null || isProbed(container, model);
  const health = { ...container.health, status, failingStreak: 0 } as const;
  return { ...container, health, probed: hasProbes ? PROBED_WELL : null };
}

/** At rest; nothing is published any more. */
const atEnd = (container: ObservedContainer, { wallMs }: Now): ObservedContainer => ({
  ...container,
  status: 'exited',
  finishedAt: wallMs,
  pid: 0,
  ports: {},
  hostPorts: [],
});

const isProbed = ({ owned }: ObservedContainer, { desired }: Model): boolean =>
  (desired.services.get(owned.service)?.probes.length ?? 0) > 0;

/**
 * Made to run to its end, as its service is. A check that its image brings says that it is meant to go on, as a declared
 * one does.
 */
function isMeantToEnd({ owned, check, restartPolicy }: ObservedContainer, model: Model): boolean {
  const service = model.desired.services.get(owned.service);
  const endsAtAll = restartPolicy.name === 'no' || restartPolicy.name === 'on-failure';
  if (service === undefined || !endsAtAll || !isRunningToItsEnd(service, model)) return false;
  return check === null || isEndAwaited(service, model);
}

/** A new run has had no signal yet. */
const withoutSignal = (state: ObservedState, id: ContainerId): ObservedState => ({
  ...state,
  killed: new Set([...state.killed].filter((other) => other !== id)),
});

const PROBED_WELL: Probed = { status: 'healthy', message: '', unreachable: null };

function updated(container: ObservedContainer, { restart, resources }: ContainerChange): ObservedContainer {
  const limits = resources === null ? container.resources : asShown(resources, container.resources);
  return { ...container, restartPolicy: restart ?? container.restartPolicy, resources: limits };
}
