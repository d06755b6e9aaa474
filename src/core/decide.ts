/**
 * One pass: the decision for every dirty service, in start order.
 * Owns: which services a pass looks at and in which order. Must not know: rules of one service.
 */
import type { EventDraft } from '../model/event.js';
import type { ServiceName } from '../model/ids.js';
import { compareText } from '../model/problem.js';
import type { ServiceStatus } from '../model/status.js';
import type { Step } from '../model/step.js';
import type { DecisionContext } from './context.js';
import { decideService, type ServiceDecision } from './decide-service.js';
import { decideUndeclared } from './decide-undeclared.js';
import { earliest } from './earliest.js';
import { sharedInForce } from './forget.js';
import type { Memory, ServiceMemory } from './memory.js';
import { decideObjects } from './objects.js';
import { judgePrune, type PruneVerdict } from './prune.js';

/** What a pass looks at. */
export interface Dirty {
  readonly services: ReadonlySet<ServiceName>;
  /** Networks and volumes of no service, too. */
  readonly objects: boolean;
}

/** What a pass decides. */
export interface Decision {
  /** In the order in which they should be begun. */
  readonly steps: readonly Step[];
  /** Of the services looked at; null: the service is gone. */
  readonly statuses: ReadonlyMap<ServiceName, ServiceStatus | null>;
  readonly events: readonly EventDraft[];
  readonly memory: Memory;
  /** When to look again at a service (monotonic ms). */
  readonly recheckAtMs: ReadonlyMap<ServiceName, number>;
  /** When to look again at objects of no service. */
  readonly objectsRecheckAtMs: number | null;
  /** Services whose status changed in a way that others wait for. */
  readonly changed: readonly ServiceName[];
  /** Deletion waits for a second equal scan. */
  readonly needsSecondScan: boolean;
}

/** Decides about everything dirty. */
export function decide(dirty: Dirty, context: DecisionContext): Decision {
  const prune = hasUndeclared(dirty, context)
    ? judgePrune(context.desired, context.observed, context.settings)
    : null;
  const services = new Map(context.memory.services);
  const statuses = new Map<ServiceName, ServiceStatus | null>();
  const recheckAtMs = new Map<ServiceName, number>();
  const steps: Step[] = [];
  const events: EventDraft[] = [];
  const changed: ServiceName[] = [];
  const taken = new Map(context.inFlight);
  // Later services see the statuses of earlier ones: `services` is filled as we go.
  const memory: Memory = { ...context.memory, services };
  for (const name of inOrder(dirty.services, context)) {
    const before = services.get(name);
    const decision = decideOne(name, { ...context, memory, inFlight: taken }, prune);
    for (const step of decision.steps) {
      if (taken.has(step.key)) continue;
      taken.set(step.key, step);
      steps.push(step);
    }
    events.push(...decision.events);
    statuses.set(name, decision.status);
    if (decision.recheckAtMs !== null) recheckAtMs.set(name, decision.recheckAtMs);
    if (decision.status?.health !== before?.status?.health || decision.status?.sync !== before?.status?.sync)
      changed.push(name);
    remember(services, name, decision);
  }
  const objects = dirty.objects
    ? decideObjects({ ...context, memory, inFlight: taken })
    : { steps: [], recheckAtMs: null, needsSecondScan: false };
  const told = pruneEvents(prune, memory, context);
  return {
    steps: [...steps, ...objects.steps],
    statuses,
    events: [...events, ...told.events],
    memory: {
      ...memory,
      ...(dirty.objects ? sharedInForce(memory, context) : {}),
      pruneTold: told.pruneTold,
    },
    recheckAtMs,
    objectsRecheckAtMs: earliest([objects.recheckAtMs]),
    changed,
    needsSecondScan: (prune?.isUnconfirmed ?? false) || objects.needsSecondScan,
  };
}

function decideOne(name: ServiceName, context: DecisionContext, prune: PruneVerdict | null): ServiceDecision {
  const service = context.desired.services.get(name);
  return service === undefined ? decideUndeclared(name, context, prune) : decideService(service, context);
}

function remember(
  services: Map<ServiceName, ServiceMemory>,
  name: ServiceName,
  decision: ServiceDecision,
): void {
  if (decision.status === null) services.delete(name);
  else services.set(name, decision.memory);
}

const hasUndeclared = (dirty: Dirty, { desired }: DecisionContext): boolean =>
  dirty.objects || [...dirty.services].some((name) => !desired.services.has(name));

/** Declared services in start order; then what is to go, by name. */
function inOrder(names: ReadonlySet<ServiceName>, { topology }: DecisionContext): readonly ServiceName[] {
  const rank = (name: ServiceName): number => topology.rank.get(name) ?? Number.MAX_SAFE_INTEGER;
  return [...names].sort((a, b) => rank(a) - rank(b) || compareText(a, b));
}

/** A refusal to prune is told once, until it changes. */
function pruneEvents(
  prune: PruneVerdict | null,
  memory: Memory,
  { desired }: DecisionContext,
): { readonly events: readonly EventDraft[]; readonly pruneTold: string } {
  if (prune === null) return { events: [], pruneTold: memory.pruneTold };
  const services = [...prune.blocked.keys()];
  const message = [...new Set(prune.blocked.values())].join('; ');
  const pruneTold = services.length === 0 ? '' : `${services.join(',')}: ${message}`;
  if (pruneTold === '' || pruneTold === memory.pruneTold) return { events: [], pruneTold };
  const problems = desired.problems.filter(({ severity }) => severity === 'error');
  return {
    events: [{ type: 'prune_blocked', facts: { problems, services, message }, cause: 'no manifest' }],
    pruneTold,
  };
}
