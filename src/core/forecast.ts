/**
 * The plan: the very decision that `apply` makes, run forward over a model until no step is left.
 * Owns: the run and its bound. Must not know: any rule of its own.
 */
import type { ServiceName } from '../model/ids.js';
import type { Plan, PlannedStep } from '../model/plan.js';
import { compareText } from '../model/problem.js';
import type { Reason, ServiceStatus } from '../model/status.js';
import { objectOf, STEP_VERBS, type Step } from '../model/step.js';
import type { DecisionContext } from './context.js';
import { decide } from './decide.js';
import { summaryOf } from './forecast-summary.js';
import { lullFrom, nextLook } from './forecast-time.js';
import type { Memory, Pulled, ServiceMemory } from './memory.js';
import { remember } from './remember.js';
import { afterStep, afterWhile, atFirstSight } from './world.js';

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
  readonly steps: readonly Step[];
  readonly statuses: ReadonlyMap<ServiceName, ServiceStatus>;
} {
  const steps: Step[] = [];
  const statuses = new Map<ServiceName, ServiceStatus>();
  let context = beginningOf(start);
  let lull = lullFrom(context.now.monotonicMs);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const decision = decide({ services: everyService(context), objects: true }, context);
    for (const [name, status] of decision.statuses) {
      if (status === null) statuses.delete(name);
      else statuses.set(name, status);
    }
    steps.push(...decision.steps);
    const passed = { ...context, memory: { ...withoutMotions(decision.memory), amnesty: false } };
    const moved = decision.steps.length > 0 ? decision.steps.reduce(done, passed) : atRest(passed);
    const look = moved === null ? nextLook(lull, decision, passed.now.monotonicMs) : null;
    if (moved !== null) {
      // What is done later must look later, as it does on Docker: restarts that follow others are found by it.
      context = at(moved, moved.now.monotonicMs + 1);
      lull = lullFrom(context.now.monotonicMs);
    } else if (look !== null) {
      context = at(passed, look.atMs);
      lull = look.lull;
    } else break;
  }
  return { steps, statuses };
}

/** What is under way is done first. */
function beginningOf(start: DecisionContext): DecisionContext {
  const begun = {
    ...start,
    memory: withoutLaterPulls(start),
    observed: atFirstSight(start),
    inFlight: new Map(),
  };
  return [...start.inFlight.values()].reduce(done, begun);
}

/** When no step is left, what is on its way arrives; null: nothing is. */
function atRest(context: DecisionContext): DecisionContext | null {
  const observed = afterWhile(context);
  return observed === context.observed ? null : { ...context, observed };
}

function at(context: DecisionContext, monotonicMs: number): DecisionContext {
  const passedMs = monotonicMs - context.now.monotonicMs;
  return { ...context, now: { monotonicMs, wallMs: context.now.wallMs + passedMs } };
}

/** A plan shows the looks at registries that are due, not those of the time to come. */
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
    isDue(image, known) ? known : { ...known, atMs: Number.POSITIVE_INFINITY },
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

function done(context: DecisionContext, step: Step): DecisionContext {
  const hash = step.service === null ? null : (context.desired.services.get(step.service)?.hash ?? null);
  const { memory } = remember(context.memory, { step, outcome: { kind: 'done' }, now: context.now, hash });
  const next = { ...context, memory, observed: afterStep(context, step) };
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
    .sort((a, b) => compareText(a.service, b.service));
}
