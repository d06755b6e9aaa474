/**
 * The images of the simulation: what runs in a container is told by its image's name.
 * Owns: the list. Must not know: who uses which.
 */
import type { Behaviour } from './behaviour.js';

const QUIET: Behaviour = { exit: null, healthyAfterMs: 0, stopMs: 50 };

/** By the name of the image without its tag. */
export const BEHAVIOURS = {
  'sim-well': QUIET,
  'sim-slow': { ...QUIET, healthyAfterMs: 3_000, stopMs: 1_500 },
  'sim-never-ready': { ...QUIET, healthyAfterMs: null },
  'sim-crashes': { ...QUIET, exit: { afterMs: 200, code: 1 } },
  'sim-crashes-often': { ...QUIET, exit: { afterMs: 20_000, code: 1 } },
  'sim-exits-0': { ...QUIET, exit: { afterMs: 300, code: 0 } },
  'sim-exits-1': { ...QUIET, exit: { afterMs: 300, code: 1 } },
  'sim-deaf': { ...QUIET, stopMs: null },
  'sim-falls-ill': { ...QUIET, sickAfterMs: 5_000 },
  'sim-flaps': { ...QUIET, flaps: { wellMs: 20_000, illMs: 15_000 } },
  'sim-fails-later': { ...QUIET, exit: { afterMs: 1_800, code: 1 } },
} as const satisfies Readonly<Record<string, Behaviour>>;

/** Name of one of the images. */
export type SimulatedImageName = keyof typeof BEHAVIOURS;

/** The behaviour of an image reference; one that is not of the simulation just runs. */
export function behaviourOf(reference: string): Behaviour {
  const name = reference.split(':')[0] ?? '';
  return Object.entries(BEHAVIOURS).find(([known]) => known === name)?.[1] ?? QUIET;
}
