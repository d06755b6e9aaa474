/**
 * The latest steps, for those who watch.
 * Owns: a bounded ring of progress and its listeners. Must not know: who listens.
 */
import type { StepProgress } from './ports.js';

/** As many steps as a watcher may miss between two looks. */
const RING_LENGTH = 500;

/** A numbered piece of progress. */
export type Numbered = StepProgress & { readonly number: number };

/** The ring. */
export interface ProgressRing {
  add(progress: StepProgress): void;
  /** Oldest first. */
  recent(): readonly Numbered[];
  listen(listener: (progress: StepProgress) => void): () => void;
}

/** Makes an empty ring. */
export function createProgressRing(): ProgressRing {
  const ring: Numbered[] = [];
  const listeners = new Set<(progress: StepProgress) => void>();
  let number = 0;
  return {
    add(progress) {
      number += 1;
      ring.push({ ...progress, number });
      if (ring.length > RING_LENGTH) ring.shift();
      for (const listener of listeners) listener(progress);
    },
    recent: () => [...ring],
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
