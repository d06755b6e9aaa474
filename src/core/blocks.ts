/**
 * What holds a service back at the moment: dependencies, supplies, others in its way.
 * Owns: bringing these together, and which of them holds back which kind of move. Must not know: moves.
 */
import type { DesiredService } from '../model/desired.js';
import type { ObservedContainer } from '../model/observed.js';
import type { Step } from '../model/step.js';
import { networkParentFor } from './compare.js';
import type { DecisionContext } from './context.js';
import { unmetDependencies, type Waiting } from './gate.js';
import { waitsToGo } from './goes-after.js';
import { heldByOther, portHeldByOurs } from './holders.js';
import type { Block } from './move.js';
import { type Provision, provide, type Shortage } from './provide.js';
import type { Renewals } from './renewal.js';
import type { Scaling } from './scale.js';
import { heldByStuck } from './stuck.js';
import { networkServiceOf } from './wanted.js';

/** Who stands in the way is no neighbour, so its going is looked for. */
const LOOK_AGAIN_MS = 500;

/** Everything that holds back, and the steps that provide. */
export interface Blocks {
  readonly startBlockedBy: Block | null;
  /** Of making or replacing a container for the sake of another spec. */
  readonly beginBlockedBy: Block | null;
  /** Of making a container that is merely missing. */
  readonly makeBlockedBy: Block | null;
  readonly followBlockedBy: Block | null;
  /** Of stopping what is scaled to 0. */
  readonly goBlockedBy: Block | null;
  /** Dependencies that are not met; of those for a start, else of those for a replacement. */
  readonly waiting: readonly Waiting[];
  /** What is not there yet, or cannot be had. */
  readonly shortage: Shortage | null;
  /** Who stands in the way of a start; of interest only where something is to be started. */
  readonly held: Shortage | null;
  readonly provisionSteps: readonly Step[];
  readonly recheckAtMs: number | null;
}

/** What the blocks are found from. */
export interface BlockFacts {
  readonly service: DesiredService;
  readonly containers: readonly ObservedContainer[];
  readonly scaling: Scaling;
  readonly renewals: Renewals;
}

/** Looks for everything that holds the service back. */
export function blocksOf(facts: BlockFacts, context: DecisionContext): Blocks {
  const { service } = facts;
  const waiting = unmetDependencies(service, context, 'met');
  const forUpdate = unmetDependencies(service, context, 'updated');
  const forFollowing = unmetDependencies(service, context, 'replaced');
  const provision = provideUnlessHandsOff(facts, context);
  const held = holderOf(facts, context);
  const startBlockedBy = blockOf(waiting) ?? supplyBlock(held) ?? supplyBlock(portOf(facts, context));
  const supply = supplyBlock(held ?? provision.shortage);
  return {
    startBlockedBy,
    goBlockedBy: goBlockOf(service, context),
    followBlockedBy: blockOf(forFollowing) ?? startBlockedBy,
    beginBlockedBy: blockOf(forUpdate) ?? supply,
    makeBlockedBy: blockOf(waiting) ?? supply,
    waiting: waiting.length > 0 ? waiting : forUpdate,
    shortage: provision.shortage,
    held,
    provisionSteps: provision.steps,
    recheckAtMs: provision.recheckAtMs,
  };
}

function provideUnlessHandsOff(
  { service, scaling, renewals }: BlockFacts,
  context: DecisionContext,
): Provision {
  if (service.maintenance || service.replicas === 0) return { steps: [], shortage: null, recheckAtMs: null };
  const needsContainer =
    scaling.added.length > 0 ||
    scaling.kept.some(({ current }) => current === null || current.status === 'removing');
  return provide(service, context, { container: needsContainer, renewing: renewals.renewing });
}

/** Whoever is in the way of a start; nobody is while all replicas run. */
function holderOf({ service, containers, scaling }: BlockFacts, context: DecisionContext): Shortage | null {
  const { observed } = context;
  const isWhole =
    scaling.added.length === 0 &&
    scaling.kept.every(({ current, outdated }) => outdated === null && current?.status === 'running');
  if (isWhole) return null;
  const sharedWith = networkServiceOf(service);
  if (sharedWith !== null && networkParentFor(service, 1, observed) === null)
    return {
      reason: null,
      message: `waits for a container of ${sharedWith}, whose network it shares`,
      recheckAtMs: null,
    };
  const other = heldByOther(service, observed);
  const recheckAtMs = context.now.monotonicMs + LOOK_AGAIN_MS;
  if (other !== null) return { reason: 'HeldByOther', message: other, recheckAtMs };
  const stuck = heldByStuck(service, containers);
  return stuck === null ? null : { reason: 'StartFailed', message: stuck, recheckAtMs };
}

/** A port that one of ours still holds keeps from a start alone: two that swap their ports must both let go. */
function portOf({ service }: BlockFacts, context: DecisionContext): Shortage | null {
  const message = service.maintenance ? null : portHeldByOurs(service, context);
  if (message === null) return null;
  return { reason: null, message, recheckAtMs: context.now.monotonicMs + LOOK_AGAIN_MS };
}

function goBlockOf(service: DesiredService, context: DecisionContext): Block | null {
  const why = waitsToGo(service, context);
  if (why === null) return null;
  return { because: 'time', why, recheckAtMs: context.now.monotonicMs + LOOK_AGAIN_MS };
}

function blockOf(waiting: readonly Waiting[]): Block | null {
  if (waiting.length === 0) return null;
  return { because: 'dependency', why: waiting.map(({ message }) => message).join('; '), recheckAtMs: null };
}

function supplyBlock(shortage: Shortage | null): Block | null {
  return shortage === null
    ? null
    : { because: 'supply', why: shortage.message, recheckAtMs: shortage.recheckAtMs };
}
