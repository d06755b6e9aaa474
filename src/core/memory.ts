/**
 * What the controller remembers between passes: a plain value, lost without harm when the process ends.
 * Owns: its shape and how an outcome changes it. Must not know: how a decision uses it.
 */
import type { EventDraft } from '../model/event.js';
import type { Failure } from '../model/failure.js';
import {
  type ContainerId,
  containerId,
  type ServiceName,
  type SpecHash,
  type StepKey,
} from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { ServiceStatus } from '../model/status.js';
import { type Outcome, STEP_VERBS, type Step, type StepKind } from '../model/step.js';
import { retryDelayMs } from './failures.js';
import type { Told } from './told-state.js';

/** A step that failed and when it may be tried again. */
export interface Backoff {
  readonly key: StepKey;
  readonly kind: StepKind;
  readonly failure: Failure;
  /** Failures in a row. */
  readonly failures: number;
  /** Monotonic; not before this. */
  readonly untilMs: number;
  /** The container that the step was about; null: none that exists. */
  readonly container: ContainerId | null;
  /** Hash of the service's spec at that time: another spec is tried at once. Null for shared objects. */
  readonly hash: SpecHash | null;
}

/** An end that was seen. */
export interface ExitSeen {
  /** Docker's time, milliseconds since the epoch. */
  readonly finishedAt: number;
  /** Monotonic; first seen then. */
  readonly sinceMs: number;
  /** It was so when we, or the engine, came back: no drift. */
  readonly wasFound: boolean;
}

/** Docker's own restarts of one container. */
export interface Crashes {
  readonly restartCount: number;
  /** When the latest of them were seen (monotonic), oldest first; only as many as make a loop. */
  readonly atMs: readonly number[];
}

/** Of one service. */
export interface ServiceMemory {
  /** By `backoffKey`. */
  readonly backoffs: ReadonlyMap<string, Backoff>;
  /** Containers that this process has tried to start after they had ended or failed to start. */
  readonly startedAgain: ReadonlySet<ContainerId>;
  /** Containers whose end was our own doing. */
  readonly stoppedByUs: ReadonlySet<ContainerId>;
  /** Containers that we have removed: their absence is no drift. */
  readonly removedByUs: ReadonlySet<ContainerId>;
  /** Exits seen and since when, to tell a pause in `docker restart` from an end. */
  readonly exits: ReadonlyMap<ContainerId, ExitSeen>;
  /** Restarts and repeated starts by us, by container. */
  readonly restarts: ReadonlyMap<ContainerId, number>;
  readonly crashes: ReadonlyMap<ContainerId, Crashes>;
  /** Runs of a one-shot that were cut off, not ended. */
  readonly interruptions: number;
  /** How many replicas of the rollout under way are proven. */
  readonly provenInRollout: number;
  /** When a replica of a rollout last became ready (monotonic); null: not yet. */
  readonly lastUpdatedAtMs: number | null;
  /** What was last said; null before the first look. */
  readonly told: Told | null;
  /** The last status; null before the first decision. */
  readonly status: ServiceStatus | null;
}

/** Of everything. */
export interface Memory {
  readonly services: ReadonlyMap<ServiceName, ServiceMemory>;
  /** Failures of images, networks and volumes, by `backoffKey`. */
  readonly shared: ReadonlyMap<string, Backoff>;
  /** When an image was last pulled by this process (monotonic), by reference. */
  readonly pulled: ReadonlyMap<string, number>;
  /** Until the first pass after our start or the engine's return is over: what is found exited is no drift. */
  readonly amnesty: boolean;
  /** Prune refusal last told, as one text; empty: none. */
  readonly pruneTold: string;
}

/** A service not heard of before. */
export const emptyServiceMemory: ServiceMemory = {
  backoffs: new Map(),
  startedAgain: new Set(),
  stoppedByUs: new Set(),
  removedByUs: new Set(),
  exits: new Map(),
  restarts: new Map(),
  crashes: new Map(),
  interruptions: 0,
  provenInRollout: 0,
  lastUpdatedAtMs: null,
  told: null,
  status: null,
};

/** Of a fresh process. */
export const emptyMemory: Memory = {
  services: new Map(),
  shared: new Map(),
  pulled: new Map(),
  amnesty: true,
  pruneTold: '',
};

/** What a failure is remembered of: this kind of step on this object, and on this very container where there is one. */
export interface BackoffPlace {
  readonly key: StepKey;
  readonly kind: StepKind;
  /** Absent: the step makes something new, or is about no container. */
  readonly id?: string;
}

/** Where a failure is kept. A step is a place itself. */
export const backoffKey = ({ key, kind, id }: BackoffPlace): string =>
  `${key} ${STEP_VERBS[kind]} ${id ?? ''}`;

/** The failure that still holds a step back; null when it may be tried. An outdated spec's failure holds nothing. */
export function holdingBackoff(
  backoffs: ReadonlyMap<string, Backoff>,
  options: BackoffPlace & { hash: SpecHash | null; now: Now },
): Backoff | null {
  const backoff = knownFailure(backoffs, options);
  return backoff !== null && backoff.untilMs > options.now.monotonicMs ? backoff : null;
}

