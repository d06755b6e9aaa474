/**
 * Laws that hold as long as nobody meddles, nothing arrives late, and nothing is edited: the present is then what was decided on.
 * Owns: order, bounds and what is kept. Must not know: how the controller decides.
 */
import { roleOfName } from '../../../src/model/names.js';
import { isAlive, ownContainers, ownedBy } from '../simulated-docker/truth.js';
import { meets } from './chronicle.js';
import type { Law } from './laws.js';
import { containersOf, isServing } from './services.js';

/** Beside the declared replicas at most one more, the default of the update policy, is brought up for a replacement. */
const neverTooMany: Law = ({ write: { verb, container }, truth, project, services }) => {
  const owned = container === null ? null : ownedBy(container, project);
  const service = owned === null ? undefined : services[owned.service];
  if (verb !== 'startContainer' || container === null || owned === null || service === undefined) return null;
  if (isAlive(container) || service.update?.parallelism !== undefined) return null;
  const live = ownContainers(truth, project).filter(
    (other) => other.owned.service === owned.service && isAlive(other.container),
  );
  const stands = live.some((other) => other.owned.slot === owned.slot);
  const { replicas = 1 } = service;
  return stands && live.length + 1 > replicas + 1 ? `makes ${live.length + 1} of ${replicas} replicas` : null;
};

const orderAtStart: Law = ({ write: { verb, container }, truth, project, services }) => {
  const owned = container === null ? null : ownedBy(container, project);
  if (verb !== 'startContainer' || owned === null) return null;
  const service = services[owned.service];
  for (const [name, condition] of Object.entries(service?.needs ?? {})) {
    const needed = services[name];
    if (needed === undefined || service?.optionally === true) continue;
    const met = containersOf(truth, project, name).filter((one) => meets(one, condition)).length;
    if (met < (needed.replicas ?? 1)) return `starts before ${name} (${condition}: ${met})`;
  }
  return null;
};

/** Stopping what serves well is right only where its spec, its image, its number or its declaration has changed, or it must follow. */
const noNeedlessStop: Law = ({ write: { verb, container }, truth, project, services }) => {
  const owned = container === null ? null : ownedBy(container, project);
  if (container === null || owned === null || !isServing(container)) return null;
  if (verb !== 'stopContainer' && verb !== 'restartContainer') return null;
  const service = services[owned.service];
  if (service === undefined || service.image !== container.spec.image) return null;
  if (truth.images.get(container.spec.image)?.id !== container.imageId) return null;
  const isLimited = container.resources.memoryBytes !== 0;
  if (isLimited && service.memory === undefined) return null;
  if (service.follows === true || service.sharesNetworkOf !== undefined) return null;
  // A spec that failed in one slot is taken back in all.
  const isHeld = ownContainers(truth, project).some(
    (other) => other.owned.service === owned.service && roleOfName(other.container.name) === 'failed',
  );
  if (isHeld) return null;
  const { replicas = 1 } = service;
  const serving = containersOf(truth, project, owned.service).filter(isServing).length;
  return serving > replicas ? null : 'stops a replica that does well';
};

/** One at a time is taken away, the default of the update policy, while the others serve. */
const rolloutBounds: Law = ({ write: { verb, container }, truth, project, services }) => {
  const owned = container === null ? null : ownedBy(container, project);
  if (verb !== 'stopContainer' || container === null || owned === null || !isServing(container)) return null;
  const replicas = services[owned.service]?.replicas ?? (services[owned.service] === undefined ? 0 : 1);
  const left = containersOf(truth, project, owned.service).filter(isServing).length - 1;
  return left >= replicas - 1 ? null : `leaves ${left} of ${replicas} replicas`;
};

/** What goes for good goes after those that were made to need it. */
const reverseAtEnd: Law = ({ write: { verb, container }, truth, project, services }) => {
  const owned = container === null ? null : ownedBy(container, project);
  if (owned === null || services[owned.service] !== undefined) return null;
  if (verb !== 'stopContainer' && verb !== 'removeContainer') return null;
  const dependant = ownContainers(truth, project).find(
    (other) =>
      isAlive(other.container) &&
      services[other.owned.service] === undefined &&
      other.owned.dependsOn.includes(owned.service),
  );
  return dependant === undefined ? null : `goes before ${dependant.container.name}, which needs it`;
};

/** A replaced container is kept until every slot of its service is ready. */
const oldOnesAreKept: Law = ({ write: { verb, container }, truth, project, services }) => {
  const owned = container === null ? null : ownedBy(container, project);
  if (verb !== 'removeContainer' || container === null || owned === null) return null;
  const service = services[owned.service];
  if (service === undefined || service.oneShot === true || !container.name.endsWith('-old')) return null;
  if (container.spec.image === service.image || service.update?.failure_action === 'continue') return null;
  const ready = containersOf(truth, project, owned.service).filter(
    (other) => other.spec.image === service.image && isServing(other),
  );
  return ready.length >= (service.replicas ?? 1) ? null : 'removes the old one before all new ones are ready';
};

/** All of them. */
export const CALM: readonly Law[] = [
  neverTooMany,
  orderAtStart,
  noNeedlessStop,
  rolloutBounds,
  reverseAtEnd,
  oldOnesAreKept,
];
