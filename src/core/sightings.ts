/**
 * Memory of a service brought up to what is seen: what begins to count, and what is forgotten with its container.
 * Owns: that order. Must not know: decisions.
 */
import type { DesiredService } from '../model/desired.js';
import { type ContainerId, containerId } from '../model/ids.js';
import type { ObservedContainer } from '../model/observed.js';
import { updateKey } from './container-facts.js';
import type { DecisionContext } from './context.js';
import { crashesSeen } from './forget.js';
import { limitChange } from './limits.js';
import type { ServiceMemory } from './memory.js';
import { verdictOf } from './one-shot.js';
import { isProven } from './readiness.js';
import { runsSeen } from './runs.js';
import type { Scaling } from './scale.js';
import { sicknessesSeen } from './sickness.js';
import { motionsSeen } from './stuck.js';

/** What is looked at. */
export interface Sightings {
  readonly service: DesiredService;
  readonly containers: readonly ObservedContainer[];
  readonly scaling: Scaling;
  readonly context: DecisionContext;
}

/** The memory with which the decision is made. */
export function withSightings(memory: ServiceMemory, seen: Sightings): ServiceMemory {
  const { context, service, containers } = seen;
  const { now } = context;
  const present = new Set(containers.map(({ id }) => id));
  const hasEnded = new Set(containers.filter(({ status }) => status === 'exited').map(({ id }) => id));
  const runs = runsSeen(memory.runs, containers, now);
  return {
    ...memory,
    runs,
    backoffs: backoffsOf(memory, present),
    exits: exitsSeen(memory, seen),
    startedAgain: only(memory.startedAgain, present),
    verdicts: verdictsSeen(memory, context, present),
    stoppedByUs: only(memory.stoppedByUs, hasEnded),
    removedByUs: new Set([...memory.removedByUs].filter((id) => memory.told?.instances.has(id) === true)),
    restarts: new Map([...memory.restarts].filter(([id]) => present.has(id))),
    crashes: crashesSeen(memory.crashes, containers, now),
    sicknesses: sicknessesSeen(memory.sicknesses, containers, { service, now }),
    motions: motionsSeen(memory.motions, containers, now),
    killed: killedSeen(memory, seen),
    takenOff: new Set(
      [...memory.takenOff].filter((end) => present.has(containerId(end.split(' ')[0] ?? ''))),
    ),
    updated: stillInVain(memory, seen),
    interruptions: new Map([...memory.interruptions].filter(([id]) => present.has(id))),
    followed: new Map([...memory.followed].filter(([id]) => present.has(id))),
    refused: new Map([...memory.refused].filter(([id]) => present.has(id))),
    ...rolloutSeen({ ...memory, runs }, seen),
  };
}

const only = (ids: ReadonlySet<ContainerId>, kept: ReadonlySet<ContainerId>): ReadonlySet<ContainerId> =>
  new Set([...ids].filter((id) => kept.has(id)));

/** Those that were passed, and those whose stop is under way: its end can be seen before its reply has come. */
function verdictsSeen(
  { verdicts }: ServiceMemory,
  { inFlight }: DecisionContext,
  present: ReadonlySet<ContainerId>,
): ServiceMemory['verdicts'] {
  const passing = [...inFlight.values()].flatMap((step) =>
    step.kind === 'stopContainer' && step.isVerdict ? [[step.id, step.cause] as const] : [],
  );
  return new Map([...verdicts, ...passing].filter(([id]) => present.has(id)));
}

/** Failures of containers that are gone say nothing any more. */
function backoffsOf(
  { backoffs }: ServiceMemory,
  present: ReadonlySet<ContainerId>,
): ServiceMemory['backoffs'] {
  return new Map([...backoffs].filter(([, { container }]) => container === null || present.has(container)));
}

/** The ends of containers, each as it was when it was first seen. That of a service without a manifest is noted, too. */
export function exitsNoted(
  { exits, runs }: ServiceMemory,
  containers: readonly ObservedContainer[],
  { now, memory }: DecisionContext,
): ServiceMemory['exits'] {
  const exited = containers.filter(({ status }) => status === 'exited');
  return new Map(
    exited.map(({ id, finishedAt }) => {
      const seen = exits.get(id);
      // Of what it has not seen before, as of a service whose manifest came late, nobody here watched the end.
      const wasFound = memory.amnesty || !runs.has(id);
      const fresh = { finishedAt: finishedAt ?? 0, sinceMs: now.monotonicMs, wasFound, isResult: false };
      return [id, seen !== undefined && seen.finishedAt === fresh.finishedAt ? seen : fresh] as const;
    }),
  );
}

function exitsSeen(
  memory: ServiceMemory,
  { service, containers, scaling, context }: Sightings,
): ServiceMemory['exits'] {
  const { interruptions, killed } = memory;
  const noted = exitsNoted(memory, containers, context);
  const current = new Set(scaling.kept.map((view) => view.current?.id));
  return new Map(
    containers.flatMap((container) => {
      const known = noted.get(container.id);
      if (known === undefined) return [];
      const isResult =
        current.has(container.id) &&
        verdictOf(container, service, { interruptions, killed, exits: new Map([[container.id, known]]) }) !==
          null;
      return [[container.id, { ...known, isResult: known.isResult || isResult }] as const];
    }),
  );
}

/** A signal that came before the end it led to; a stop of ours is none from outside. */
function killedSeen(
  { stoppedByUs }: ServiceMemory,
  { containers, context }: Sightings,
): ReadonlySet<ContainerId> {
  const { killed } = context.observed;
  return new Set(containers.map(({ id }) => id).filter((id) => killed.has(id) && !stoppedByUs.has(id)));
}

/** Asked for, and still shown otherwise. What is as asked for may be asked for anew once somebody changes it. */
function stillInVain(
  { updated }: ServiceMemory,
  { containers, service }: Sightings,
): ServiceMemory['updated'] {
  const { resources } = service.container;
  const wanted = updateKey(resources);
  return new Map(
    containers.flatMap((container) =>
      updated.get(container.id) === wanted && limitChange(container.resources, resources) === 'changed'
        ? [[container.id, wanted] as const]
        : [],
    ),
  );
}

/** How many replicas of the rollout are proven, and since when the latest is. */
function rolloutSeen(
  memory: ServiceMemory,
  { scaling, service, context: { now } }: Sightings,
): Pick<ServiceMemory, 'provenInRollout' | 'lastUpdatedAtMs'> {
  const { provenInRollout, lastUpdatedAtMs } = memory;
  const proven = scaling.kept.filter(
    ({ outdated, current }) =>
      outdated !== null && current !== null && isProven(current, service, { memory, now }),
  ).length;
  const isNews = proven > provenInRollout;
  return {
    provenInRollout: proven,
    lastUpdatedAtMs: isNews ? now.monotonicMs : proven === 0 ? null : lastUpdatedAtMs,
  };
}
