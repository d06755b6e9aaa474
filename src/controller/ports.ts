/**
 * The outside, as the controller sees it: interfaces only.
 * Owns: what an engine, a manifest source, a publisher and a clock must offer. Must not know: any library.
 */
import type { NetworkAttachment } from '../model/desired.js';
import type { Event } from '../model/event.js';
import type { Failure } from '../model/failure.js';
import type { ContainerId } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type {
  EngineInfo,
  ObservedContainer,
  ObservedImage,
  ObservedNetwork,
  ObservedVolume,
  OtherContainer,
} from '../model/observed.js';
import type { OrchestratorState } from '../model/orchestrator.js';
import type { Plan, PlannedStep } from '../model/plan.js';
import type { ProbeResult } from '../model/probe-result.js';
import type { Problem } from '../model/problem.js';
import type { Scan } from '../model/scan.js';
import type { ServiceStatus } from '../model/status.js';
import type { ContainerChange, ContainerDraft, StepOf } from '../model/step.js';

/** A call to the engine that failed. Made only in adapters (and in the simulated engine). */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly failure: Failure;
  constructor(failure: Failure, cause?: unknown) {
    super(failure.message, { cause });
    this.failure = failure;
  }
}

/** A container of the engine: one of ours, or one of somebody else. */
export type Sighting =
  | { readonly kind: 'ours'; readonly container: ObservedContainer }
  | { readonly kind: 'other'; readonly container: OtherContainer };

/** Everything on the engine at one moment. */
export interface Listing {
  readonly containers: readonly Sighting[];
  readonly networks: readonly ObservedNetwork[];
  readonly volumes: readonly ObservedVolume[];
}

/** Something changed on the engine. A hint to look, never a fact to believe. */
export interface EngineEvent {
  readonly type: 'container' | 'network' | 'volume' | 'image';
  /** Docker's action without its data: `die`, `health_status`. */
  readonly action: string;
  /** Container or network id, volume name, image reference or id. */
  readonly id: string;
}

/** Receives the event stream. */
export interface EngineEventSink {
  onEvent(event: EngineEvent): void;
  /** Once, when the stream has ended for whatever reason but `close`. */
  onEnd(reason: string): void;
}

/** How long one call may take, and how to give it up early. */
export interface CallOptions {
  readonly deadlineMs: number;
}

/**
 * A Docker Engine. Every method settles within its deadline, whatever the engine does, and rejects with
 * {@link EngineError} alone. Nothing here decides: one method, one call.
 */
export interface Engine {
  /** Pings, negotiates the API version, says who answered. */
  connect(options: CallOptions): Promise<EngineInfo>;
  /** Subscribes with `since` (so that nothing between subscribing and listing is missed); resolves once subscribed. */
  subscribe(sink: EngineEventSink, options: CallOptions): Promise<{ close(): void }>;
  /** A whole list: every container inspected, or an error. */
  list(options: CallOptions): Promise<Listing>;
  /** Null: there is none of exactly this id or name. */
  inspectContainer(idOrName: string, options: CallOptions): Promise<Sighting | null>;
  inspectNetwork(name: string, options: CallOptions): Promise<ObservedNetwork | null>;
  inspectVolume(name: string, options: CallOptions): Promise<ObservedVolume | null>;
  inspectImage(reference: string, options: CallOptions): Promise<ObservedImage | null>;
  pullImage(reference: string, onProgress: (line: string) => void, options: CallOptions): Promise<void>;
  createNetwork(step: StepOf<'createNetwork'>, options: CallOptions): Promise<void>;
  removeNetwork(id: string, options: CallOptions): Promise<void>;
  createVolume(step: StepOf<'createVolume'>, options: CallOptions): Promise<void>;
  removeVolume(name: string, options: CallOptions): Promise<void>;
  /** With the first network of the draft; the others are connected by steps of their own. */
  createContainer(draft: ContainerDraft, options: CallOptions): Promise<ContainerId>;
  startContainer(id: ContainerId, options: CallOptions): Promise<void>;
  /** Settled when the container has stopped; 304 is success. */
  stopContainer(id: ContainerId, graceMs: number, options: CallOptions): Promise<void>;
  restartContainer(id: ContainerId, graceMs: number, options: CallOptions): Promise<void>;
  unpauseContainer(id: ContainerId, options: CallOptions): Promise<void>;
  /** Never by force; 404 is success. */
  removeContainer(
    id: ContainerId,
    options: CallOptions & {
      /** With the anonymous volumes that Docker made for it, and no others. */
      readonly withVolumes: boolean;
    },
  ): Promise<void>;
  renameContainer(id: ContainerId, to: string, options: CallOptions): Promise<void>;
  updateContainer(id: ContainerId, change: ContainerChange, options: CallOptions): Promise<void>;
  connectNetwork(id: ContainerId, attachment: NetworkAttachment, options: CallOptions): Promise<void>;
  disconnectNetwork(id: ContainerId, network: string, options: CallOptions): Promise<void>;
  /** Runs a program in a running container; resolves to its exit code. It may run on past the deadline. */
  exec(id: ContainerId, command: readonly string[], options: CallOptions): Promise<number>;
}

