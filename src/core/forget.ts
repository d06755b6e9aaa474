/**
 * What need not be remembered any more.
 * Owns: when a failure, a pull, or a crash stops to matter. Must not know: steps, statuses.
 */
import type { DesiredService, DesiredState } from '../model/desired.js';
import type { ContainerId } from '../model/ids.js';
import type { Now } from '../model/now.js';
import { isLive, type ObservedContainer, type ObservedState } from '../model/observed.js';
import { keys, type Step } from '../model/step.js';
import { endOf } from './container-facts.js';
import { CRASH_LOOP_RESTARTS, isFoundLooping } from './crash-loop.js';
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
  if (service.maintenance) return backoffs;
  const moveOf = new Map(moves.map(({ slot, move }) => [keys.replica(service.name, slot), move]));
  const isInForce = ({ key, kind, untilMs, container }: Backoff): boolean => {
    // These are passed over while they wait: that nothing else is to be done does not mean that they are not wanted.
    const isPassedOver = kind === 'updateContainer' || kind === 'renameContainer';
    if (isPassedOver && untilMs > now.monotonicMs) return true;
    if (inFlight.has(key) || (container !== null && key === keys.leftover(container))) return true;
    const move = moveOf.get(key);
    if (move === undefined || move.do === 'keep' || move.do === 'leave') return false;
    const waitsForOthers = move.do === 'wait' && (move.because === 'dependency' || move.because === 'supply');
    return !waitsForOthers || untilMs > now.monotonicMs;
  };
  return new Map([...backoffs].filter(([, backoff]) => isInForce(backoff)));
}

/** What is remembered of images, networks and volumes that somebody still has or wants. */
export function sharedInForce(
  { shared, pulled, leftVolumes }: Memory,
  { desired, observed }: { readonly desired: DesiredState; readonly observed: ObservedState },
): Pick<Memory, 'shared' | 'pulled' | 'leftVolumes'> {
  const images = new Set([...desired.services.values()].map(({ container }) => container.image));
  const known = new Set([
    ...[...images].map(keys.image),
    ...[...desired.networks.keys(), ...observed.networks.keys()].map(keys.network),
    ...[...desired.volumes.keys(), ...observed.volumes.keys()].map(keys.volume),
  ]);
  const specs = new Set([...desired.services.values()].map(({ hash }) => hash));
  return {
    leftVolumes: new Set([...leftVolumes].filter((name) => observed.volumes.has(name))),
    shared: new Map([...shared].filter(([, { key }]) => known.has(key))),
    pulled: new Map(
      [...pulled]
        .filter(([image]) => images.has(image))
        .map(([image, { atMs, specs: pulledFor }]) => [
          image,
          { atMs, specs: new Set([...pulledFor].filter((hash) => specs.has(hash))) },
        ]),
    ),
  };
}

/** The latest crash restarts of each container, brought up to what is seen. */
export function crashesSeen(
  before: ReadonlyMap<ContainerId, Crashes>,
  containers: readonly ObservedContainer[],
  now: Now,
): ReadonlyMap<ContainerId, Crashes> {
  return new Map(
    containers.flatMap((container): readonly (readonly [ContainerId, Crashes])[] => {
      const { id, restartCount } = container;
      const seen = before.get(id);
      // Of one that has not crashed yet this is known too: its first crash will be news.
      if (restartCount === 0) return [[id, { restartCount, atMs: [], lastEnd: '' }]];
      // What went on before this process looked is read from Docker's own figures.
      const found = isFoundLooping(container, now) ? CRASH_LOOP_RESTARTS : 0;
      const fresh = seen === undefined ? found : restartCount - seen.restartCount;
      const known = seen === undefined || fresh < 0 ? [] : seen.atMs;
      const atMs = [
        ...known,
        ...Array<number>(Math.min(CRASH_LOOP_RESTARTS, Math.max(0, fresh))).fill(now.monotonicMs),
      ];
      const lastEnd =
        isLive(container) && container.status !== 'restarting' ? (seen?.lastEnd ?? '') : endOf(container);
      return [[id, { restartCount, atMs: atMs.slice(-CRASH_LOOP_RESTARTS), lastEnd }]];
    }),
  );
}
