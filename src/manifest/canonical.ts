/**
 * The hash of a spec.
 * Owns: the canonical forms and their versions: keys sorted, what equals its default left out, so that a field added
 * later changes no hash.
 * Must not know: how a spec was written. Nobody else hashes a spec.
 */
import type {
  ContainerSpec,
  DesiredNetwork,
  DesiredVolume,
  Healthcheck,
  Mount,
  NetworkAttachment,
  NetworkMode,
  PortMapping,
} from '../model/desired.js';
import { type SpecHash, specHash } from '../model/ids.js';
import type { Isolation } from '../model/isolation.js';
import { compareText } from '../model/problem.js';

type Canonical = string | number | boolean | readonly Canonical[] | CanonicalRecord;
/** What is hashed, as JSON would have it; what is undefined is left out. */
export interface CanonicalRecord {
  readonly [key: string]: Canonical | undefined;
}

/** The part of a container's spec that is hashed. What `docker update` changes in place is no part of it. */
export type HashedSpec = Omit<ContainerSpec, 'restart' | 'resources'>;

/** One version of the hash: its name, and what it hashes of a spec. */
export interface HashVersion {
  /** Stands before the hash, as in `v1:…`; never used again for another form. */
  readonly name: string;
  readonly formOf: (spec: HashedSpec) => CanonicalRecord;
}

/**
 * Every version that is still known, newest first. What changes a hash that was released is a new version at the front;
 * the older ones stay as they are, so that containers made by them are still told apart.
 */
const HASH_VERSIONS: readonly [HashVersion, ...HashVersion[]] = [{ name: 'v1', formOf: containerFormV1 }];

/** Hashes of what makes a container outdated: in the newest form, and in the earlier ones. */
export function hashContainer(
  spec: HashedSpec,
  given: {
    readonly hash: (text: string) => string;
    readonly versions?: readonly [HashVersion, ...HashVersion[]];
  },
): { readonly hash: SpecHash; readonly earlierHashes: readonly SpecHash[] } {
  const [newest, ...earlier] = given.versions ?? HASH_VERSIONS;
  const hashIn = ({ name, formOf }: HashVersion): SpecHash => seal(name, formOf(spec), given.hash);
  return { hash: hashIn(newest), earlierHashes: earlier.map(hashIn) };
}

/** Hash of a network's form; its name is not part of it. */
export function hashNetwork(network: Omit<DesiredNetwork, 'hash'>, hash: (text: string) => string): SpecHash {
  const form = {
    external: unless(network.external, false),
    driver: unless(network.driver, 'bridge'),
    driverOptions: someOf(network.driverOptions),
    internal: unless(network.internal, false),
    attachable: unless(network.attachable, false),
    enableIpv6: unless(network.enableIpv6, false),
    labels: someOf(network.labels),
    ipam: listOf(
      network.ipam.map((block) => ({
        subnet: block.subnet,
        gateway: block.gateway ?? undefined,
        ipRange: block.ipRange ?? undefined,
      })),
    ),
  };
  return seal(OBJECT_VERSION, form, hash);
}

/** Hash of a volume's form; its name is not part of it. */
export function hashVolume(volume: Omit<DesiredVolume, 'hash'>, hash: (text: string) => string): SpecHash {
  const form = {
    external: unless(volume.external, false),
    driver: unless(volume.driver, 'local'),
    driverOptions: someOf(volume.driverOptions),
    labels: someOf(volume.labels),
  };
  return seal(OBJECT_VERSION, form, hash);
}

/** The only version so far of the hashes of networks and volumes. */
const OBJECT_VERSION = 'v1';

function seal(version: string, form: CanonicalRecord, hash: (text: string) => string): SpecHash {
  return specHash(`${version}:${hash(renderCanonical(form))}`);
}

/** Invariant: what could be said when it was released keeps its form for ever; only fields left out by default are added. */
function containerFormV1(spec: HashedSpec): CanonicalRecord {
  return {
    image: canonicalImage(spec.image),
    command: spec.command ?? undefined,
    entrypoint: spec.entrypoint ?? undefined,
    environment: someOf(spec.environment),
    labels: someOf(spec.labels),
    ports: sortedOf(spec.ports.map(canonicalPort)),
    mounts: sortedOf(spec.mounts.map(canonicalMount)),
    networkMode: unless(canonicalNetworkMode(spec.networkMode), 'networks'),
    networks: listOf(spec.networks.map(canonicalAttachment)),
    healthcheck: canonicalHealthcheck(spec.healthcheck),
    stopSignal: spec.stopSignal ?? undefined,
    stopGraceMs: unless(spec.stopGraceMs ?? 10_000, 10_000),
    ...canonicalIsolation(spec.isolation),
  };
}

