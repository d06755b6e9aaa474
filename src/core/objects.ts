/**
 * Networks and volumes of the project that no service asks for at the moment.
 * Owns: making declared ones, removing networks that are no longer declared. Named volumes go by `down --volumes` alone.
 * Must not know: services beyond their attachments.
 */
import type { ObservedState } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import { keys, type Step } from '../model/step.js';
import type { DecisionContext } from './context.js';
import { holdingBackoff } from './memory.js';
import { renewalsOf } from './renewal.js';

/** The steps, and when to look again. */
export interface ObjectsDecision {
  readonly steps: readonly Step[];
  readonly recheckAtMs: number | null;
  /** Something would go, but was seen missing only once. */
  readonly needsSecondScan: boolean;
}

/** Decides about objects that belong to no service. */
export function decideObjects(context: DecisionContext): ObjectsDecision {
  const wanted = [
    ...missingNetworks(context),
    ...missingVolumes(context),
    ...(isUnconfirmed(context) ? [] : spareNetworks(context)),
    ...changedNetworks(context),
    ...spareVolumes(context),
    ...leftVolumes(context),
  ];
  const free = wanted.filter((step) => !context.inFlight.has(step.key));
  const held = free.flatMap((step) => {
    const backoff = holdingBackoff(context.memory.shared, { ...step, hash: null, now: context.now });
    return backoff === null ? [] : [{ step, untilMs: backoff.untilMs }];
  });
  const waiting = new Set(held.map(({ step }) => step));
  return {
    steps: free.filter((step) => !waiting.has(step)),
    needsSecondScan: isUnconfirmed(context) && spareNetworks(context).length > 0,
    recheckAtMs: held.length === 0 ? null : Math.min(...held.map(({ untilMs }) => untilMs)),
  };
}

const isUnconfirmed = ({ desired, settings }: DecisionContext): boolean =>
  desired.absence.kind === 'unconfirmed' && !settings.takeDown;

const BASE = { service: null, slot: null } as const;

function missingNetworks({ desired, observed, settings }: DecisionContext): readonly Step[] {
  return [...desired.networks.values()]
    .filter(({ name, external }) => !external && !observed.networks.has(name))
    .sort((a, b) => compareText(a.name, b.name))
    .map((network) => ({
      ...BASE,
      key: keys.network(network.name),
      cause: 'does not exist',
      kind: 'createNetwork',
      project: settings.project,
      network,
    }));
}

function missingVolumes({ desired, observed, settings }: DecisionContext): readonly Step[] {
  return [...desired.volumes.values()]
    .filter(({ name, external }) => !external && !observed.volumes.has(name))
    .sort((a, b) => compareText(a.name, b.name))
    .map((volume) => ({
      ...BASE,
      key: keys.volume(volume.name),
      cause: 'does not exist',
      kind: 'createVolume',
      project: settings.project,
      volume,
    }));
}

/** Ours, no longer declared, nothing on them. What forbids to remove services forbids this too. */
function spareNetworks({ desired, observed, settings }: DecisionContext): readonly Step[] {
  if (!settings.takeDown && (desired.absence.kind === 'blocked' || desired.rejected.size > 0)) return [];
  const used = usedNetworks(observed);
  return [...observed.networks.values()]
    .filter(({ name, project }) => project === settings.project && !used.has(name))
    .filter(({ name }) => settings.takeDown || !desired.networks.has(name))
    .sort((a, b) => compareText(a.name, b.name))
    .map(({ name, id }) => ({
      ...BASE,
      key: keys.network(name),
      cause: 'no longer declared',
      kind: 'removeNetwork',
      name,
      id,
    }));
}

function spareVolumes({ desired, observed, settings }: DecisionContext): readonly Step[] {
  if (!settings.removeVolumes) return [];
  const used = mountedVolumes(observed);
  return [...observed.volumes.values()]
    .filter(
      ({ name, project }) => project === settings.project && !used.has(name) && !desired.volumes.has(name),
    )
    .sort((a, b) => compareText(a.name, b.name))
    .map(({ name }) => ({ ...BASE, key: keys.volume(name), cause: 'asked for', kind: 'removeVolume', name }));
}

/** Ours, declared otherwise now, and everybody is off it: it goes, and is made again as one that is missing. */
function changedNetworks({ desired, observed, settings }: DecisionContext): readonly Step[] {
  if (settings.takeDown) return [];
  const used = usedNetworks(observed);
  const { renewing } = renewalsOf({ desired, observed, ...settings });
  return [...renewing]
    .filter((name) => !used.has(name))
    .flatMap((name): readonly Step[] => {
      const id = observed.networks.get(name)?.id;
      if (id === undefined) return [];
      const cause = 'its declaration changed';
      return [{ ...BASE, key: keys.network(name), cause, kind: 'removeNetwork', name, id }];
    });
}

/** Carried volumes of replicas that went for good, once nothing mounts them any more. */
function leftVolumes({ memory, observed }: DecisionContext): readonly Step[] {
  const mounted = mountedVolumes(observed);
  return [...memory.leftVolumes]
    .filter((name) => observed.volumes.has(name) && !mounted.has(name))
    .sort(compareText)
    .map((name) => {
      const cause = 'its replica is gone for good';
      return { ...BASE, key: keys.volume(name), cause, kind: 'removeVolume', name };
    });
}

const mountedVolumes = ({ services }: ObservedState): ReadonlySet<string> =>
  new Set([...services.values()].flat().flatMap(({ mounts }) => mounts.map(({ source }) => source)));

function usedNetworks({ services, others }: ObservedState): ReadonlySet<string> {
  const ours = [...services.values()]
    .flat()
    .flatMap(({ endpoints }) => endpoints.map(({ network }) => network));
  const theirs = [...others.values()].flatMap(({ networks }) => networks);
  return new Set([...ours, ...theirs]);
}
