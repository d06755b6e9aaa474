/**
 * What the controller remembers between passes: a plain value, lost without harm when the process ends.
 * Owns: its shape, and how a failure is found in it. Must not know: how a decision uses it, how an outcome changes it.
 */
import type { Failure } from '../model/failure.js';
import type { ContainerId, ServiceName, SpecHash, StepKey } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { ServiceStatus } from '../model/status.js';
import { STEP_VERBS, type StepKind } from '../model/step.js';
import type { Run } from './runs.js';
import type { Sickness } from './sickness.js';
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
  /** It was so when we, or the engine, came back, or when its service was first declared to this process: no drift. */
  readonly wasFound: boolean;
  /** By the spec that it was made for it was a result: the run of a one-shot. */
  readonly isResult: boolean;
}

/** What was last seen to move of a container that Docker restarts. */
export interface Motion {
  readonly startedAt: number | null;
  readonly restartCount: number;
  /** Monotonic. */
  readonly sinceMs: number;
}

/** A pull that was made. */
export interface Pulled {
  /** Monotonic. */
  readonly atMs: number;
  /** Specs that it was made for: `always` pulls once for each. */
  readonly specs: ReadonlySet<SpecHash>;
}

/** Docker's own restarts of one container. */
export interface Crashes {
  readonly restartCount: number;
  /** When the latest of them were seen (monotonic), oldest first; only as many as make a loop. */
  readonly atMs: readonly number[];
  /** How the last run was seen to end, for people; empty: not seen. */
  readonly lastEnd: string;
}

/** By container and dependency: the run that was followed. */
export type FollowedRuns = ReadonlyMap<ContainerId, ReadonlyMap<ServiceName, string>>;

/** Of one service. */
export interface ServiceMemory {
  /** By `backoffKey`. */
  readonly backoffs: ReadonlyMap<string, Backoff>;
  /** Containers that this process has tried to start after they had ended or failed to start. */
  readonly startedAgain: ReadonlySet<ContainerId>;
  /** New replicas that we stopped because they had failed in their rollout, and why. */
  readonly verdicts: ReadonlyMap<ContainerId, string>;
  /** Containers whose end was our own doing. */
  readonly stoppedByUs: ReadonlySet<ContainerId>;
  /** Containers that we have removed: their absence is no drift. */
  readonly removedByUs: ReadonlySet<ContainerId>;
  /** Exits seen and since when, to tell a pause in `docker restart` from an end. */
  readonly exits: ReadonlyMap<ContainerId, ExitSeen>;
  /** Restarts and repeated starts by us, by container. */
  readonly restarts: ReadonlyMap<ContainerId, number>;
  readonly crashes: ReadonlyMap<ContainerId, Crashes>;
  /** The present run of each container. */
  readonly runs: ReadonlyMap<ContainerId, Run>;
  readonly sicknesses: ReadonlyMap<ContainerId, Sickness>;
  /** Containers that restart without moving on, and since when: Docker's longest pause is a minute. */
  readonly motions: ReadonlyMap<ContainerId, Motion>;
  /** Containers that ended after a signal from outside. */
  readonly killed: ReadonlySet<ContainerId>;
  /** Ends in networks that we took off, by `endKey`: that they are missing is no drift. */
  readonly takenOff: ReadonlySet<string>;
  /** The run of each dependency that a container was last restarted for. */
  readonly followed: FollowedRuns;
  /** What of an update in place the engine refused, by `changeKey`. */
  readonly refused: ReadonlyMap<ContainerId, string>;
  /** Limits that were asked for in place and are not shown so, by `updateKey`: not asked for again. */
  readonly updated: ReadonlyMap<ContainerId, string>;
  /** Runs of a one-shot that were cut off, not ended. */
  readonly interruptions: ReadonlyMap<ContainerId, number>;
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
  /** Images that this process has pulled, or tried to, by reference. */
  readonly pulled: ReadonlyMap<string, Pulled>;
  /** Carried volumes of replicas that were removed for good, still to be deleted by name. */
  readonly leftVolumes: ReadonlySet<string>;
  /** Until the first pass after our start or the engine's return is over: what is found exited is no drift. */
  readonly amnesty: boolean;
  /** Prune refusal last told, as one text; empty: none. */
  readonly pruneTold: string;
}

/** A service not heard of before. */
export const emptyServiceMemory: ServiceMemory = {
  backoffs: new Map(),
  startedAgain: new Set(),
  verdicts: new Map(),
  stoppedByUs: new Set(),
  removedByUs: new Set(),
  exits: new Map(),
  restarts: new Map(),
  crashes: new Map(),
  runs: new Map(),
  sicknesses: new Map(),
  motions: new Map(),
  killed: new Set(),
  takenOff: new Set(),
  updated: new Map(),
  followed: new Map(),
  refused: new Map(),
  interruptions: new Map(),
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
  leftVolumes: new Set(),
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

/** One end of a container in a network. */
export const endKey = (id: ContainerId, network: string): string => `${id} ${network}`;

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
