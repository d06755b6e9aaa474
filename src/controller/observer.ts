/**
 * Observing: subscribe, list, inspect on change, list again after every break.
 * Owns: when the engine is looked at. Must not know: what follows from what is seen.
 */
import type { EngineInfo, ObservedState } from '../model/observed.js';
import type { Step } from '../model/step.js';
import type { ControllerLimits } from './api.js';
import { type Looks, lookAtContainer, lookAtImage, lookAtImages, lookAtStep } from './looks.js';
import {
  applyListing,
  beginListing,
  type Change,
  createObservedStore,
  keepImages,
} from './observed-store.js';
import { type Clock, type Engine, EngineError, type EngineEvent, type Log } from './ports.js';

/** First and longest pause between attempts to reach the engine. */
const RECONNECT_FIRST_MS = 1_000;
const RECONNECT_MAX_MS = 30_000;
/** Quiet time before networks, volumes or images are looked at again after an event. */
const OBJECTS_QUIET_MS = 100;

/** What the observer tells. */
export interface ObserverListener {
  /** The engine answered and everything was listed: decisions may be made. */
  onWhole(info: EngineInfo, isFirst: boolean): void;
  /** Nothing is known until `onWhole` is called again. */
  onLost(reason: string): void;
  onChange(change: Change): void;
}

/** Keeps an observed state true. */
export interface Observer {
  /** Live: the same maps all the time; read it, do not keep it. */
  readonly state: ObservedState;
  /** False until the first whole list, and while the engine is lost. */
  isWhole(): boolean;
  start(): void;
  stop(): void;
  /** Images to know about. Resolves when each has been looked up, or the engine is lost. */
  wantImages(references: ReadonlySet<string>): Promise<void>;
  /** Looks at what a step was about; settles when the look is part of the state, however long that takes. */
  lookAfter(step: Step): Promise<void>;
  /** Everything again. */
  relist(): Promise<void>;
}

interface ObserverOptions {
  readonly engine: Engine;
  readonly limits: ControllerLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly listener: ObserverListener;
}

interface Parts extends ObserverOptions {
  readonly looks: Looks;
  phase: 'new' | 'connecting' | 'whole' | 'lost' | 'stopped';
  isFirst: boolean;
  subscription: { close(): void } | null;
  retryMs: number;
  /** Of the connection: what an older one still tells is not heard. */
  generation: number;
  wanted: ReadonlySet<string>;
  listing: Promise<void> | null;
  cancelObjects: (() => void) | null;
  cancelRetry: (() => void) | null;
  readonly whenWhole: (() => void)[];
}

/** Makes an observer; it does nothing before `start`. */
export function createObserver(options: ObserverOptions): Observer {
  const parts = partsOf(options);
  const { looks } = parts;
  return {
    state: looks.store,
    isWhole: () => parts.phase === 'whole',
    start: () => void connect(parts),
    stop: () => stop(parts),
    async wantImages(references) {
      const fresh = [...references].filter((reference) => !looks.store.images.has(reference)).sort();
      parts.wanted = references;
      if (parts.phase !== 'whole') return;
      await orLost(parts, async () => {
        for (const reference of fresh) await lookAtImage(looks, reference);
        keepImages(looks.store, parts.wanted);
      });
    },
    async lookAfter(step) {
      if (parts.phase === 'whole') await orLost(parts, () => lookAtStep(looks, step));
      // Not known what became of it: only a whole list tells.
      if (parts.phase === 'whole' || parts.phase === 'stopped') return;
      await new Promise<void>((resolve) => parts.whenWhole.push(resolve));
    },
    relist: () => relist(parts),
  };
}

function partsOf(options: ObserverOptions): Parts {
  const looks: Looks = {
    engine: options.engine,
    store: createObservedStore(),
    call: { deadlineMs: options.limits.callMs },
    onChange: (change) => options.listener.onChange(change),
    running: new Map(),
  };
  return {
    ...options,
    looks,
    phase: 'new',
    isFirst: true,
    subscription: null,
    retryMs: RECONNECT_FIRST_MS,
    generation: 0,
    wanted: new Set(),
    listing: null,
    cancelObjects: null,
    cancelRetry: null,
    whenWhole: [],
  };
}

