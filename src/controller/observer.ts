/**
 * Observing: subscribe, list, inspect on change, list again after every break.
 * Owns: when the engine is looked at. Must not know: what follows from what is seen.
 */
import type { Failure } from '../model/failure.js';
import type { ControllerLimits } from './api.js';
import { createGathering, type Gathering } from './gathering.js';
import {
  failureOf,
  type Looks,
  lookAfterEvent,
  lookAgainDelayMs,
  lookAtContainer,
  lookAtImages,
  lookAtService,
  lookAtStep,
  lookForImages,
} from './looks.js';
import type { Observer, ObserverListener } from './observation.js';
import {
  applyListing,
  beginListing,
  type Change,
  createObservedStore,
  keepImages,
  setProbed,
} from './observed-store.js';
import { createPauses, type Pauses } from './pauses.js';
import type { Clock, Engine, EngineEvent, Log } from './ports.js';
import { withUnlisted } from './unlisted.js';
import { createWaits, type Waits } from './waits.js';

/** First and longest pause between attempts to reach the engine. */
const RECONNECT_FIRST_MS = 1_000;
const RECONNECT_MAX_MS = 30_000;

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
  /** The list under way, and whether one more must follow because something changed meanwhile. */
  listing: { again: boolean; done: Promise<void> } | null;
  /** What is to be looked at again shortly. */
  readonly gathering: Gathering;
  cancelRetry: (() => void) | null;
  readonly pauses: Pauses;
  readonly waits: Waits;
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
    wantImages(references, onKnown) {
      parts.wanted = references;
      keepImages(looks.store, references);
      if (parts.phase === 'whole') lookForImages(looks, references, onKnown);
    },
    setProbed: (said) => options.listener.onChange(setProbed(looks.store, said)),
    async lookAfter(step) {
      if (parts.phase === 'whole') await parts.waits.orLost(lookAtStep(looks, step));
      // Not known what became of it: only a whole list tells.
      if (parts.phase === 'whole' || parts.phase === 'stopped') return;
      await parts.waits.untilWhole();
    },
    async lookAt(services) {
      if (parts.phase !== 'whole') return;
      await parts.waits.orLost(
        Promise.all(services.map((name) => lookAtService(looks, name))).then(() => {}),
      );
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
    after: options.clock.after,
    running: new Map(),
    runningImages: new Map(),
    generation: () => parts.generation,
    again: (error, failed) => lookAgain(parts, error, failed),
  };
  const parts: Parts = {
    ...options,
    looks,
    phase: 'new',
    isFirst: true,
    subscription: null,
    retryMs: RECONNECT_FIRST_MS,
    generation: 0,
    wanted: new Set(),
    listing: null,
    gathering: createGathering(options.clock, (what) => {
      if (parts.phase === 'whole') void (what === 'all' ? relist(parts) : lookAtAllImages(parts));
    }),
    cancelRetry: null,
    pauses: createPauses(options.clock),
    waits: createWaits(),
  };
  return parts;
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
    if (change === null || !isMine()) return;
    const { isFirst } = parts;
    const whole: Partial<Parts> = { phase: 'whole', retryMs: RECONNECT_FIRST_MS, isFirst: false };
    Object.assign(parts, whole);
    listener.onWhole(info, isFirst);
    listener.onChange(change);
    parts.waits.tellWhole();
  } catch (error) {
    const { message } = failureOf(error);
    if (isMine()) lose(parts, message);
  }
}

/** Null: the connection is another one meanwhile, and the list of the older one says nothing. */
async function listOnce(parts: Parts): Promise<Change | null> {
  const { engine, looks, generation } = parts;
  beginListing(looks.store);
  const listed = await engine.list(looks.call);
  if (generation !== parts.generation) return null;
  const listing = await withUnlisted(looks, listed);
  if (generation !== parts.generation) return null;
  const change = applyListing(looks.store, listing);
  for (const { container, kind } of listing.containers)
    if (kind === 'ours' && container.isSilent) void lookAtContainer(looks, container.id);
  await lookAtImages(looks, parts.wanted);
  // Whether an image is another one is not in the list: whoever hears of the objects compares them.
  return { ...change, objects: true };
}

/** One list at a time; a wish that comes meanwhile is one more list afterwards, for the first may have passed by. */
function relist(parts: Parts): Promise<void> {
  if (parts.listing !== null) {
    parts.listing.again = true;
    return parts.listing.done;
  }
  const entry = { again: false, done: Promise.resolve() };
  parts.listing = entry;
  entry.done = relistUntilQuiet(parts, entry).finally(() => {
    if (parts.listing === entry) parts.listing = null;
  });
  return entry.done;
}

async function relistUntilQuiet(parts: Parts, entry: { again: boolean }): Promise<void> {
  const { generation, listener } = parts;
  do {
    entry.again = false;
    try {
      const change = await listOnce(parts);
      if (change !== null) listener.onChange(change);
    } catch (error) {
      const failure = failureOf(error);
      if (generation === parts.generation) await doubt(parts, failure);
      return;
    }
  } while (entry.again && generation === parts.generation);
}

/** A list failed. While the engine answers at all, and events come, what is known stays true; the next list is tried in time. */
async function doubt(parts: Parts, failure: Failure): Promise<void> {
  const { generation, engine } = parts;
  if (failure.code === 'unreachable') return lose(parts, failure.message);
  try {
    await engine.connect(parts.looks.call);
    parts.log.warn({ reason: failure.message }, 'the engine gave no whole list; events tell meanwhile');
  } catch (error) {
    const { message } = failureOf(error);
    if (generation === parts.generation) lose(parts, message);
  }
}

/** Nothing is known any more; tries again, more and more patiently. */
function lose(parts: Parts, reason: string): void {
  if (parts.phase === 'stopped') return;
  const wasWhole = parts.phase === 'whole';
  parts.phase = 'lost';
  parts.generation += 1;
  parts.subscription?.close();
  parts.subscription = null;
  parts.listing = null;
  parts.waits.tellLost();
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
  if (type === 'container') lookAfterEvent(parts.looks, action, id);
  else if (type === 'image') parts.gathering.wish('images');
  else if (action === 'create' || action === 'destroy') parts.gathering.wish('all');
}

async function lookAtAllImages(parts: Parts): Promise<void> {
  const { generation } = parts;
  try {
    await lookAtImages(parts.looks, parts.wanted);
  } catch (error) {
    const { message } = failureOf(error);
    if (generation === parts.generation) lose(parts, message);
  }
  if (parts.phase === 'whole') parts.listener.onChange({ services: [], objects: true });
}

function stop(parts: Parts): void {
  parts.phase = 'stopped';
  parts.generation += 1;
  parts.gathering.cancel();
  parts.cancelRetry?.();
  parts.subscription?.close();
  parts.pauses.endAll();
  parts.waits.tellWhole();
}

/** An engine that cannot be reached is lost, and a whole list will follow; any other failure is of this look alone. */
async function lookAgain(
  parts: Parts,
  error: unknown,
  { times, generation }: { readonly times: number; readonly generation: number },
): Promise<boolean> {
  const failure = failureOf(error);
  if (generation !== parts.generation) return parts.phase === 'whole';
  if (failure.code === 'unreachable') {
    lose(parts, failure.message);
    return false;
  }
  parts.log.debug({ ...failure }, 'a look at the engine failed; it is made again');
  await parts.pauses.wait(lookAgainDelayMs(times));
  return parts.phase !== 'stopped';
}
