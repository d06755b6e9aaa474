/**
 * The unit of decision: one service.
 * Owns: the order in which the rules are asked, and what they add up to. Must not know: other services' replicas,
 * beyond the conditions on dependencies.
 */
import type { DesiredService } from '../model/desired.js';
import type { EventDraft } from '../model/event.js';
import type { ContainerId, ServiceName } from '../model/ids.js';
import type { ObservedContainer } from '../model/observed.js';
import type { ServiceStatus } from '../model/status.js';
import type { Step } from '../model/step.js';
import type { DecisionContext } from './context.js';
import { driftOf } from './drift.js';
import { crashesSeen, failuresInForce } from './forget.js';
import { unmetDependencies, type Waiting } from './gate.js';
import { emptyServiceMemory, holdingBackoff, type ServiceMemory } from './memory.js';
import { type Block, stepOf } from './move.js';
import { type Provision, provide } from './provide.js';
import { isProven } from './readiness.js';
import { replicaMoves, replicaPlan, type SlotMove } from './replicas.js';
import type { Scaling } from './scale.js';
import { statusOf } from './status.js';
import { tell } from './told.js';
import { dependenciesInOrder } from './topology.js';

/** What is to be done about one service. */
export interface ServiceDecision {
  readonly steps: readonly Step[];
  /** Null: the service is gone for good. */
  readonly status: ServiceStatus | null;
  readonly events: readonly EventDraft[];
  readonly memory: ServiceMemory;
  /** Monotonic; look again then even if nothing changes. Null: not needed. */
  readonly recheckAtMs: number | null;
}

/** Decides about a declared service. */
export function decideService(service: DesiredService, context: DecisionContext): ServiceDecision {
  const { observed, now, inFlight, settings } = context;
  const containers = observed.services.get(service.name) ?? [];
  const remembered = context.memory.services.get(service.name) ?? emptyServiceMemory;
  const scaling = replicaPlan(service, containers);
  const sighted = withSightings(remembered, containers, { service, scaling, context });
  const waiting = unmetDependencies(service, context, { updatedOnly: false });
  const waitingForUpdate = unmetDependencies(service, context, { updatedOnly: true });
  const provision = provideUnlessHandsOff(service, scaling, context);
  const moves = service.maintenance
    ? []
    : replicaMoves(scaling, {
        project: settings.project,
        service,
        containers,
        memory: sighted,
        inFlight,
        networks: observed.networks,
        now,
        startBlockedBy: blockOf(waiting),
        beginBlockedBy: blockOf(waitingForUpdate) ?? supplyBlock(provision),
      });
  const memory = { ...sighted, backoffs: failuresInForce(sighted, { service, moves, inFlight, now }) };
  const { steps, waits } = stepsOf(moves, service, context, memory);
  const isWaiting = moves.some(({ move }) => move.do === 'wait' && move.because === 'dependency');
  const blockers = !isWaiting ? [] : waiting.length > 0 ? waiting : waitingForUpdate;
  const findings = {
    service,
    containers,
    scaling,
    moves,
    waiting: blockers,
    shortage: provision.shortage,
    memory,
  };
  const status = statusOf(findings, context);
  const told = tell(memory.told, {
    service,
    status,
    containers,
    dependencies: dependenciesInOrder(context.topology, service.name),
    drift: driftOf({ service, containers, moves, memory, inFlight }),
    cause: steps[0]?.cause ?? 'observed',
  });
  return {
    steps: [...provision.steps, ...steps],
    status,
    events: told.events,
    memory: { ...memory, status, told: told.told },
    recheckAtMs: earliest([
      ...waits,
      provision.shortage?.recheckAtMs ?? null,
      delayEnd(service, memory, context),
    ]),
  };
}

function provideUnlessHandsOff(
  service: DesiredService,
  scaling: Scaling,
  context: DecisionContext,
): Provision {
  if (service.maintenance || service.replicas === 0) return { steps: [], shortage: null };
  const needsContainer = scaling.added.length > 0 || scaling.kept.some(({ current }) => current === null);
  return provide(service, context, { image: needsContainer });
}

