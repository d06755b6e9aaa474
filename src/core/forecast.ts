/**
 * The plan: the very decision that `apply` makes, run forward over a model until no step is left.
 * Owns: the run, its bound, and the summary. Must not know: any rule of its own.
 */
import type { ServiceName } from '../model/ids.js';
import type { Plan, PlannedStep } from '../model/plan.js';
import type { Reason, ServiceStatus } from '../model/status.js';
import { objectOf, STEP_VERBS, type Step } from '../model/step.js';
import type { DecisionContext } from './context.js';
import { decide } from './decide.js';
import { earliest } from './earliest.js';
import type { Memory, Pulled, ServiceMemory } from './memory.js';
import { remember } from './remember.js';
import { afterStep } from './world.js';

/** More rounds than any real plan takes; a rule that never comes to rest ends here instead of hanging. */
const MAX_ROUNDS = 10_000;

/** Runs the decision forward. The context's steps in flight are taken as done first. */
export function forecast(context: DecisionContext): Plan {
  const { steps, statuses } = runForward(context);
  return { steps: steps.map(plannedStep), waiting: waitingOf(statuses), summary: summaryOf(steps, context) };
}

/** A step as people read it. */
export function plannedStep(step: Step): PlannedStep {
  return {
    verb: STEP_VERBS[step.kind],
    object: objectOf(step),
    service: step.service,
    slot: step.slot,
    cause: step.cause,
  };
}

function runForward(start: DecisionContext): {
  steps: readonly Step[];
  statuses: ReadonlyMap<ServiceName, ServiceStatus>;
} {
  const steps: Step[] = [];
  const statuses = new Map<ServiceName, ServiceStatus>();
  let context: DecisionContext = { ...start, memory: withoutLaterPulls(start), inFlight: new Map() };
  for (const step of start.inFlight.values()) context = done(step, context);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const decision = decide({ services: everyService(context), objects: true }, context);
    for (const [name, status] of decision.statuses) if (status !== null) statuses.set(name, status);
    for (const [name, status] of decision.statuses) if (status === null) statuses.delete(name);
    context = { ...context, memory: withoutMotions(decision.memory) };
    if (decision.steps.length > 0) {
      for (const step of decision.steps) {
        steps.push(step);
        context = done(step, context);
      }
      continue;
    }
    const nextMs = earliest([...decision.recheckAtMs.values(), decision.objectsRecheckAtMs]);
    if (nextMs === null || nextMs > start.now.monotonicMs + HORIZON_MS) break;
    const passedMs = Math.max(1, nextMs - context.now.monotonicMs);
    context = {
      ...context,
      now: { monotonicMs: context.now.monotonicMs + passedMs, wallMs: context.now.wallMs + passedMs },
    };
  }
  return { steps, statuses };
}

/** A plan shows the looks at registries that are due, not those of the hour to come. */
function withoutLaterPulls({ desired, memory, now }: DecisionContext): Memory {
  const isDue = (image: string, { atMs }: Pulled): boolean =>
    [...desired.services.values()].some(
      ({ container, pullPolicy }) =>
        container.image === image &&
        pullPolicy.kind === 'every' &&
        atMs + pullPolicy.periodMs <= now.monotonicMs,
    );
  const pulled = [...memory.pulled].map(([image, known]): [string, Pulled] => [
    image,
    isDue(image, known) ? known : { ...known, atMs: now.monotonicMs + HORIZON_MS },
  ]);
  return { ...memory, pulled: new Map(pulled) };
}

/** In the model nothing moves by itself: that is no sign of being stuck. */
function withoutMotions(memory: Memory): Memory {
  const services = [...memory.services].map(([name, own]): [ServiceName, ServiceMemory] => [
    name,
    own.motions.size === 0 ? own : { ...own, motions: new Map() },
  ]);
  return { ...memory, services: new Map(services) };
}

/** A plan looks an hour ahead: back-offs and deadlines pass, a check of tomorrow does not. */
const HORIZON_MS = 3_600_000;

function done(step: Step, context: DecisionContext): DecisionContext {
  const hash = step.service === null ? null : (context.desired.services.get(step.service)?.hash ?? null);
  const { memory } = remember(context.memory, { step, outcome: { kind: 'done' }, now: context.now, hash });
  const next = { ...context, memory, observed: afterStep(context.observed, step, context.now) };
  return step.kind === 'pullImage' ? { ...next, memory: withoutLaterPulls(next) } : next;
}

/** Every service that is declared, in error, or still on Docker. */
export function everyService({
  desired,
  observed,
  memory,
}: Pick<DecisionContext, 'desired' | 'observed' | 'memory'>): ReadonlySet<ServiceName> {
  return new Set([
    ...desired.services.keys(),
    ...desired.rejected.keys(),
    ...observed.services.keys(),
    ...memory.services.keys(),
  ]);
}

function waitingOf(statuses: ReadonlyMap<ServiceName, ServiceStatus>): Plan['waiting'] {
  return [...statuses.values()]
    .filter((status): status is ServiceStatus & { reason: Reason } => status.reason !== null)
    .map(({ service, reason, message }) => ({ service, reason, message }))
    .sort((a, b) => (a.service < b.service ? -1 : 1));
}

/** Counts services: each under the weightiest thing that happens to it. */
function summaryOf(steps: readonly Step[], { desired, observed }: DecisionContext): Plan['summary'] {
  const summary = { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 0 };
  const touched = new Map<ServiceName, Step[]>();
  for (const step of steps) {
    if (step.service !== null && step.slot !== null)
      touched.set(step.service, [...(touched.get(step.service) ?? []), step]);
  }
  const all = new Set([...desired.services.keys(), ...touched.keys()]);
  for (const name of all) {
    const had = observed.services.get(name) ?? [];
    const hash = desired.services.get(name)?.hash;
    summary[
      kindOfChange(
        touched.get(name) ?? [],
        had.length > 0,
        had.some(({ owned }) => owned.hash !== hash),
      )
    ] += 1;
  }
  return summary;
}

function kindOfChange(steps: readonly Step[], existed: boolean, isOutdated: boolean): keyof Plan['summary'] {
  const has = (...kinds: readonly Step['kind'][]): boolean => steps.some(({ kind }) => kinds.includes(kind));
  if (steps.length === 0) return 'unchanged';
  if (has('createContainer')) return existed && isOutdated ? 'replace' : existed ? 'update' : 'create';
  if (has('removeContainer') && !has('startContainer')) return isOutdated || !existed ? 'remove' : 'update';
  if (has('startContainer', 'restartContainer', 'unpauseContainer')) return 'restart';
  return 'update';
}
