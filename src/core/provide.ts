/**
 * What must be there before a container is made: its image, its networks, its volumes.
 * Owns: when each is fetched or made, and the sentence when it cannot be. Must not know: replicas.
 */
import type { DesiredService } from '../model/desired.js';
import type { Failure } from '../model/failure.js';
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
  /** Monotonic; when an image is to be pulled again although nothing is short. Null: not by the clock. */
  readonly recheckAtMs: number | null;
}

/** What a service needs now. */
export interface Needs {
  /** A container is to be made: then its image must be there. */
  readonly container: boolean;
  /** Networks that are about to be made anew: nothing is made on them meanwhile. */
  readonly renewing: ReadonlySet<string>;
}

/** The steps that provide what the service needs. */
export function provide(service: DesiredService, context: DecisionContext, needs: Needs): Provision {
  const image = provideImage(service, context, needs);
  const parts = [
    ...(needs.container ? [image] : []),
    ...service.container.networks.map(({ network }) =>
      needs.renewing.has(network)
        ? short(null, `network ${network} is made anew`)
        : provideNetwork(service, network, context),
    ),
    ...service.container.mounts.flatMap((mount) =>
      mount.kind === 'volume' ? [provideVolume(service, mount.volume, context)] : [],
    ),
  ];
  const shortages = parts.flatMap(({ shortage }) => (shortage === null ? [] : [shortage]));
  return {
    steps: [...(needs.container ? [] : image.steps), ...parts.flatMap(({ steps }) => steps)],
    recheckAtMs: image.recheckAtMs,
    shortage: shortages.find(({ reason }) => reason !== null) ?? shortages[0] ?? null,
  };
}

const THERE: Provision = { steps: [], shortage: null, recheckAtMs: null };

/** The image, when a container is to be made, or when its policy asks for a look at the registry by the clock. */
function provideImage(service: DesiredService, context: DecisionContext, needs: Needs): Provision {
  const { image } = service.container;
  const found = context.observed.images.get(image);
  if (found === undefined) return short(null, `looks for image ${image}`);
  const { pullPolicy } = service;
  const dueMs = pullDueAt(service, context);
  if (found !== null && (dueMs === null || dueMs > context.now.monotonicMs))
    return { ...THERE, recheckAtMs: dueMs };
  if (found === null && !needs.container) return THERE;
  if (pullPolicy.kind === 'never') {
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
  // What is here will do: that the registry cannot be reached is a warning.
  if (found === null || !hasFailed) return pulling;
  return { steps: pulling.steps, shortage: null, recheckAtMs: pulling.shortage?.recheckAtMs ?? null };
}

/**
 * When the policy asks for a pull although an image of the name is here (monotonic; in the past: now); null: never.
 * `always`: once for every spec, and once by every process. After a restart the periodic pull is simply done once more.
 */
function pullDueAt(
  { pullPolicy, container, hash }: DesiredService,
  { memory, now }: DecisionContext,
): number | null {
  const pulled = memory.pulled.get(container.image);
  if (pullPolicy.kind !== 'always' && pullPolicy.kind !== 'every') return null;
  if (pulled === undefined) return now.monotonicMs;
  if (pullPolicy.kind === 'every') return pulled.atMs + pullPolicy.periodMs;
  return pulled.specs.has(hash) ? null : now.monotonicMs;
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
  if (inFlight.has(step.key)) return { ...THERE, shortage: { ...shortage, recheckAtMs: null } };
  const holding = holdingBackoff(memory.shared, options);
  if (holding !== null) return { ...THERE, shortage: { ...shortage, recheckAtMs: holding.untilMs } };
  return { ...THERE, steps: [step], shortage: { ...shortage, recheckAtMs: null } };
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
    message: `${failure.message}${mendOf(failure)} (tried again after ${seconds} s${times})`,
  };
}

/** What to do about a failure whose sentence does not say it. */
const mendOf = ({ code }: Failure): string =>
  code === 'noAddressPool'
    ? ': remove unused networks (`docker network prune`), or give Docker more `default-address-pools` in its daemon.json'
    : '';

function short(reason: Reason | null, message: string): Provision {
  return { ...THERE, shortage: { reason, message, recheckAtMs: null } };
}