/** The failure of a step of the present spec, held back or due; null when there is none. */
export function knownFailure(
  backoffs: ReadonlyMap<string, Backoff>,
  options: BackoffPlace & { hash: SpecHash | null },
): Backoff | null {
  const backoff = backoffs.get(backoffKey(options));
  return backoff === undefined || backoff.hash !== options.hash ? null : backoff;
}

/** What a step's outcome adds to memory, and what is to be said of it. */
export function remember(
  memory: Memory,
  ended: { step: Step; outcome: Outcome; now: Now; hash: SpecHash | null },
): { readonly memory: Memory; readonly events: readonly EventDraft[] } {
  const { step, now } = ended;
  const isShared = step.slot === null;
  const own = (step.service === null ? undefined : memory.services.get(step.service)) ?? emptyServiceMemory;
  const backoffs = withOutcome(isShared ? memory.shared : own.backoffs, {
    ...ended,
    hash: isShared ? null : ended.hash,
  });
  const pulled =
    step.kind === 'pullImage' && ended.outcome.kind !== 'unknown'
      ? new Map(memory.pulled).set(step.image, now.monotonicMs)
      : memory.pulled;
  const events = eventsOfOutcome(ended, memory.shared.get(backoffKey(step)) ?? null);
  if (isShared || step.service === null) return { memory: { ...memory, shared: backoffs, pulled }, events };
  const changed = { ...own, backoffs, ...traces(own, ended) };
  return {
    memory: { ...memory, pulled, services: new Map(memory.services).set(step.service, changed) },
    events,
  };
}

function withOutcome(
  backoffs: ReadonlyMap<string, Backoff>,
  ended: { step: Step; outcome: Outcome; now: Now; hash: SpecHash | null },
): ReadonlyMap<string, Backoff> {
  const { step, outcome, now, hash } = ended;
  const key = backoffKey(step);
  const before = backoffs.get(key);
  if (outcome.kind === 'done') {
    if (before === undefined) return backoffs;
    const rest = new Map(backoffs);
    rest.delete(key);
    return rest;
  }
  const failure: Failure =
    outcome.kind === 'failed'
      ? outcome.failure
      : { code: 'unknownOutcome', message: outcome.message, status: null };
  const failures = before !== undefined && before.hash === hash ? before.failures + 1 : 1;
  const container = 'id' in step && step.slot !== null ? containerId(step.id) : null;
  const untilMs = now.monotonicMs + retryDelayMs(failure.code, failures);
  return new Map(backoffs).set(key, {
    key: step.key,
    kind: step.kind,
    failure,
    failures,
    untilMs,
    container,
    hash,
  });
}

/** A start that never reached the engine, or whose first call had no answer, proves nothing against its container. */
function wasNoTry({ backoffs }: ServiceMemory, { step, outcome }: { step: Step; outcome: Outcome }): boolean {
  if (step.kind !== 'startContainer' || outcome.kind === 'done') return false;
  if (outcome.kind === 'failed') return outcome.failure.code === 'unreachable';
  return !backoffs.has(backoffKey(step));
}

/** The traces that later decisions read: who stopped, who was started again. */
function traces(own: ServiceMemory, ended: { step: Step; outcome: Outcome }): Partial<ServiceMemory> {
  const { step, outcome } = ended;
  if (wasNoTry(own, ended)) return {};
  if (outcome.kind === 'failed') {
    if (step.kind !== 'startContainer' || !step.again) return {};
    return { startedAgain: new Set(own.startedAgain).add(step.id) };
  }
  if (step.kind === 'stopContainer') return { stoppedByUs: new Set(own.stoppedByUs).add(step.id) };
  if (step.kind === 'removeContainer') return { removedByUs: new Set(own.removedByUs).add(step.id) };
  if (step.kind !== 'startContainer' && step.kind !== 'restartContainer') return {};
  const stoppedByUs = new Set(own.stoppedByUs);
  stoppedByUs.delete(step.id);
  if (step.kind === 'startContainer' && !step.again) return { stoppedByUs };
  return {
    stoppedByUs,
    startedAgain: new Set(own.startedAgain).add(step.id),
    restarts: new Map(own.restarts).set(step.id, (own.restarts.get(step.id) ?? 0) + 1),
    interruptions: own.interruptions + (step.kind === 'startContainer' && step.interrupted ? 1 : 0),
  };
}

/** A failure that repeats word for word is told once. */
function eventsOfOutcome(
  ended: { step: Step; outcome: Outcome },
  before: Backoff | null,
): readonly EventDraft[] {
  const { step, outcome } = ended;
  if (step.kind !== 'pullImage') return [];
  const service_name = step.service ?? '';
  if (outcome.kind === 'done') {
    const facts = { image: step.image, service_name, message: `pulled ${step.image}` };
    return [{ type: 'image_pulled', facts, cause: step.cause }];
  }
  const message = outcome.kind === 'failed' ? outcome.failure.message : outcome.message;
  if (before?.failure.message === message) return [];
  return [
    { type: 'image_pull_failed', facts: { image: step.image, service_name, message }, cause: step.cause },
  ];
}
