/**
 * Single looks at the engine: a container, the images, what a step was about.
 * Owns: one look at a time per container, in the order of asking. Must not know: when to look.
 */
import { containerId } from '../model/ids.js';
import type { Step } from '../model/step.js';
import {
  type Change,
  dropContainer,
  keepImages,
  type ObservedStore,
  setContainer,
  setNetwork,
  setVolume,
} from './observed-store.js';
import type { CallOptions, Engine } from './ports.js';

/** What looks are made with. */
export interface Looks {
  readonly engine: Engine;
  readonly store: ObservedStore;
  readonly call: CallOptions;
  readonly onChange: (change: Change) => void;
  /** Containers being looked at, and whether to look once more afterwards. */
  readonly running: Map<string, { again: boolean; done: Promise<void> }>;
}

const OBJECTS: Change = { services: [], objects: true };

/** One look at a time per container; a wish that comes meanwhile is one more look afterwards. Rejects with EngineError. */
export function lookAtContainer(looks: Looks, idOrName: string): Promise<void> {
  const running = looks.running.get(idOrName);
  if (running !== undefined) {
    running.again = true;
    return running.done;
  }
  const entry = { again: false, done: Promise.resolve() };
  looks.running.set(idOrName, entry);
  entry.done = lookUntilQuiet(looks, idOrName, entry).finally(() => looks.running.delete(idOrName));
  return entry.done;
}

async function lookUntilQuiet(looks: Looks, idOrName: string, entry: { again: boolean }): Promise<void> {
  do {
    entry.again = false;
    const sighting = await looks.engine.inspectContainer(idOrName, looks.call);
    const change =
      sighting === null
        ? dropContainer(looks.store, containerId(idOrName))
        : setContainer(looks.store, sighting);
    if (change.services.length > 0 || change.objects) looks.onChange(change);
  } while (entry.again);
}

/** Looks all wanted images up. */
export async function lookAtImages(looks: Looks, wanted: ReadonlySet<string>): Promise<void> {
  keepImages(looks.store, wanted);
  for (const reference of [...wanted].sort()) await lookAtImage(looks, reference);
}

/** Looks one image up. */
export async function lookAtImage({ engine, store, call }: Looks, reference: string): Promise<void> {
  store.images.set(reference, await engine.inspectImage(reference, call));
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
      return onChange(setNetwork(store, name, await engine.inspectNetwork(name, call)));
    }
    case 'createVolume':
    case 'removeVolume': {
      const name = step.kind === 'createVolume' ? step.volume.name : step.name;
      return onChange(setVolume(store, name, await engine.inspectVolume(name, call)));
    }
    case 'createContainer':
      return lookAtContainer(looks, step.draft.name);
    default:
      return lookAtContainer(looks, step.id);
  }
}
