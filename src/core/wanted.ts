/**
 * Whether a container is what its service asks for, and if not, why.
 * Owns: the ordered table of what makes a container outdated. Must not know: what is done about it.
 */
import type { DesiredService } from '../model/desired.js';
import { type ContainerId, hashVersionOf, type ServiceName, type SpecHash } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import { isLive, type ObservedContainer, type ObservedImage } from '../model/observed.js';
import { changeKey, inPlaceChange } from './container-facts.js';
import { hasOtherLimits, limitChange } from './limits.js';

/** What a service's containers are compared with. */
export interface Wanted {
  readonly service: DesiredService;
  /** The image that the service's reference names now; null: not here, or not looked up. */
  readonly image: ObservedImage | null;
  /** Containers of the service whose network is shared; null: none is. */
  readonly parents: readonly ObservedContainer[] | null;
  /** Updates in place that the engine refused, by `changeKey`. */
  readonly refused: ReadonlyMap<ContainerId, string>;
}

interface Row {
  readonly when: (container: ObservedContainer, wanted: Wanted) => boolean;
  readonly why: (container: ObservedContainer, wanted: Wanted) => string;
}

/** Why a container is outdated, for people; null: it is of the wanted spec. First match wins. */
export function outdatedBecause(container: ObservedContainer, wanted: Wanted): string | null {
  const rows = roleOfName(container.name) === 'failed' ? OF_EVIDENCE : OF_REPLICAS;
  return rows.find(({ when }) => when(container, wanted))?.why(container, wanted) ?? null;
}

/** Whether a container is of the wanted spec. */
export const isWanted = (container: ObservedContainer, wanted: Wanted): boolean =>
  outdatedBecause(container, wanted) === null;

const HASH: Row = {
  when: ({ owned }, { service }) => !isHashOf(owned.hash, service),
  why: () => 'its spec changed',
};

const LOST: Row = {
  when: (container, { parents }) => parents !== null && hasLostItsNetwork(container, parents),
  why: (container) =>
    `the container whose network it shares was replaced (${parentOf(container)?.slice(0, 12)})`,
};

const NOTHING: ReadonlyMap<ContainerId, string> = new Map();

const OF_REPLICAS: readonly Row[] = [
  HASH,
  {
    when: (container, { service, image }) => followsItsTag(service) && isMadeFromAnother(container, image),
    why: (_, { service }) => `image ${service.container.image} has changed`,
  },
  {
    when: ({ resources }, { service }) => limitChange(resources, service.container.resources) === 'removed',
    why: () => 'a limit was removed',
  },
  {
    when: (container, { service, refused }) => {
      const found = inPlaceChange(container, service, { updated: NOTHING });
      return found !== null && refused.get(container.id) === changeKey(found.change);
    },
    why: () => 'its limits or its restart policy cannot be updated in place',
  },
  LOST,
];

/** Evidence holds for the very thing that failed: spec, image and limits. A rebuilt image is tried, whatever the pull policy. */
const OF_EVIDENCE: readonly Row[] = [
  HASH,
  {
    when: (container, { image }) => isMadeFromAnother(container, image),
    why: (_, { service }) => `image ${service.container.image} has changed`,
  },
  {
    when: ({ resources }, { service }) => hasOtherLimits(resources, service.container.resources),
    why: () => 'its limits changed',
  },
  LOST,
];

/** Whether a hash is the service's, in any form that is still known. One of a form that is gone counts as current. */
function isHashOf(hash: SpecHash, { hash: present, earlierHashes }: DesiredService): boolean {
  if (hash === present || earlierHashes.includes(hash)) return true;
  const known = [present, ...earlierHashes].map(hashVersionOf);
  return !known.includes(hashVersionOf(hash));
}

/** Only these policies compare images: otherwise an image that moved on this host replaces nothing. */
const followsItsTag = ({ pullPolicy }: DesiredService): boolean =>
  pullPolicy.kind === 'always' || pullPolicy.kind === 'every';

/** The label may be a moment older than the image that Docker took, so either counts. */
function isMadeFromAnother(container: ObservedContainer, image: ObservedImage | null): boolean {
  return image !== null && image.id !== container.owned.image && image.id !== container.imageId;
}

/** The container whose network a container shares; null: none. */
export function parentOf({ networkMode }: ObservedContainer): string | null {
  return networkMode.startsWith('container:') ? networkMode.slice('container:'.length) : null;
}

/** Its parent is not there any more, or at rest while another one took over. */
function hasLostItsNetwork(container: ObservedContainer, parents: readonly ObservedContainer[]): boolean {
  const id = parentOf(container);
  const parent = parents.find((candidate) => candidate.id === id);
  if (parent !== undefined && isLive(parent)) return false;
  return parents.some(isLive);
}

/** Whether a container at rest could be started again: one whose network went with its parent cannot. */
export function canComeBack(container: ObservedContainer, { parents }: Wanted): boolean {
  if (parentOf(container) === null || parents === null) return true;
  return parents.some(({ id }) => id === parentOf(container));
}

/** The service whose network a service shares; null: none. */
export const networkServiceOf = ({ container }: DesiredService): ServiceName | null =>
  container.networkMode.kind === 'service' ? container.networkMode.service : null;