/** Makes probes over the network. Every method settles within its time and never rejects. */
export interface ProbeRunner {
  /** Holds on 200 to 399; follows no redirect, reads no body. */
  http(to: {
    readonly host: string;
    readonly port: number;
    readonly path: string;
    readonly timeoutMs: number;
  }): Promise<ProbeResult>;
  /** Holds when a connection is made. */
  tcp(to: { readonly host: string; readonly port: number; readonly timeoutMs: number }): Promise<ProbeResult>;
}

/** Receives what is said on one topic. Nothing is heard before the first `onHeard`. */
export interface HealthListener {
  /** From now on no word is missed. */
  onHeard(): void;
  /** From now on words may be missed. */
  onDeaf(reason: string): void;
  /** Never a word that the broker had kept: nobody knows how old it is. */
  onWord(text: string): void;
}

/** What programs say of their health on the bus. Nothing here blocks or throws. */
export interface HealthWords {
  /** Returns the way to stop listening. */
  subscribe(topic: string, listener: HealthListener): () => void;
  /** Asks: an empty message that nobody waits for. */
  publishEmpty(topic: string): void;
}

/** The manifest directories. */
export interface ManifestFiles {
  /** A consistent look; rejects never: what cannot be read is part of the scan. */
  scan(): Promise<Scan>;
  /** Calls `onHint` (already debounced) when something may have changed; resolves once watching. Not watching is a condition, told by `onWarning`. */
  watch(onHint: () => void, onWarning: (message: string) => void): Promise<void>;
  stop(): Promise<void>;
}

/** Where events and statuses go. Never blocks, never throws, never fails a pass. */
export interface Publisher {
  publishEvent(event: Event): void;
  /** Null: the service is gone. */
  publishStatus(service: string, status: ServiceStatus | null): void;
}

/** The clocks and timers of the world; virtual in the simulation. */
export interface Clock {
  now(): Now;
  /** Runs `action` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** The controller's voice for people. */
export interface Log {
  debug(facts: Readonly<Record<string, unknown>>, message: string): void;
  info(facts: Readonly<Record<string, unknown>>, message: string): void;
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}

/** One step as it goes, for progress. */
export interface StepProgress {
  readonly step: PlannedStep;
  readonly phase: 'started' | 'progress' | 'done' | 'failed';
  /** Progress of a pull, or the engine's sentence; empty otherwise. */
  readonly detail: string;
}

/** What a running controller can be asked. Everything is read-only. */
export interface Reports {
  /** False only when passes have stopped. */
  isAlive(): boolean;
  /** True after the first full pass. */
  isReady(): boolean;
  orchestrator(): OrchestratorState;
  /** Digest of the scan that was last taken in; empty before the first. */
  digest(): string;
  problems(): readonly Problem[];
  /** Sorted by name. */
  services(): readonly ServiceStatus[];
  plan(): Plan;
}

/** The answer of `GET /api/v1/controller`, by which the commands beside a running controller follow it. */
export interface ControllerReport {
  readonly orchestrator: OrchestratorState;
  readonly digest: string;
  /** The manifest directories, absolute. */
  readonly manifests: readonly string[];
  readonly pid: number;
  readonly problems: readonly Problem[];
  /** The latest steps, oldest first, at most 500, numbered without gaps. */
  readonly recent: readonly (StepProgress & { readonly number: number })[];
}
