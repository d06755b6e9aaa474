/**
 * What must hold whatever happens: checked on the engine's truth at every write and every change.
 * Owns: when the laws are looked at, and what was broken. Must not know: how the controller decides.
 */
import type { Clock } from '../../../src/controller/ports.js';
import { roleOfName } from '../../../src/model/names.js';
import type { SimulatedEngine, Write } from '../simulated-docker/engine.js';
import { isAlive, ownContainers, ownedBy, type Truth } from '../simulated-docker/truth.js';
import { type Chronicle, keepChronicle } from './chronicle.js';
import { ALWAYS } from './laws-always.js';
import { CALM } from './laws-calm.js';
import type { SimulatedServices } from './services.js';

/** What a law sees: the truth just before a write. */
export interface Look {
  readonly write: Write;
  readonly truth: Truth;
  readonly project: string;
  /** What the manifests ask for at the moment. */
  readonly services: SimulatedServices;
  /** Everything that they ever asked for, oldest first. */
  readonly asked: readonly SimulatedServices[];
  /** Services whose containers somebody else has meddled with. */
  readonly meddled: ReadonlySet<string>;
  readonly chronicle: Chronicle;
}

/** A broken law in one sentence; null: it holds. */
export type Law = (look: Look) => string | null;

/** A law that was broken. */
export interface Broken {
  readonly sentence: string;
  /** `always`: it holds whatever happens. `calm`: where nobody meddles, nothing is late, and nothing is edited. */
  readonly holds: 'always' | 'calm';
}

/** What laws are kept over. */
export interface Lawful {
  readonly engine: SimulatedEngine;
  readonly project: string;
  readonly clock: Clock;
  readonly asked: readonly SimulatedServices[];
  readonly meddled: ReadonlySet<string>;
  /** Takes what is broken. */
  readonly broken: Broken[];
}

/** Keeps the laws over an engine from now on. */
export function keepLaws({ engine, project, clock, asked, meddled, broken }: Lawful): void {
  const { truth } = engine;
  const chronicle = keepChronicle(engine, project, clock);
  engine.onWrite((write) => {
    const look = { write, truth, project, services: asked.at(-1) ?? {}, asked, meddled, chronicle };
    const add = (laws: readonly Law[], holds: Broken['holds']): void => {
      for (const law of laws) {
        const message = law(look);
        if (message === null) continue;
        broken.push({ holds, sentence: `at ${write.atMs} ms, ${write.verb} ${write.name}: ${message}` });
      }
    };
    add(ALWAYS, 'always');
    add(CALM, 'calm');
  });
  engine.onChange(({ type, action, id }) => {
    if (type !== 'container' || action !== 'start') return;
    const twin = twinOf(id, truth, project);
    if (twin === null) return;
    const atMs = clock.now().monotonicMs;
    broken.push({ holds: 'always', sentence: `at ${atMs} ms: a second live replica beside ${twin}` });
  });
}

/**
 * Another live container of the same slot and hash, by its name; null: there is none.
 * What is replaced by one of the same hash, for its image or its limits, may run on beside it: the names tell them apart.
 */
function twinOf(id: string, truth: Truth, project: string): string | null {
  const all = ownContainers(truth, project);
  const self = all.find(({ container }) => container.id === id);
  if (self === undefined || ownedBy(self.container, project) === null) return null;
  const twin = all.find(
    ({ container, owned }) =>
      container.id !== id &&
      isAlive(container) &&
      owned.service === self.owned.service &&
      owned.slot === self.owned.slot &&
      owned.hash === self.owned.hash &&
      roleOfName(container.name) !== 'old' &&
      // Whoever gave it a name that is not ours has hidden it from a process that finds it by its name.
      !container.name.startsWith('renamed-') &&
      roleOfName(self.container.name) !== 'old' &&
      container.imageId === self.container.imageId &&
      container.resources.memoryBytes === self.container.resources.memoryBytes,
  );
  return twin === undefined ? null : twin.container.name;
}
