/**
 * Laws that hold whatever happens, whoever meddles.
 * Owns: what may never be touched, and what must have been so before. Must not know: how the controller decides.
 */
import { roleOfName } from '../../../src/model/names.js';
import { ownContainers, ownedBy, type SimulatedContainer } from '../simulated-docker/truth.js';
import type { Law } from './laws.js';
import { isServing, type SimulatedService } from './services.js';

const onlyOurs: Law = ({ write: { container, verb, name }, truth, project }) => {
  if (container !== null && ownedBy(container, project) === null) return 'writes to what is not ours';
  const network = truth.networks.get(name);
  if (verb === 'removeNetwork' && network !== undefined && network.project !== project)
    return 'removes a network that is not ours';
  return null;
};

/** Docker’s own names are those of anonymous volumes. */
const noNamedVolumeGoes: Law = ({ write: { verb, name } }) =>
  verb === 'removeVolume' && !/^[0-9a-f]{64}$/.test(name) ? 'removes a volume' : null;

/** What was last seen can be as old as a list that had to wait for the next resync, and for a call that hung before it. */
const STALE_MS = 90_000;

/** Nothing is started whose dependencies have not, as far as could be seen, been as it needs them. */
const orderAsSeen: Law = ({ write: { verb, container, atMs }, project, services, chronicle }) => {
  const owned = container === null ? null : ownedBy(container, project);
  if (verb !== 'startContainer' || owned === null) return null;
  const service = services[owned.service];
  for (const [name, condition] of Object.entries(service?.needs ?? {})) {
    if (services[name] === undefined || service?.optionally === true) continue;
    const lastMs = chronicle.lastMetMs(name, condition);
    if (lastMs === null) return `starts although ${name} was never ${condition}`;
    if (atMs - lastMs > STALE_MS) return `starts although ${name} is not ${condition} since ${lastMs} ms`;
  }
  return null;
};

/** What serves well is ended only where some manifest once asked for something else, or somebody meddled with its service. */
const noEndWithoutReason: Law = ({ write: { verb, container }, truth, project, asked, meddled }) => {
  const owned = container === null ? null : ownedBy(container, project);
  if (container === null || owned === null || !isServing(container)) return null;
  if (verb !== 'stopContainer' && verb !== 'restartContainer' && verb !== 'removeContainer') return null;
  if (meddled.has(owned.service) || truth.images.get(container.spec.image)?.id !== container.imageId)
    return null;
  const declared = asked.map((services) => services[owned.service]);
  if (declared.some((service) => service === undefined || isOtherwise(service, container, declared)))
    return null;
  if (declared.some((service) => service?.follows === true || service?.sharesNetworkOf !== undefined))
    return null;
  // A spec that failed in one slot is taken back in all.
  const isHeld = ownContainers(truth, project).some(
    (other) => other.owned.service === owned.service && roleOfName(other.container.name) === 'failed',
  );
  return isHeld ? null : 'ends what does well and was never asked to be otherwise';
};

/** The declaration asks for another container, or for fewer of them than another declaration of the service. */
function isOtherwise(
  service: SimulatedService,
  container: SimulatedContainer,
  declared: readonly (SimulatedService | undefined)[],
): boolean {
  const { image, replicas = 1, memory, networks = {} } = service;
  return (
    image !== container.spec.image ||
    declared.some((other) => (other?.replicas ?? 1) > replicas) ||
    container.resources.memoryBytes !== bytesOf(memory) ||
    Object.keys(networks).length > 0
  );
}

/** `32m`, the only form that stories write. */
const bytesOf = (memory: string | undefined): number =>
  memory === undefined ? 0 : Number(memory.replace('m', '')) * 1024 * 1024;

/** All of them. */
export const ALWAYS: readonly Law[] = [onlyOurs, noNamedVolumeGoes, orderAsSeen, noEndWithoutReason];
