/**
 * How a simulated container is made from a draft.
 * Owns: its name, image, mounts, network and limits at creation. Must not know: who asked for it, its life.
 */
import type { ContainerSpec, Resources } from '../../../src/model/desired.js';
import { containerId } from '../../../src/model/ids.js';
import {
  type CheckTimes,
  NO_RESOURCES,
  type ObservedMount,
  type ObservedResources,
} from '../../../src/model/observed.js';
import type { ContainerDraft } from '../../../src/model/step.js';
import { endpointOf } from './calls-endpoints.js';
import { addVolume } from './calls-objects.js';
import { failure } from './failures.js';
import type { Inside } from './inside.js';
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

/** How long the making of a container takes: so long its name is taken although it cannot be seen. */
const MAKING_MS = { min: 1, max: 10 };

/** Makes a container as Docker does: its name is taken first, it can be seen only when all of it is there. */
export async function make(inside: Inside, making: Making): Promise<SimulatedContainer> {
  const { reservedNames } = inside.truth;
  checkMaking(inside, making);
  reservedNames.add(making.name);
  try {
    await inside.work(MAKING_MS.min, MAKING_MS.max);
  } finally {
    reservedNames.delete(making.name);
  }
  return made(inside, making);
}

/** Makes a container at once; its name is test-and-set. */
export function made(inside: Inside, making: Making): SimulatedContainer {
  const { truth, clock, emit, behaviourOf } = inside;
  const { name, labels, spec, networkOf } = making;
  const image = checkMaking(inside, making);
  const { wallMs, monotonicMs } = clock.now();
  const container: SimulatedContainer = {
    id: containerId(truth.createId()),
    number: truth.containerCount,
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
    createdAt: wallMs,
    startedAt: null,
    finishedAt: null,
    restartCount: 0,
    restartPolicy: { ...spec.restart },
    resources: limited(NO_RESOURCES, spec.resources),
    health: NO_HEALTH,
    bindings: [],
    run: null,
    backoffMs: 0,
    isEnding: false,
    isStopped: false,
    obstacle: null,
    strayPid: 0,
    pending: [],
  };
  truth.containerCount += 1;
  truth.bornMs.set(container, monotonicMs);
  truth.containers.set(container.id, container);
  emit({ type: 'container', action: 'create', id: container.id });
  return container;
}

/** What Docker refuses before it makes anything. Returns the image. */
function checkMaking({ truth }: Inside, making: Making): SimulatedImage {
  const { name, spec } = making;
  const image = truth.images.get(spec.image);
  if (image === undefined || !image.isHere) throw failure('noSuchImage', `No such image: ${spec.image}`);
  limited(NO_RESOURCES, spec.resources);
  networkAtCreation(making);
  if (isNameTaken(truth, name)) throw failure('nameInUse', `The container name "/${name}" is already in use`);
  return image;
}

/** The times of the effective check: the declared ones, else the image's, Docker's defaults filled in. */
function checkOf({ healthcheck }: ContainerSpec, imageHasCheck: boolean): CheckTimes | null {
  if (healthcheck?.kind === 'disabled') return null;
  if ((healthcheck === null || healthcheck.test === null) && !imageHasCheck) return null;
  return {
    intervalMs: healthcheck?.intervalMs ?? 30_000,
    timeoutMs: healthcheck?.timeoutMs ?? 30_000,
    retries: healthcheck?.retries ?? 3,
    startPeriodMs: healthcheck?.startPeriodMs ?? 0,
    startIntervalMs: healthcheck?.startIntervalMs ?? 5_000,
  };
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
    throw failure('engine', 'Conflicting options: Nano CPUs and CPU Period', 409);
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
  inside: Inside,
  { spec, carried }: Making,
  image: SimulatedImage,
): { readonly mounts: readonly ObservedMount[]; readonly ownVolumes: readonly string[] } {
  const { truth } = inside;
  const mounts: ObservedMount[] = [];
  const ownVolumes: string[] = [];
  const mountVolume = (volume: string | null, target: string, readOnly: boolean): void => {
    const source = volume ?? truth.createId();
    if (volume === null) ownVolumes.push(source);
    mounts.push({ kind: 'volume', source, target, readOnly });
    if (truth.volumes.has(source)) return;
    addVolume(inside, { name: source, driver: 'local', project: null, hash: null });
  };
  const carriedAt = (target: string): string | null =>
    carried.find((volume) => volume.target === target)?.volume ?? null;
  for (const mount of spec.mounts) {
    const { kind, target, readOnly } = mount;
    if (kind === 'bind' || kind === 'file')
      mounts.push({ kind: 'bind', source: mount.source, target, readOnly });
    else mountVolume(kind === 'volume' ? mount.volume : carriedAt(target), target, readOnly);
  }
  const others = new Set([...carried.map(({ target }) => target), ...(image.volumes ?? [])]);
  for (const target of others)
    if (!spec.mounts.some((mount) => mount.target === target)) mountVolume(carriedAt(target), target, false);
  return { mounts, ownVolumes };
}
