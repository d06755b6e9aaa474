/**
 * The unit of decision: one service.
 * Owns: the order in which the rules are asked, and what they add up to. Must not know: other services' replicas,
 * beyond the conditions on dependencies.
 */
import type { DesiredService } from '../model/desired.js';
import type { EventDraft } from '../model/event.js';
import type { ObservedContainer } from '../model/observed.js';
import type { ServiceStatus } from '../model/status.js';
import type { Step } from '../model/step.js';
import { type Blocks, blocksOf } from './blocks.js';
import { networkParentFor, wantedOf } from './compare.js';
import type { DecisionContext } from './context.js';
import { crashLoopEnd } from './crash-loop.js';
import { driftOf } from './drift.js';
import { earliest } from './earliest.js';
import { followedBy } from './followers.js';
import { failuresInForce } from './forget.js';
import { emptyServiceMemory, holdingBackoff, type ServiceMemory } from './memory.js';
import { type Block, stepOf } from './move.js';
import { withProbes } from './readiness.js';
import { refusalsOf } from './refusals.js';
import { networksAround, renewalsOf } from './renewal.js';
import { type ReplicaMoves, replicaMoves, replicaPlan, type SlotMove } from './replicas.js';
import { withSightings } from './sightings.js';
import { statusOf } from './status.js';
import { stuckCheckAt, stuckRemovals } from './stuck.js';
import { tell } from './told.js';
import { dependenciesInOrder } from './topology.js';
import { isWanted } from './wanted.js';

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
  const { observed, now, inFlight, settings, desired } = context;
  const containers = withProbes(service, observed.services.get(service.name) ?? []);
  const remembered = context.memory.services.get(service.name) ?? emptyServiceMemory;
  const wanted = wantedOf(service, { observed, memory: context.memory });
  const scaling = replicaPlan(wanted, containers);
  const sighted = withSightings(remembered, { service, containers, scaling, context });
  const { project } = settings;
  const renewals = renewalsOf({ desired, observed, ...settings }, networksAround(service, containers));
  const dependencies = dependenciesOf(service, context);
  const follow = { service, observed, dependencies, followed: sighted.followed };
  const blocks = blocksOf({ service, containers, scaling, renewals }, context);
  const { moves, verdict } = service.maintenance
    ? HANDS_OFF
    : replicaMoves(scaling, {
        project,
        service,
        wanted,
        containers,
        memory: sighted,
        inFlight,
        view: { networks: observed.networks, renewing: renewals.renewing },
        now,
        followedBy: (container) => followedBy(container, follow),
        ...blocks,
      });
  const memory = { ...sighted, backoffs: failuresInForce(sighted, { service, moves, inFlight, now }) };
  const carried = stepsOf(moves, { service, context, memory });
  const findings = {
    service,
    wanted,
    containers,
    scaling,
    moves,
    due: carried.steps,
    verdict,
    waiting: isWaiting(moves, 'dependency') ? blocks.waiting : [],
    shortage: (isWaiting(moves, 'supply') ? blocks.held : null) ?? blocks.shortage,
    supplying: isSupplying(blocks),
    refusals: refusalsOf(service, { renewals, desired, observed, project }),
    isSelf: carried.isSelf,
    memory,
  };
  const status = statusOf(findings, context);
  const told = tell(memory.told, {
    service,
    status,
    containers,
    isOutdated: (container) => !isWanted(container, wanted),
    isPaused: verdict.pausedBecause !== null,
    dependencies: dependenciesInOrder(context.topology, service.name),
    drift: driftOf({ service, wanted, containers, moves, memory, inFlight }),
    cause: carried.steps[0]?.cause ?? 'observed',
  });
  return {
    steps: [...blocks.provisionSteps, ...carried.steps],
    status,
    events: told.events,
    memory: { ...memory, status, told: told.told },
    recheckAtMs: earliest([
      ...carried.waits,
      blocks.recheckAtMs,
      findings.refusals.length > 0 ? now.monotonicMs + REFUSED_AGAIN_MS : null,
      ...[...memory.backoffs.values()].map(({ untilMs }) => (untilMs > now.monotonicMs ? untilMs : null)),
      stuckCheckAt(memory, now),
      crashLoopEnd(memory, now),
    ]),
  };
}

/** What stands in the way of a refused declaration is no neighbour, so its going is looked for. */
const REFUSED_AGAIN_MS = 5_000;

const HANDS_OFF: ReplicaMoves = {
  moves: [],
  verdict: { held: false, pausedBecause: null, failedBecause: null, tolerated: new Map(), allSettled: false },
};

const isWaiting = (moves: readonly SlotMove[], because: Block['because']): boolean =>
  moves.some(({ move }) => move.do === 'wait' && move.because === because);

/** What is short is on its way: nobody stands in the way of it, and nothing is waited for before it is tried again. */
const isSupplying = ({ held, shortage }: Blocks): boolean =>
  held === null && shortage !== null && shortage.reason === null && shortage.recheckAtMs === null;

const dependenciesOf = (
  { dependsOn }: DesiredService,
  { desired }: DecisionContext,
): readonly DesiredService[] => dependsOn.flatMap(({ service }) => desired.services.get(service) ?? []);

/** Steps of the moves that nothing holds back, and the moments to look again at the others. */
function stepsOf(
  moves: readonly SlotMove[],
  { service, context, memory }: { service: DesiredService; context: DecisionContext; memory: ServiceMemory },
): { readonly steps: readonly Step[]; readonly waits: readonly (number | null)[]; readonly isSelf: boolean } {
  const steps: Step[] = [];
  const waits: (number | null)[] = [];
  const own = ownSlot(context.observed.services.get(service.name) ?? [], context);
  const isSelf = moves.some(({ slot, move }) => slot === own && move.do !== 'keep' && move.do !== 'wait');
  const candidates = moves.flatMap(({ slot, move }) => {
    if (slot === own) return [];
    if (move.do === 'wait') waits.push(move.recheckAtMs);
    const image = context.observed.images.get(service.container.image) ?? null;
    const networkOf = networkParentFor(service, slot, context.observed);
    const { project } = context.settings;
    return (
      stepOf(move, { project, service, slot, revision: context.desired.revision, image, networkOf }) ?? []
    );
  });
  const leftovers = service.maintenance
    ? []
    : stuckRemovals(service, context.observed.services.get(service.name) ?? []);
  for (const step of [...candidates, ...leftovers.filter(({ key }) => !context.inFlight.has(key))]) {
    if (isAboutOurselves(step, context)) continue;
    const options = { ...step, hash: service.hash, now: context.now };
    const holding = holdingBackoff(memory.backoffs, options);
    if (holding === null) steps.push(step);
    else waits.push(holding.untilMs);
  }
  return { steps, waits, isSelf };
}

/** The slot that the controller's own container stands in: nothing at all is done about it. Null: none. */
function ownSlot(containers: readonly ObservedContainer[], { settings }: DecisionContext): number | null {
  return containers.find(({ id }) => id === settings.ownContainerId)?.owned.slot ?? null;
}

/** The controller's own container is never touched. */
export function isAboutOurselves(step: Step, { settings }: DecisionContext): boolean {
  return 'id' in step && step.id === settings.ownContainerId;
}