/** JSON with sorted keys. */
function renderCanonical(value: Canonical): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(renderCanonical).join(',')}]`;
  const fields = Object.entries(value)
    .flatMap(([key, inner]) => (inner === undefined ? [] : [[key, inner] as const]))
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, inner]) => `${JSON.stringify(key)}:${renderCanonical(inner)}`);
  return `{${fields.join(',')}}`;
}

const isList = (value: Canonical): value is readonly Canonical[] => Array.isArray(value);

/** A name without tag and digest means `latest`. */
function canonicalImage(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.includes(':') || last.includes('@') ? image : `${image}:latest`;
}

const canonicalPort = (port: PortMapping): CanonicalRecord => ({
  containerPort: port.containerPort,
  protocol: unless(port.protocol, 'tcp'),
  hostIp: unless(port.hostIp, ''),
  first: port.hostPorts?.first,
  last: port.hostPorts === null ? undefined : unless(port.hostPorts.last, port.hostPorts.first),
});

/** `service:<name>`: the service itself, not one of its containers. */
const canonicalNetworkMode = (mode: NetworkMode): string =>
  mode.kind === 'service' ? `service:${mode.service}` : mode.kind;

/** An anonymous mount is one that has neither volume nor source; a file is one that has a digest. */
function canonicalMount(mount: Mount): CanonicalRecord {
  if (mount.kind === 'file') return { source: mount.source, target: mount.target, digest: mount.digest };
  return {
    volume: mount.kind === 'volume' ? mount.volume : undefined,
    source: mount.kind === 'bind' ? mount.source : undefined,
    target: mount.target,
    readOnly: unless(mount.readOnly, false),
    createSource: mount.kind === 'bind' ? unless(mount.createSource, true) : undefined,
  };
}

const canonicalAttachment = (attachment: NetworkAttachment): CanonicalRecord => ({
  network: attachment.network,
  aliases: listOf(attachment.aliases),
  ipv4Address: attachment.ipv4Address ?? undefined,
  ipv6Address: attachment.ipv6Address ?? undefined,
});

const canonicalIsolation = (isolation: Isolation): CanonicalRecord => ({
  privileged: unless(isolation.privileged, false),
  pidMode: isolation.pidMode ?? undefined,
  ipcMode: isolation.ipcMode ?? undefined,
  usernsMode: isolation.usernsMode ?? undefined,
  devices: sortedOf(
    isolation.devices.map(({ source, target, permissions }) => ({
      source,
      target: unless(target, source),
      permissions: unless(permissions, 'rwm'),
    })),
  ),
  capAdd: sortedOf(isolation.capAdd),
  capDrop: sortedOf(isolation.capDrop),
  securityOptions: sortedOf(isolation.securityOptions),
  sysctls: someOf(isolation.sysctls),
});

function canonicalHealthcheck(check: Healthcheck | null): CanonicalRecord | undefined {
  if (check === null) return undefined;
  if (check.kind === 'disabled') return { disabled: true };
  return someOf({
    test: check.test ?? undefined,
    intervalMs: check.intervalMs ?? undefined,
    timeoutMs: check.timeoutMs ?? undefined,
    retries: check.retries ?? undefined,
    startPeriodMs: check.startPeriodMs ?? undefined,
    startIntervalMs: check.startIntervalMs ?? undefined,
  });
}

function unless<Value extends string | number | boolean>(value: Value, standard: Value): Value | undefined {
  return value === standard ? undefined : value;
}

const listOf = (items: readonly Canonical[]): readonly Canonical[] | undefined =>
  items.length === 0 ? undefined : items;

const sortedOf = (items: readonly Canonical[]): readonly Canonical[] | undefined =>
  listOf([...items].sort((a, b) => compareText(renderCanonical(a), renderCanonical(b))));

const someOf = (record: CanonicalRecord): CanonicalRecord | undefined =>
  Object.values(record).every((value) => value === undefined) ? undefined : record;
