/**
 * Single looks at the engine: a container, the images, what a step was about.
 * Owns: one look at a time per container, in the order of asking. Must not know: when to look.
 */
import type { Failure } from '../model/failure.js';
import { containerId, type ServiceName } from '../model/ids.js';
import type { Step } from '../model/step.js';
import {
  type Change,
  dropContainer,
  keepImages,
  noteSignal,
  type ObservedStore,
  setContainer,
  setNetwork,
  setSilent,
  setVolume,
} from './observed-store.js';
import { type CallOptions, type Clock, type Engine, EngineError } from './ports.js';

/** A look under way. */
interface RunningLook {
  again: boolean;
  /** Number of the connection that it was begun on. */
  readonly generation: number;
  done: Promise<void>;
}

/** What looks are made with. */
export interface Looks {
  readonly engine: Engine;
  readonly store: ObservedStore;
  readonly call: CallOptions;
  readonly onChange: (change: Change) => void;
  readonly after: Clock['after'];
  /** Number of the present connection. */
  readonly generation: () => number;
  /** A look of that connection failed: resolves to whether it is made again, when its time has come. */
  readonly again: (
    error: unknown,
    failed: { readonly times: number; readonly generation: number },
  ) => Promise<boolean>;
  /** Containers being looked at, and whether to look once more afterwards. */
  readonly running: Map<string, RunningLook>;
  /** Images being looked for. */
  readonly runningImages: Map<string, Promise<void>>;
}

/** So long without an answer, and a container counts as silent. */
const SILENT_AFTER_MS = 5_000;

const OBJECTS: Change = { services: [], objects: true };

/** Something happened to a container: a hint to look, but for signals, of which a look shows nothing. */
export function lookAfterEvent(looks: Looks, action: string, id: string): void {
  noteSignal(looks.store, action, containerId(id));
  void lookAtContainer(looks, id);
}

/**
 * One look at a time per container; a wish that comes meanwhile is one more look afterwards. A look that fails is made
 * again, alone: a container that hangs keeps only those waiting that ask for it, and only as long as the connection
 * lasts: what an earlier connection was asked may never be answered, and says nothing that the list after it did not.
 */
export function lookAtContainer(looks: Looks, idOrName: string): Promise<void> {
  const generation = looks.generation();
  const running = looks.running.get(idOrName);
  if (running !== undefined && running.generation === generation) {
    running.again = true;
    return running.done;
  }
  const entry: RunningLook = { again: false, generation, done: Promise.resolve() };
  looks.running.set(idOrName, entry);
  entry.done = lookUntilQuiet(looks, idOrName, entry).finally(() => {
    if (looks.running.get(idOrName) === entry) looks.running.delete(idOrName);
  });
  return entry.done;
}

async function lookUntilQuiet(looks: Looks, idOrName: string, entry: RunningLook): Promise<void> {
  do {
    entry.again = false;
    const cancel = looks.after(SILENT_AFTER_MS, () => tellSilent(looks, idOrName, entry));
    const seen = await persistently(looks, () => looks.engine.inspectContainer(idOrName, looks.call));
    cancel();
    if (seen === null || entry.generation !== looks.generation()) return;
    const change =
      seen.value === null
        ? dropContainer(looks.store, containerId(idOrName))
        : setContainer(looks.store, seen.value);
    if (change.services.length > 0 || change.objects) looks.onChange(change);
  } while (entry.again);
}

/** What was known of it is no longer what is so: nothing is judged by that until an answer comes. */
function tellSilent(looks: Looks, id: string, { generation }: RunningLook): void {
  if (generation !== looks.generation()) return;
  const change = setSilent(looks.store, containerId(id));
  if (change.services.length > 0) looks.onChange(change);
}

/** Looks at all containers of a service; settles when all are seen, or one of them gives no answer for so long. */
export async function lookAtService(looks: Looks, name: ServiceName): Promise<void> {
  const containers = looks.store.services.get(name) ?? [];
  const seen = Promise.all(containers.map(({ id }) => lookAtContainer(looks, id)));
  await new Promise<void>((resolve) => {
    const cancel = looks.after(SILENT_AFTER_MS, resolve);
    void seen.then(() => {
      cancel();
      resolve();
    });
  });
}

