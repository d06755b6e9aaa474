/**
 * The hash of a spec.
 * Owns: the canonical form: keys sorted, what equals its default left out, so that a field added later changes no hash.
 * Must not know: how a spec was written. Nobody else hashes a spec.
 */
import type {
  ContainerSpec,
  DesiredNetwork,
  DesiredVolume,
  Healthcheck,
  Mount,
  NetworkAttachment,
  PortMapping,
} from '../model/desired.js';
import { type SpecHash, specHash } from '../model/ids.js';
import { compareText } from '../model/problem.js';

type Canonical = string | number | boolean | readonly Canonical[] | CanonicalRecord;
interface CanonicalRecord {
  readonly [key: string]: Canonical | undefined;
}

/** Hash of what makes a container outdated. The restart policy is left out: it is updated in place. */
export function hashContainer(
  spec: Omit<ContainerSpec, 'restart'>,
  hash: (text: string) => string,
): SpecHash {
  return seal(hash, {
    image: canonicalImage(spec.image),
    command: spec.command ?? undefined,
    entrypoint: spec.entrypoint ?? undefined,
    environment: someOf(spec.environment),
    labels: someOf(spec.labels),
    ports: sortedOf(spec.ports.map(canonicalPort)),
    mounts: sortedOf(spec.mounts.map(canonicalMount)),
    networks: listOf(spec.networks.map(canonicalAttachment)),
    healthcheck: canonicalHealthcheck(spec.healthcheck),
    stopSignal: spec.stopSignal ?? undefined,
    stopGraceMs: unless(spec.stopGraceMs ?? 10_000, 10_000),
  });
}

/** Hash of a network's form; its name is not part of it. */
export function hashNetwork(network: Omit<DesiredNetwork, 'hash'>, hash: (text: string) => string): SpecHash {
  return seal(hash, {
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
  });
}

/** Hash of a volume's form; its name is not part of it. */
export function hashVolume(volume: Omit<DesiredVolume, 'hash'>, hash: (text: string) => string): SpecHash {
  return seal(hash, {
    external: unless(volume.external, false),
    driver: unless(volume.driver, 'local'),
    driverOptions: someOf(volume.driverOptions),
    labels: someOf(volume.labels),
  });
}

function seal(hash: (text: string) => string, value: CanonicalRecord): SpecHash {
  return specHash(`v1:${hash(renderCanonical(value))}`);
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

const canonicalMount = (mount: Mount): CanonicalRecord => ({
  volume: mount.kind === 'volume' ? mount.volume : undefined,
  source: mount.kind === 'bind' ? mount.source : undefined,
  target: mount.target,
  readOnly: unless(mount.readOnly, false),
  createSource: mount.kind === 'bind' ? unless(mount.createSource, true) : undefined,
});

const canonicalAttachment = (attachment: NetworkAttachment): CanonicalRecord => ({
  network: attachment.network,
  aliases: listOf(attachment.aliases),
  ipv4Address: attachment.ipv4Address ?? undefined,
  ipv6Address: attachment.ipv6Address ?? undefined,
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
