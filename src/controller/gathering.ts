/**
 * Wishes to look at networks, volumes and images, gathered for a moment.
 * Owns: that a steady stream of wishes puts nothing off, and that the wider wish wins. Must not know: what a look is.
 */
import type { Clock } from './ports.js';

/** What is to be looked at. */
export type Wish = 'images' | 'all';

/** Gathers wishes. */
export interface Gathering {
  wish(what: Wish): void;
  cancel(): void;
}

/** Time in which wishes are gathered, from the first one on. */
const GATHER_MS = 100;

/** Makes a gathering; `onDue` is called with what was wished for. */
export function createGathering(clock: Clock, onDue: (what: Wish) => void): Gathering {
  let due: { what: Wish; readonly cancel: () => void } | null = null;
  return {
    wish(what) {
      if (due !== null) {
        if (what === 'all') due.what = what;
        return;
      }
      const cancel = clock.after(GATHER_MS, () => {
        const wished = due?.what ?? what;
        due = null;
        onDue(wished);
      });
      due = { what, cancel };
    },
    cancel: () => due?.cancel(),
  };
}
