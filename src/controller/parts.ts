/**
 * What a controller consists of while it lives.
 * Owns: the changing state, and the context that a decision gets. Must not know: what a pass does.
 */
import type { DecisionContext } from '../core/context.js';
import { emptyMemory, type Memory } from '../core/memory.js';
import { type Topology, topologyOf } from '../core/topology.js';
import type { DesiredState } from '../model/desired.js';
import type { ContainerId, ServiceName, StepKey } from '../model/ids.js';
import type { Phase } from '../model/orchestrator.js';
import type { ServiceStatus } from '../model/status.js';
import type { Step } from '../model/step.js';
import type { Agenda } from './agenda.js';
import type { ControllerOptions } from './api.js';
import { createEpisode, type Episode } from './episode.js';
import { createExecutor, type Executor } from './executor.js';
import { createNoted, type Noted } from './noted.js';
import type { Observer } from './observation.js';
import type { Prober } from './prober.js';
import { createProgressRing, type ProgressRing } from './progress.js';
import type { Source } from './source.js';
import { createTeller, type Teller } from './teller.js';

/** Everything that changes while a controller lives. */
export interface ControllerState {
  /** Null before the first scan. */
  desired: DesiredState | null;
  topology: Topology;
  mayBePruned: readonly string[];
  memory: Memory;
  readonly inFlight: Map<StepKey, Step>;
  readonly statuses: Map<ServiceName, ServiceStatus>;
  /** What the marks have taken note of. */
  readonly noted: Noted;
  phase: Phase;
  isStopping: boolean;
  /** Monotonic; when a pass was last made, or found that it may not be made. */
  heartbeatMs: number;
  /** Milliseconds since the epoch; null before the first pass. */
  lastPassAt: number | null;
  lastPassMs: number;
  /** A full pass has been made. */
  isReady: boolean;
  /** A deletion waits for a second equal scan. */
  needsSecondScan: boolean;
  /** False before the first whole list, and while the engine is lost. Stays what it was when we stop looking. */
  isEngineThere: boolean;
  engineVersion: string;
  /** Passes in a row that ended in a bug of ours. */
  bugs: number;
  /** How many services the passes have decided so far. */
  decided: number;
}

/** The machinery around the state. */
export interface Parts {
  readonly options: ControllerOptions;
  readonly state: ControllerState;
  readonly observer: Observer;
  readonly prober: Prober;
  readonly source: Source;
  readonly agenda: Agenda;
  readonly executor: Executor;
  readonly teller: Teller;
  readonly progress: ProgressRing;
  readonly episode: Episode;
  readonly changeListeners: Set<() => void>;
  readonly whenReady: (() => void)[];
  readonly whenIdle: (() => void)[];
  readonly whenStopping: Set<() => void>;
}

/** The parts that need no knowledge of each other. */
export function createParts(
  options: ControllerOptions,
): Omit<Parts, 'observer' | 'prober' | 'source' | 'agenda'> & { readonly state: ControllerState } {
  const state = createState(options);
  return {
    options,
    state,
    executor: createExecutor(options.engine, options.limits),
    teller: createTeller(options, () => state.desired?.revision ?? ''),
    progress: createProgressRing(),
    episode: createEpisode(),
    changeListeners: new Set(),
    whenReady: [],
    whenIdle: [],
    whenStopping: new Set(),
  };
}

function createState({ clock }: ControllerOptions): ControllerState {
  return {
    desired: null,
    topology: topologyOf({ services: new Map() }),
    mayBePruned: [],
    memory: emptyMemory,
    inFlight: new Map(),
    statuses: new Map(),
    noted: createNoted(),
    phase: 'starting',
    isStopping: false,
    heartbeatMs: clock.now().monotonicMs,
    lastPassAt: null,
    lastPassMs: 0,
    isReady: false,
    needsSecondScan: false,
    isEngineThere: false,
    engineVersion: '',
    bugs: 0,
    decided: 0,
  };
}

/** What a decision may look at now; null before the first scan. */
export function contextOf({ options, state, observer }: Parts): DecisionContext | null {
  const { desired } = state;
  if (desired === null) return null;
  const { project, instance, ownContainerId, allowMassPrune, takeDown, removeVolumes, clock } = options;
  const { mayBePruned, topology, inFlight, memory } = state;
  return {
    settings: { project, instance, ownContainerId, allowMassPrune, takeDown, removeVolumes, mayBePruned },
    desired,
    topology,
    observed: observer.state,
    inFlight,
    memory,
    now: clock.now(),
  };
}

/** The containers that we are stopping, restarting or removing. */
export const leavingOf = ({ inFlight }: ControllerState): ReadonlySet<ContainerId> =>
  new Set(
    [...inFlight.values()].flatMap((step) =>
      step.kind === 'stopContainer' || step.kind === 'restartContainer' || step.kind === 'removeContainer'
        ? [step.id]
        : [],
    ),
  );

/** Changes the phase and tells those who watch. */
export function setPhase({ state, changeListeners }: Parts, phase: Phase): void {
  if (state.isStopping && phase !== 'stopping') return;
  state.phase = phase;
  for (const listener of changeListeners) listener();
}

/** No step in flight, none due, no deletion to confirm. */
export const isAtFixedPoint = ({ state, observer, agenda }: Parts): boolean =>
  state.isReady &&
  observer.isWhole() &&
  state.inFlight.size === 0 &&
  agenda.isEmpty() &&
  !state.needsSecondScan;