/** Steps of the moves that nothing holds back, and the moments to look again at the others. */
function stepsOf(
  moves: readonly SlotMove[],
  service: DesiredService,
  context: DecisionContext,
  memory: ServiceMemory,
): { readonly steps: readonly Step[]; readonly waits: readonly (number | null)[] } {
  const steps: Step[] = [];
  const waits: (number | null)[] = [];
  for (const { slot, move } of moves) {
    if (move.do === 'wait') waits.push(move.recheckAtMs);
    const step = stepOf(move, {
      project: context.settings.project,
      service,
      slot,
      revision: context.desired.revision,
      image: context.observed.images.get(service.container.image) ?? null,
    });
    if (step === null || isAboutOurselves(step, context)) continue;
    const options = { ...step, hash: service.hash, now: context.now };
    const holding = holdingBackoff(memory.backoffs, options);
    if (holding === null) steps.push(step);
    else waits.push(holding.untilMs);
  }
  return { steps, waits };
}

/** The controller's own container is never touched. */
export function isAboutOurselves(step: Step, { settings }: DecisionContext): boolean {
  return 'id' in step && step.id === settings.ownContainerId;
}

/** Memory brought up to what is seen: exits begin to count, traces of what is gone are dropped. */
function withSightings(
  memory: ServiceMemory,
  containers: readonly ObservedContainer[],
  options: { service: DesiredService; scaling: Scaling; context: DecisionContext },
): ServiceMemory {
  const { context, scaling, service } = options;
  const present = new Set(containers.map(({ id }) => id));
  const exited = containers.filter(({ status }) => status === 'exited');
  const exits = new Map(
    exited.map((container) => {
      const seen = memory.exits.get(container.id);
      const finishedAt = container.finishedAt ?? 0;
      const fresh = { finishedAt, sinceMs: context.now.monotonicMs, wasFound: context.memory.amnesty };
      return [container.id, seen !== undefined && seen.finishedAt === finishedAt ? seen : fresh] as const;
    }),
  );
  const isEnded = new Set(exited.map(({ id }) => id));
  const provenBefore = memory.provenInRollout;
  const inRollout = scaling.kept.filter(({ outdated }) => outdated !== null);
  const proven = inRollout.filter(
    ({ current }) => current !== null && isProven(current, service, context.now),
  ).length;
  return {
    ...memory,
    backoffs: backoffsOf(memory, present),
    exits,
    startedAgain: new Set([...memory.startedAgain].filter((id) => present.has(id))),
    stoppedByUs: new Set([...memory.stoppedByUs].filter((id) => isEnded.has(id))),
    removedByUs: new Set([...memory.removedByUs].filter((id) => memory.told?.instances.has(id) === true)),
    restarts: new Map([...memory.restarts].filter(([id]) => present.has(id))),
    crashes: crashesSeen(memory.crashes, containers, context.now),
    interruptions: memory.status?.hash === service.hash ? memory.interruptions : 0,
    provenInRollout: proven,
    lastUpdatedAtMs:
      proven > provenBefore ? context.now.monotonicMs : proven === 0 ? null : memory.lastUpdatedAtMs,
  };
}

/** Failures of containers that are gone say nothing any more. */
function backoffsOf(
  { backoffs }: ServiceMemory,
  present: ReadonlySet<ContainerId>,
): ServiceMemory['backoffs'] {
  return new Map([...backoffs].filter(([, { container }]) => container === null || present.has(container)));
}

function blockOf(waiting: readonly Waiting[]): Block | null {
  if (waiting.length === 0) return null;
  return { because: 'dependency', why: waiting.map(({ message }) => message).join('; '), recheckAtMs: null };
}

function supplyBlock({ shortage }: Provision): Block | null {
  return shortage === null
    ? null
    : { because: 'supply', why: shortage.message, recheckAtMs: shortage.recheckAtMs };
}

/** The end of the pause between two groups of a rollout. */
function delayEnd(service: DesiredService, memory: ServiceMemory, { now }: DecisionContext): number | null {
  if (memory.lastUpdatedAtMs === null) return null;
  const endMs = memory.lastUpdatedAtMs + service.updatePolicy.delayMs;
  return endMs > now.monotonicMs ? endMs : null;
}

/** The earliest of some moments; null: none of them is set. */
export function earliest(moments: readonly (number | null)[]): number | null {
  const set = moments.filter((moment) => moment !== null);
  return set.length === 0 ? null : Math.min(...set);
}

/** A service of this name has nothing left anywhere. */
export const isForgotten = (name: ServiceName, { desired, observed }: DecisionContext): boolean =>
  !desired.services.has(name) &&
  !desired.rejected.has(name) &&
  (observed.services.get(name) ?? []).length === 0;
