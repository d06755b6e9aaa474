/**
 * How a simulated container is made from a draft.
 * Owns: its name, image, mounts, network and limits at creation. Must not know: who asked for it, its life.
 */
import type { Resources } from '../../../src/model/desired.js';
import { containerId } from '../../../src/model/ids.js';
import { NO_RESOURCES, type ObservedMount, type ObservedResources } from '../../../src/model/observed.js';
import type { ContainerDraft } from '../../../src/model/step.js';
import { endpointOf } from './calls-objects.js';
import { failure, type Inside } from './inside.js';
import { checkOf } from './life.js';
import {
  type Endpoint,
  isNameTaken,
  NO_HEALTH,
  type SimulatedContainer,
  type SimulatedImage,
} from './truth.js';

/** What is to be made. */
export interface Making extends Pick<ContainerDraft, 'name' | 'spec' | 'carried' | 'networkOf'> {
  readonly labels: Readonly<Record<string, string>>;
}

/** Makes a container; its name is test-and-set. */
export function made(inside: Inside, making: Making): SimulatedContainer {
  const { truth, clock, emit, behaviourOf } = inside;
  const { name, labels, spec, networkOf } = making;
  const image = truth.images.get(spec.image);
  if (image === undefined || !image.isHere) throw failure('noSuchImage', `No such image: ${spec.image}`);
  if (isNameTaken(truth, name)) throw failure('nameInUse', `The container name "/${name}" is already in use`);
  const resources = limited(NO_RESOURCES, spec.resources);
  const container: SimulatedContainer = {
    id: containerId(truth.createId()),
    name,
    labels,
    spec,
    behaviour: behaviourOf(spec),
    check: checkOf(spec, image.hasHealthcheck),
    imageId: image.id,
    imageVersion: image.version,
    ...networkAtCreation(making),
    networkOf: spec.networkMode.kind === 'service' ? networkOf : null,
    ...mountsFor(inside, making, image),
    status: 'created',
    exitCode: 0,
    oomKilled: false,
    error: '',
    createdAt: clock.now().wallMs,
    startedAt: null,
    finishedAt: null,
    restartCount: 0,
    restartPolicy: { ...spec.restart },
    resources,
    health: NO_HEALTH,
    ports: {},
    isEnding: false,
    isStopped: false,
    obstacle: null,
    strayPid: 0,
    pending: [],
  };
  truth.containers.set(container.id, container);
  emit({ type: 'container', action: 'create', id: container.id });
  return container;
}

const MIN_MEMORY_BYTES = 6 * 1024 * 1024;

/** Limits after a change. What is null in it stays; what Docker refuses is a failure. */
export function limited(before: ObservedResources, change: Resources): ObservedResources {
  const { nanoCpus, cpuQuotaUs, cpuPeriodUs, memoryBytes, pidsLimit } = change;
  const isQuotaSet = before.cpuQuotaUs > 0 || before.cpuPeriodUs > 0;
  if (
    ((nanoCpus ?? 0) > 0 && isQuotaSet) ||
    (((cpuQuotaUs ?? 0) > 0 || (cpuPeriodUs ?? 0) > 0) && before.nanoCpus > 0)
  )
    throw failure('engine', 'Conflicting options: Nano CPUs and CPU Period');
  if (memoryBytes !== null && memoryBytes > 0 && memoryBytes < MIN_MEMORY_BYTES)
    throw failure('rejected', 'Minimum memory limit allowed is 6MB');
  const swapBytes = change.memorySwapBytes ?? (memoryBytes === null ? null : 2 * memoryBytes);
  if (memoryBytes !== null && swapBytes !== null && swapBytes > 0 && swapBytes < memoryBytes)
    throw failure('rejected', 'Minimum memoryswap limit should be larger than memory limit, see usage');
  // Zero changes nothing, but for pids, where it means no limit.
  return {
    nanoCpus: nanoCpus || before.nanoCpus,
    cpuQuotaUs: cpuQuotaUs || before.cpuQuotaUs,
    cpuPeriodUs: cpuPeriodUs || before.cpuPeriodUs,
    memoryBytes: memoryBytes || before.memoryBytes,
    memorySwapBytes: swapBytes || before.memorySwapBytes,
    memoryReservationBytes: change.memoryReservationBytes || before.memoryReservationBytes,
    pidsLimit: Math.max(0, pidsLimit ?? before.pidsLimit),
  };
}

/** A container that joins another's network has no ends of its own. */
function networkAtCreation({ spec, networkOf }: Making): {
  readonly networkMode: string;
  readonly endpoints: Endpoint[];
} {
  const { networkMode, networks } = spec;
  if (networkMode.kind === 'service') {
    if (networkOf === null) throw failure('rejected', 'invalid container format container:<name|id>');
    if (spec.ports.length > 0)
      throw failure('rejected', 'conflicting options: port publishing and the container type network mode');
    return { networkMode: `container:${networkOf}`, endpoints: [] };
  }
  const plain = { aliases: [], ipv4Address: null, ipv6Address: null };
  const own = networkMode.kind === 'networks' ? 'bridge' : networkMode.kind;
  const first = networkMode.kind === 'networks' ? networks[0] : undefined;
  const attachment = first ?? { ...plain, network: own };
  return { networkMode: attachment.network, endpoints: [endpointOf(attachment, '')] };
}

/** The mounts, and the volumes that had to be made for them. */
function mountsFor(
  { truth, emit }: Inside,
  { spec, carried }: Making,
  image: SimulatedImage,
): { readonly mounts: readonly ObservedMount[]; readonly ownVolumes: readonly string[] } {
  const mounts: ObservedMount[] = [];
  const ownVolumes: string[] = [];
  const mountVolume = (volume: string | null, target: string, readOnly: boolean): void => {
    const source = volume ?? truth.createId();
    if (volume === null) ownVolumes.push(source);
    mounts.push({ kind: 'volume', source, target, readOnly });
    if (truth.volumes.has(source)) return;
    truth.volumes.set(source, { name: source, driver: 'local', project: null, hash: null });
    emit({ type: 'volume', action: 'create', id: source });
  };
  const carriedAt = (target: string): string | null =>
    carried.find((volume) => volume.target === target)?.volume ?? null;
  for (const mount of spec.mounts) {
    const { kind, target, readOnly } = mount;
    if (kind === 'bind') mounts.push({ kind, source: mount.source, target, readOnly });
    else mountVolume(kind === 'volume' ? mount.volume : carriedAt(target), target, readOnly);
  }
  const others = new Set([...carried.map(({ target }) => target), ...(image.volumes ?? [])]);
  for (const target of others)
    if (!spec.mounts.some((mount) => mount.target === target)) mountVolume(carriedAt(target), target, false);
  return { mounts, ownVolumes };
}