async function connect(parts: Parts): Promise<void> {
  if (parts.phase === 'stopped') return;
  parts.phase = 'connecting';
  parts.generation += 1;
  const mine = parts.generation;
  const isMine = (): boolean => mine === parts.generation && parts.phase !== 'stopped';
  const { engine, looks, listener } = parts;
  try {
    const info = await engine.connect(looks.call);
    const sink = {
      onEvent: (event: EngineEvent) => isMine() && onEvent(parts, event),
      onEnd: (reason: string) => isMine() && lose(parts, `the event stream ended: ${reason}`),
    };
    const opened = await engine.subscribe(sink, looks.call);
    if (!isMine()) return opened.close();
    parts.subscription = opened;
    looks.store.engine = info;
    const change = await listOnce(parts);
    if (!isMine()) return;
    const { isFirst } = parts;
    Object.assign(parts, {
      phase: 'whole',
      retryMs: RECONNECT_FIRST_MS,
      isFirst: false,
    } satisfies Partial<Parts>);
    listener.onWhole(info, isFirst);
    listener.onChange(change);
    for (const resolve of parts.whenWhole.splice(0)) resolve();
  } catch (error) {
    const reason = reasonOf(error);
    if (isMine()) lose(parts, reason);
  }
}

async function listOnce(parts: Parts): Promise<Change> {
  const { engine, looks } = parts;
  beginListing(looks.store);
  const listing = await engine.list(looks.call);
  const change = applyListing(looks.store, listing);
  await lookAtImages(looks, parts.wanted);
  return change;
}

function relist(parts: Parts): Promise<void> {
  parts.listing ??= orLost(parts, async () => parts.listener.onChange(await listOnce(parts))).finally(() => {
    parts.listing = null;
  });
  return parts.listing;
}

/** Nothing is known any more; tries again, more and more patiently. */
function lose(parts: Parts, reason: string): void {
  if (parts.phase === 'stopped') return;
  const wasWhole = parts.phase === 'whole';
  parts.phase = 'lost';
  parts.generation += 1;
  parts.subscription?.close();
  parts.subscription = null;
  if (wasWhole) parts.listener.onLost(reason);
  else parts.log.debug({ reason }, 'the engine does not answer');
  if (parts.cancelRetry !== null) return;
  parts.cancelRetry = parts.clock.after(parts.retryMs, () => {
    parts.cancelRetry = null;
    void connect(parts);
  });
  parts.retryMs = Math.min(RECONNECT_MAX_MS, parts.retryMs * 2);
}

function onEvent(parts: Parts, { type, action, id }: EngineEvent): void {
  if (type === 'container') void orLost(parts, () => lookAtContainer(parts.looks, id));
  else if (type === 'image') lookAtObjectsSoon(parts, true);
  else if (action === 'create' || action === 'destroy') lookAtObjectsSoon(parts, false);
}

function lookAtObjectsSoon(parts: Parts, imagesOnly: boolean): void {
  parts.cancelObjects?.();
  parts.cancelObjects = parts.clock.after(OBJECTS_QUIET_MS, () => {
    parts.cancelObjects = null;
    if (parts.phase !== 'whole') return;
    if (!imagesOnly) return void relist(parts);
    void orLost(parts, async () => {
      await lookAtImages(parts.looks, parts.wanted);
      parts.listener.onChange({ services: [], objects: true });
    });
  });
}

function stop(parts: Parts): void {
  parts.phase = 'stopped';
  parts.generation += 1;
  parts.cancelObjects?.();
  parts.cancelRetry?.();
  parts.subscription?.close();
  for (const resolve of parts.whenWhole.splice(0)) resolve();
}

/** Runs a look; a failed one means that nothing is known any more. */
async function orLost(parts: Parts, look: () => Promise<void>): Promise<void> {
  const { generation } = parts;
  try {
    await look();
  } catch (error) {
    const reason = reasonOf(error);
    if (generation === parts.generation) lose(parts, reason);
  }
}

/** The engine's own words; anything but a failed call is a bug and goes on up. */
function reasonOf(error: unknown): string {
  if (error instanceof EngineError) return error.failure.message;
  throw error;
}
