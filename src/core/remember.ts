/**
 * What the outcome of a step adds to memory.
 * Owns: failures and their back-off, the traces that later decisions read, the events of pulls. Must not know: decisions.
 */
import type { EventDraft } from '../model/event.js';
import type { Failure } from '../model/failure.js';
import { type ContainerId, containerId, type SpecHash } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { FollowedRun, Outcome, Step, StepKind, StepOf } from '../model/step.js';
import { changeKey, updateKey } from './container-facts.js';
import { retryDelayMs } from './failures.js';
import {
  type Backoff,
  backoffKey,
  emptyServiceMemory,
  endKey,
  type FollowedRuns,
  type Memory,
  type Pulled,
  type ServiceMemory,
} from './memory.js';
import { afterRestart } from './sickness.js';

/** What a step's outcome adds to memory, and what is to be said of it. */
export function remember(
  memory: Memory,
  ended: { step: Step; outcome: Outcome; now: Now; hash: SpecHash | null },
): { readonly memory: Memory; readonly events: readonly EventDraft[] } {
  const { step } = ended;
  const isShared = step.slot === null;
  const own = (step.service === null ? undefined : memory.services.get(step.service)) ?? emptyServiceMemory;
  const backoffs = withOutcome(isShared ? memory.shared : own.backoffs, {
    ...ended,
    hash: isShared ? null : ended.hash,
  });
  const pulled = pulledAfter(memory.pulled, ended);
  const leftVolumes = leftAfter(memory.leftVolumes, ended);
  const events = eventsOfOutcome(ended, memory.shared.get(backoffKey(step)) ?? null);
  if (isShared || step.service === null)
    return { memory: { ...memory, shared: backoffs, pulled, leftVolumes }, events };
  const changed = { ...own, backoffs, ...traces(own, ended) };
  return {
    memory: { ...memory, pulled, leftVolumes, services: new Map(memory.services).set(step.service, changed) },
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
    if (step.kind === 'updateContainer') return refusedBy(own, step, outcome.failure);
    if (step.kind !== 'startContainer' || !step.again) return {};
    return { startedAgain: new Set(own.startedAgain).add(step.id) };
  }
  if (step.kind === 'disconnectNetwork')
    return { takenOff: new Set(own.takenOff).add(endKey(step.id, step.network)) };
  if (step.kind === 'connectNetwork') {
    const end = endKey(step.id, step.attachment.network);
    return { takenOff: new Set([...own.takenOff].filter((other) => other !== end)) };
  }
  if (step.kind === 'updateContainer') {
    // Whether what is not known to have been done is shown tells the next look.
    if (outcome.kind === 'unknown') return {};
    const { resources } = step.change;
    return resources === null ? {} : { updated: new Map(own.updated).set(step.id, updateKey(resources)) };
  }
  if (step.kind === 'stopContainer') {
    const stoppedByUs = new Set(own.stoppedByUs).add(step.id);
    return step.isVerdict
      ? { stoppedByUs, verdicts: new Map(own.verdicts).set(step.id, step.cause) }
      : { stoppedByUs };
  }
  if (step.kind === 'removeContainer') return { removedByUs: new Set(own.removedByUs).add(step.id) };
  if (step.kind !== 'startContainer' && step.kind !== 'restartContainer') return {};
  if (step.kind === 'startContainer' && !step.again) return {};
  const stoppedByUs = new Set(own.stoppedByUs);
  stoppedByUs.delete(step.id);
  return {
    stoppedByUs,
    startedAgain: new Set(own.startedAgain).add(step.id),
    sicknesses: sicknessesAfter(own, step),
    restarts: new Map(own.restarts).set(step.id, (own.restarts.get(step.id) ?? 0) + 1),
    interruptions: interruptionsAfter(own, step),
    followed:
      step.kind === 'restartContainer' && step.follows !== null && outcome.kind === 'done'
        ? withFollowed(own.followed, step.id, step.follows)
        : own.followed,
  };
}

const withFollowed = (followed: FollowedRuns, id: ContainerId, { service, run }: FollowedRun): FollowedRuns =>
  new Map(followed).set(id, new Map(followed.get(id)).set(service, run));

/** So often in a row the engine may fail at an update before that counts as a refusal. */
const FAILURES_THAT_REFUSE = 3;

/** The daemon does not take the change, or keeps failing to make it. */
function refusedBy(
  { refused, backoffs }: ServiceMemory,
  step: StepOf<'updateContainer'>,
  { code }: Failure,
): Partial<ServiceMemory> {
  const failures = (backoffs.get(backoffKey(step))?.failures ?? 0) + 1;
  const isRefusal = code === 'rejected' || (code === 'engine' && failures >= FAILURES_THAT_REFUSE);
  return isRefusal ? { refused: new Map(refused).set(step.id, changeKey(step.change)) } : {};
}

function interruptionsAfter(
  { interruptions }: ServiceMemory,
  step: Step & { readonly id: ContainerId },
): ServiceMemory['interruptions'] {
  if (step.kind !== 'startContainer' || !step.interrupted) return interruptions;
  return new Map(interruptions).set(step.id, (interruptions.get(step.id) ?? 0) + 1);
}

function sicknessesAfter(
  { sicknesses }: ServiceMemory,
  step: { readonly id: ContainerId; readonly kind: StepKind },
) {
  const sick = sicknesses.get(step.id);
  if (sick === undefined || step.kind !== 'restartContainer') return sicknesses;
  return new Map(sicknesses).set(step.id, afterRestart(sick));
}

function pulledAfter(
  pulled: ReadonlyMap<string, Pulled>,
  { step, outcome, now, hash }: { step: Step; outcome: Outcome; now: Now; hash: SpecHash | null },
): ReadonlyMap<string, Pulled> {
  if (step.kind !== 'pullImage' || outcome.kind !== 'done') return pulled;
  const specs = new Set(pulled.get(step.image)?.specs);
  if (hash !== null) specs.add(hash);
  return new Map(pulled).set(step.image, { atMs: now.monotonicMs, specs });
}

/** A replica that went for good leaves its carried volumes behind, each until it is deleted too. */
function leftAfter(
  left: ReadonlySet<string>,
  { step, outcome }: { step: Step; outcome: Outcome },
): ReadonlySet<string> {
  if (outcome.kind === 'failed') return left;
  if (step.kind === 'removeContainer') return new Set([...left, ...step.carried]);
  if (step.kind !== 'removeVolume') return left;
  return new Set([...left].filter((name) => name !== step.name));
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
