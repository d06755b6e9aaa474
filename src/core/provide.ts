/**
 * What must be there before a container is made: its image, its networks, its volumes.
 * Owns: when each is fetched or made, and the sentence when it cannot be. Must not know: replicas.
 */
import type { DesiredService } from '../model/desired.js';
import type { Reason } from '../model/status.js';
import { keys, type Step, type StepKind } from '../model/step.js';
import type { DecisionContext } from './context.js';
import { isPassing, reasonOf, retryDelayMs } from './failures.js';
import { type Backoff, holdingBackoff, knownFailure } from './memory.js';

/** Why something is not there yet. */
export interface Shortage {
  /** Null: nothing is wrong, it is only not there yet. */
  readonly reason: Reason | null;
  readonly message: string;
  /** Monotonic; null: when something changes. */
  readonly recheckAtMs: number | null;
}

/** The steps that provide, and what is still short. */
export interface Provision {
  readonly steps: readonly Step[];
  /** Null: all is there. */
  readonly shortage: Shortage | null;
}

/** What the service needs now. The image counts only when a container is to be made. */
export function provide(
  service: DesiredService,
  context: DecisionContext,
  needs: { readonly image: boolean },
): Provision {
  const parts = [
    ...(needs.image ? [provideImage(service, context)] : []),
    ...service.container.networks.map(({ network }) => provideNetwork(service, network, context)),
    ...service.container.mounts.flatMap((mount) =>
      mount.kind === 'volume' ? [provideVolume(service, mount.volume, context)] : [],
    ),
  ];
  const shortages = parts.flatMap(({ shortage }) => (shortage === null ? [] : [shortage]));
  return {
    steps: parts.flatMap(({ steps }) => steps),
    shortage: shortages.find(({ reason }) => reason !== null) ?? shortages[0] ?? null,
  };
}

const THERE: Provision = { steps: [], shortage: null };

function provideImage(service: DesiredService, context: DecisionContext): Provision {
  const { image } = service.container;
  const found = context.observed.images.get(image);
  if (found === undefined) return short(null, `looks for image ${image}`);
  const { pullPolicy } = service;
  if (found !== null && !isPullDue(service, context)) return THERE;
  if (found === null && pullPolicy.kind === 'never') {
    return short(
      'ImagePullFailed',
      `image ${image} is not on this host and pull_policy is never: build or load it`,
    );
  }
  const cause = found === null ? 'not on this host' : `pull_policy is ${pullPolicy.kind}`;
  const step: Step = {
    key: keys.image(image),
    service: service.name,
    slot: null,
    cause,
    kind: 'pullImage',
    image,
  };
  const pulling = attempt(step, `pulls ${image}`, context);
  const hasFailed =
    knownFailure(context.memory.shared, { key: step.key, kind: 'pullImage', hash: null }) !== null;
  return found !== null && hasFailed ? THERE : pulling;
}

/** Whether the policy asks for a pull although an image of the name is here. After a restart it is simply done once more. */
function isPullDue({ pullPolicy, container }: DesiredService, { memory, now }: DecisionContext): boolean {
  const pulledAtMs = memory.pulled.get(container.image);
  if (pullPolicy.kind === 'always') return pulledAtMs === undefined;
  if (pullPolicy.kind !== 'every') return false;
  return pulledAtMs === undefined || now.monotonicMs - pulledAtMs >= pullPolicy.periodMs;
}

function provideNetwork(service: DesiredService, name: string, context: DecisionContext): Provision {
  const isGoing = context.inFlight.get(keys.network(name))?.kind === 'removeNetwork';
  if (isGoing) return short(null, `network ${name} is being removed`);
  if (context.observed.networks.has(name)) return THERE;
  const network = context.desired.networks.get(name);
  if (network === undefined || network.external) {
    return short(
      'NetworkFailed',
      `external network ${name} does not exist: make it with \`docker network create ${name}\``,
    );
  }
  const base = { key: keys.network(name), service: service.name, slot: null, cause: 'does not exist' };
  const { project } = context.settings;
  return attempt({ ...base, kind: 'createNetwork', project, network }, `creates network ${name}`, context);
}

function provideVolume(service: DesiredService, name: string, context: DecisionContext): Provision {
  if (context.observed.volumes.has(name)) return THERE;
  const volume = context.desired.volumes.get(name);
  if (volume === undefined || volume.external) {
    return short(
      'StartFailed',
      `external volume ${name} does not exist: make it with \`docker volume create ${name}\``,
    );
  }
  const base = { key: keys.volume(name), service: service.name, slot: null, cause: 'does not exist' };
  const { project } = context.settings;
  return attempt({ ...base, kind: 'createVolume', project, volume }, `creates volume ${name}`, context);
}

/** The step, unless it is under way or held back by its last failure. */
function attempt(step: Step, message: string, { memory, inFlight, now }: DecisionContext): Provision {
  const options = { key: step.key, kind: step.kind, hash: null, now };
  const failed = knownFailure(memory.shared, options);
  // What failed stays said while it is tried again: it has not become better.
  const shortage =
    failed === null || isPassing(failed) ? { reason: null, message } : explain(step.kind, failed);
  if (inFlight.has(step.key)) return { steps: [], shortage: { ...shortage, recheckAtMs: null } };
  const holding = holdingBackoff(memory.shared, options);
  if (holding !== null) return { steps: [], shortage: { ...shortage, recheckAtMs: holding.untilMs } };
  return { steps: [step], shortage: { ...shortage, recheckAtMs: null } };
}

/** Reason and sentence of a failed step, with its next try. */
export function explain(
  kind: StepKind,
  { failure, failures }: Backoff,
): { readonly reason: Reason; readonly message: string } {
  const seconds = Math.max(1, Math.round(retryDelayMs(failure.code, failures) / 1000));
  const times = failures === 1 ? '' : `, ${failures} times so far`;
  return {
    reason: reasonOf(kind, failure),
    message: `${failure.message} (tried again after ${seconds} s${times})`,
  };
}

function short(reason: Reason | null, message: string): Provision {
  return { steps: [], shortage: { reason, message, recheckAtMs: null } };
}
