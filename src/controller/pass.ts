/**
 * One pass: take what is dirty, decide, tell, do.
 * Owns: the order of these. Must not know: any rule of the decision.
 */
import type { DecisionContext } from '../core/context.js';
import { type Decision, type Dirty, decide } from '../core/decide.js';
import { plannedStep } from '../core/forecast.js';
import { remember } from '../core/remember.js';
import type { ServiceName } from '../model/ids.js';
import type { ServiceStatus } from '../model/status.js';
import type { Outcome, Step } from '../model/step.js';
import { markAll, markNeighbours, markStep } from './marks.js';
import { contextOf, isAtFixedPoint, type Parts, setPhase } from './parts.js';
import type { StepProgress } from './ports.js';

/** A bug that comes this many times in a row ends the process: a loop that decides nothing is worse than a restart. */
const MAX_BUGS = 3;
const BUG_PAUSE_MS = 1_000;

/** Makes a pass, unless decisions are frozen. */
export function pass(parts: Parts): void {
  const { state, observer, agenda, options } = parts;
  const context = contextOf(parts);
  state.heartbeatMs = options.clock.now().monotonicMs;
  if (context === null || !observer.isWhole() || state.isStopping) return;
  const dirty = agenda.take();
  state.decided += dirty.services.size;
  const decision = decideOrSurvive(parts, dirty, context);
  if (decision === null) return;
  state.memory = { ...decision.memory, amnesty: false };
  if (dirty.objects || decision.needsSecondScan) state.needsSecondScan = decision.needsSecondScan;
  for (const name of dirty.services) agenda.plan(name, decision.recheckAtMs.get(name) ?? null);
  if (dirty.objects) agenda.planObjects(decision.objectsRecheckAtMs);
  const otherwise = [...decision.statuses].filter(([name, status]) => hasOtherReason(parts, name, status));
  for (const [name, status] of decision.statuses) tellStatus(parts, name, status);
  parts.teller.tell(decision.events);
  for (const step of decision.steps) perform(parts, step);
  markNeighbours(parts, [...decision.changed, ...otherwise.map(([name]) => name)]);
  if (decision.needsSecondScan) parts.source.scanAgainSoon();
  state.lastPassAt = context.now.wallMs;
  state.lastPassMs = options.clock.now().monotonicMs - context.now.monotonicMs;
  state.isReady = true;
  for (const resolve of parts.whenReady.splice(0)) resolve();
  settle(parts);
}

/** The pass ends, the next resync tries again; a bug that stays ends the process. */
function decideOrSurvive(parts: Parts, dirty: Dirty, context: DecisionContext): Decision | null {
  const { state, options } = parts;
  try {
    const decision = decide(dirty, context);
    state.bugs = 0;
    return decision;
  } catch (error) {
    state.bugs += 1;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    options.log.error({ error: message }, 'a pass ended in a bug of alicia; please report it');
    if (state.bugs >= MAX_BUGS) throw error;
    options.clock.after(BUG_PAUSE_MS, () => markAll(parts));
    return null;
  }
}

/** Whether a service is on its way depends on its reason too, where nothing else about it has changed. */
const hasOtherReason = ({ state }: Parts, name: ServiceName, status: ServiceStatus | null): boolean =>
  (state.statuses.get(name)?.reason ?? null) !== (status?.reason ?? null);

function tellStatus({ state, options }: Parts, name: ServiceName, status: ServiceStatus | null): void {
  if ((state.statuses.get(name) ?? null) === status) return;
  if (status === null) state.statuses.delete(name);
  else state.statuses.set(name, status);
  options.publisher.publishStatus(name, status);
}

/** Has everything come to rest? */
function settle(parts: Parts): void {
  const { state, episode, teller, options } = parts;
  const statuses = [...state.statuses.values()];
  const isResting = isAtFixedPoint(parts) && statuses.every(({ health }) => health !== 'Progressing');
  const arrival = isResting ? episode.end(options.clock.now().monotonicMs, statuses) : null;
  if (arrival !== null) teller.tell([arrival]);
  setPhase(parts, isResting ? 'idle' : 'converging');
}

/** Carries a step out; when its outcome is part of what is observed, the service is dirty again. */
function perform(parts: Parts, step: Step): void {
  const { state, options, episode, executor, teller } = parts;
  const planned = plannedStep(step);
  const say = (phase: StepProgress['phase'], detail: string): void =>
    parts.progress.add({ step: planned, phase, detail });
  state.inFlight.set(step.key, step);
  episode.begin(options.clock.now().monotonicMs);
  episode.countStep(step.service);
  const reporting = {
    onBegin: () => say('started', ''),
    onProgress: (detail: string) => say('progress', detail),
  };
  void executor.execute(step, reporting).then(async (outcome) => {
    await lookAfter(parts, step);
    say(outcome.kind === 'done' ? 'done' : 'failed', detailOf(outcome));
    teller.tellOfStep(planned, outcome);
    endStep(parts, step, outcome);
  });
}

/** However long a look takes, a controller that stops does not wait for it. */
async function lookAfter({ observer, state, whenStopping }: Parts, step: Step): Promise<void> {
  if (state.isStopping) return;
  await new Promise<void>((resolve, reject) => {
    whenStopping.add(resolve);
    observer
      .lookAfter(step)
      .finally(() => whenStopping.delete(resolve))
      .then(resolve, reject);
  });
}

function detailOf(outcome: Outcome): string {
  if (outcome.kind === 'done') return '';
  return outcome.kind === 'failed' ? outcome.failure.message : outcome.message;
}

function endStep(parts: Parts, step: Step, outcome: Outcome): void {
  const { state, options, teller } = parts;
  const hash = step.service === null ? null : (state.desired?.services.get(step.service)?.hash ?? null);
  const remembered = remember(state.memory, { step, outcome, now: options.clock.now(), hash });
  state.memory = remembered.memory;
  state.inFlight.delete(step.key);
  teller.tell(remembered.events);
  markStep(parts, step);
  if (state.inFlight.size === 0) for (const resolve of parts.whenIdle.splice(0)) resolve();
}
