/**
 * The controller as the commands see it.
 * Owns: the interface between `cli/` and the machinery. Must not know: how it works inside.
 */
import type { DiscoveryTopics } from '../core/health-words.js';
import type { IntakeOptions } from '../manifest/intake.js';
import type { DesiredState } from '../model/desired.js';
import type { ContainerId } from '../model/ids.js';
import type {
  Clock,
  ControllerReport,
  Engine,
  HealthWords,
  Log,
  ManifestFiles,
  ProbeRunner,
  Publisher,
  Reports,
  StepProgress,
} from './ports.js';

/** Bounds and periods; `config.ts` names the defaults. All in milliseconds unless said otherwise. */
export interface ControllerLimits {
  /** Calls to the engine under way at once. */
  readonly concurrency: number;
  readonly resyncMs: number;
  readonly rescanMs: number;
  /** Deadline of reads, and of writes that are quick in a healthy engine. */
  readonly callMs: number;
  /** Deadline of create and start. */
  readonly startMs: number;
  /** On top of the grace of a stop. */
  readonly stopSlackMs: number;
  /** A pull without progress for this long is given up. */
  readonly pullIdleMs: number;
}

/** What probes are made with. */
export interface Probing {
  readonly runner: ProbeRunner;
  readonly words: HealthWords;
  /** Null: what discovery says is not listened to. */
  readonly discovery: DiscoveryTopics | null;
  /** Probes under way at once. */
  readonly concurrency: number;
}

/** What a controller is made of. */
export interface ControllerOptions {
  readonly engine: Engine;
  readonly files: ManifestFiles;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly log: Log;
  /** A new ULID. */
  readonly createId: () => string;
  readonly project: string;
  readonly instance: string;
  /** Of the program. */
  readonly version: string;
  /** Of this process. */
  readonly pid: number;
  /** The manifest directories, absolute. */
  readonly manifests: readonly string[];
  readonly ownContainerId: ContainerId | null;
  readonly allowMassPrune: boolean;
  readonly takeDown: boolean;
  readonly removeVolumes: boolean;
  readonly intake: IntakeOptions;
  readonly limits: ControllerLimits;
  /** Absent: only probes that the engine itself makes are made. */
  readonly probing?: Probing;
  /** Called with every new desired state before anything is done about it; bounded by its maker. */
  readonly prepare?: (desired: DesiredState) => Promise<void>;
  /** `run`: watch, rescan, resync for ever. `once`: look once, plus a second time where a deletion must be confirmed. */
  readonly mode: 'run' | 'once';
}

/** A controller. `start` resolves once the engine has answered, the manifests are read, and the first pass is over; it never rejects for a lost engine in mode `run`. */
export interface Controller extends Reports {
  start(): Promise<void>;
  /** Lets the steps in flight end, starts none, leaves the containers running. */
  stop(): Promise<void>;
  report(): ControllerReport;
  /** Each step as it begins, goes on and ends. Returns the way to stop listening. */
  onProgress(listener: (progress: StepProgress) => void): () => void;
  /** After each pass and each change of phase. */
  onChange(listener: () => void): () => void;
  /** The desired services' published host ports include this one. */
  publishesHostPort(port: number): boolean;
  /** No step in flight, none due, no deletion to confirm: what is so now stays so until something changes. */
  isAtFixedPoint(): boolean;
  /** How many services the passes have decided so far, each as often as it was decided. */
  decidedServices(): number;
}
