/**
 * What need not be remembered any more.
 * Owns: when a failure, a pull, or a crash stops to matter. Must not know: steps, statuses.
 */
import type { DesiredService, DesiredState } from '../model/desired.js';
import type { ContainerId } from '../model/ids.js';
import type { Now } from '../model/now.js';
import type { ObservedContainer, ObservedState } from '../model/observed.js';
import { keys, type Step } from '../model/step.js';
import { CRASH_LOOP_RESTARTS } from './crash-loop.js';
import type { Backoff, Crashes, Memory, ServiceMemory } from './memory.js';
import type { SlotMove } from './replicas.js';

/**
 * The failures of a service that still hold anything back. Where a replica is as it should be, nobody wants the step
 * that once failed: somebody else did it, or it is not needed any more.
 */
export function failuresInForce(
  { backoffs }: ServiceMemory,
  options: {
    readonly service: DesiredService;
    readonly moves: readonly SlotMove[];
    readonly inFlight: ReadonlyMap<string, Step>;
    readonly now: Now;
  },
): ServiceMemory['backoffs'] {
  const { service, moves, inFlight, now } = options;
  if (backoffs.size === 0 || service.maintenance) return backoffs;
  const moveOf = new Map(moves.map(({ slot, move }) => [keys.replica(service.name, slot), move]));
  const isInForce = ({ key, untilMs }: Backoff): boolean => {
    if (inFlight.has(key)) return true;
    const move = moveOf.get(key);
    if (move === undefined || move.do === 'keep' || move.do === 'leave') return false;
    const waitsForOthers = move.do === 'wait' && (move.because === 'dependency' || move.because === 'supply');
    return !waitsForOthers || untilMs > now.monotonicMs;
  };
  return new Map([...backoffs].filter(([, backoff]) => isInForce(backoff)));
}

/** What is remembered of images, networks and volumes that somebody still has or wants. */
export function sharedInForce(
  { shared, pulled }: Memory,
  { desired, observed }: { readonly desired: DesiredState; readonly observed: ObservedState },
): Pick<Memory, 'shared' | 'pulled'> {
  if (shared.size === 0 && pulled.size === 0) return { shared, pulled };
  const images = new Set([...desired.services.values()].map(({ container }) => container.image));
  const known = new Set([
    ...[...images].map(keys.image),
    ...[...desired.networks.keys(), ...observed.networks.keys()].map(keys.network),
    ...[...desired.volumes.keys(), ...observed.volumes.keys()].map(keys.volume),
  ]);
  return {
    shared: new Map([...shared].filter(([, { key }]) => known.has(key))),
    pulled: new Map([...pulled].filter(([image]) => images.has(image))),
  };
}

/** The latest crash restarts of each container, brought up to what is seen. */
export function crashesSeen(
  before: ReadonlyMap<ContainerId, Crashes>,
  containers: readonly ObservedContainer[],
  { monotonicMs }: Now,
): ReadonlyMap<ContainerId, Crashes> {
  return new Map(
    containers.flatMap((container): readonly (readonly [ContainerId, Crashes])[] => {
      const { id, restartCount, status } = container;
      const seen = before.get(id);
      if (restartCount === 0) return [];
      // What went on before this process looked is not known, but a container that is about to be restarted again is.
      const isFoundInLoop = status === 'restarting' && restartCount >= CRASH_LOOP_RESTARTS;
      const fresh =
        seen === undefined ? (isFoundInLoop ? CRASH_LOOP_RESTARTS : 0) : restartCount - seen.restartCount;
      const known = seen === undefined || fresh < 0 ? [] : seen.atMs;
      const atMs = [
        ...known,
        ...Array<number>(Math.min(CRASH_LOOP_RESTARTS, Math.max(0, fresh))).fill(monotonicMs),
      ];
      return [[id, { restartCount, atMs: atMs.slice(-CRASH_LOOP_RESTARTS) }]];
    }),
  );
}