/** Makes a look until it succeeds; null: it is given up, because nobody listens any more or a whole list will follow. */
async function persistently<Value>(
  looks: Looks,
  look: () => Promise<Value>,
): Promise<{ readonly value: Value } | null> {
  for (let times = 1; ; times += 1) {
    const generation = looks.generation();
    try {
      return { value: await look() };
    } catch (error) {
      if (!(await looks.again(error, { times, generation }))) return null;
    }
  }
}

/** An image that takes longer does not keep a whole list waiting; it is known from memory, and quick in a healthy engine. */
const IMAGE_PATIENCE_MS = 5_000;

/**
 * Looks all wanted images up, each once: of one that gives no answer stays known what was. Rejects with EngineError when
 * the engine cannot be reached.
 */
export async function lookAtImages(looks: Looks, wanted: ReadonlySet<string>): Promise<void> {
  const { engine, store, call } = looks;
  const patience = { deadlineMs: Math.min(call.deadlineMs, IMAGE_PATIENCE_MS) };
  keepImages(store, wanted);
  const look = async (reference: string): Promise<void> => {
    try {
      store.images.set(reference, await engine.inspectImage(reference, patience));
    } catch (error) {
      if (failureOf(error).code === 'unreachable') throw error;
    }
  };
  await Promise.all([...wanted].sort().map(look));
}

/** Looks an image up, unless that is under way already. */
function lookForImage(looks: Looks, reference: string): Promise<void> {
  const running = looks.runningImages.get(reference);
  if (running !== undefined) return running;
  const look = lookAtImage(looks, reference).finally(() => looks.runningImages.delete(reference));
  looks.runningImages.set(reference, look);
  return look;
}

/** Images to know about, these and no others; `onKnown` is called for each that was not known, when it is. */
export function lookForImages(
  looks: Looks,
  references: ReadonlySet<string>,
  onKnown: (reference: string) => void,
): void {
  for (const reference of [...references].sort()) {
    if (looks.store.images.has(reference)) continue;
    void lookForImage(looks, reference).then(() => looks.store.images.has(reference) && onKnown(reference));
  }
}

async function lookAtImage(looks: Looks, reference: string): Promise<void> {
  const seen = await persistently(looks, () => looks.engine.inspectImage(reference, looks.call));
  if (seen !== null) looks.store.images.set(reference, seen.value);
}

/** Looks at what a step was about. */
export async function lookAtStep(looks: Looks, step: Step): Promise<void> {
  const { engine, store, call, onChange } = looks;
  switch (step.kind) {
    case 'pullImage':
      await lookAtImage(looks, step.image);
      return onChange(OBJECTS);
    case 'createNetwork':
    case 'removeNetwork': {
      const name = step.kind === 'createNetwork' ? step.network.name : step.name;
      const seen = await persistently(looks, () => engine.inspectNetwork(name, call));
      return seen === null ? undefined : onChange(setNetwork(store, name, seen.value));
    }
    case 'createVolume':
    case 'removeVolume': {
      const name = step.kind === 'createVolume' ? step.volume.name : step.name;
      const seen = await persistently(looks, () => engine.inspectVolume(name, call));
      return seen === null ? undefined : onChange(setVolume(store, name, seen.value));
    }
    case 'createContainer':
      return lookAtContainer(looks, step.draft.name);
    default:
      return lookAtContainer(looks, step.id);
  }
}

/** The engine's own words; anything but a failed call is a bug and goes on up. */
export function failureOf(error: unknown): Failure {
  if (error instanceof EngineError) return error.failure;
  throw error;
}

/** First and longest pause before a look that failed by itself is made again. */
const AGAIN_FIRST_MS = 500;
const AGAIN_MAX_MS = 10_000;

/** How long to wait after so many failures of one look in a row. */
export const lookAgainDelayMs = (times: number): number =>
  Math.min(AGAIN_MAX_MS, AGAIN_FIRST_MS * 2 ** Math.min(times - 1, 10));
