/**
 * What a container is tied to, as Docker answers: networks, ports, mounts.
 * Owns: the meaning of these fields, which inspects and lists share. Must not know: whose the container is.
 */
import type { HostPort } from '../../model/host-ports.js';
import type { ObservedEndpoint, ObservedMount } from '../../model/observed.js';
import { compareText } from '../../model/problem.js';
import { type JsonRecord, listOf, recordOf, textOf } from './json.js';

/** Networks by name, of an inspected or a listed container. */
export const networksOf = (raw: JsonRecord): JsonRecord => recordOf(recordOf(raw.NetworkSettings).Networks);

/** The ends of a container of this id, by network name. */
export function endpointsOf(raw: JsonRecord, id: string): readonly ObservedEndpoint[] {
  // Below API 1.45 Docker lists the short id among the aliases; nobody declares it.
  const shortId = id.slice(0, 12);
  return Object.entries(networksOf(raw))
    .map(([network, value]) => {
      const endpoint = recordOf(value);
      const aliases = new Set(listOf(endpoint.Aliases).map(textOf));
      aliases.delete(shortId);
      return {
        network,
        networkId: textOf(endpoint.NetworkID),
        aliases: [...aliases].sort(compareText),
        ipAddress: textOf(endpoint.IPAddress) || textOf(endpoint.GlobalIPv6Address),
        fixedIpv4: textOf(recordOf(endpoint.IPAMConfig).IPv4Address) || null,
        fixedIpv6: textOf(recordOf(endpoint.IPAMConfig).IPv6Address) || null,
      };
    })
    .sort((a, b) => compareText(a.network, b.network));
}

const NETWORK_ID = /^[0-9a-f]{12,64}$/;

/** A network that was given by its id is told by its name; before the first start Docker does not say which one it is. */
export function networkModeOf(mode: string, endpoints: readonly ObservedEndpoint[]): string {
  if (mode === '' || mode === 'default') return 'bridge';
  if (!NETWORK_ID.test(mode) || endpoints.some(({ network }) => network === mode)) return mode;
  const byId = endpoints.find(({ networkId }) => networkId.startsWith(mode));
  const only = endpoints.length === 1 && endpoints[0]?.networkId === '' ? endpoints[0] : undefined;
  return (byId ?? only)?.network ?? mode;
}

/** Every published port, with its address. */
export function hostPortsOf(raw: JsonRecord): readonly HostPort[] {
  const ports = Object.entries(recordOf(recordOf(raw.NetworkSettings).Ports));
  const published = ports.flatMap(([key, bindings]) =>
    listOf(bindings)
      .map(recordOf)
      .map((binding) => ({
        ip: textOf(binding.HostIp),
        port: Number(textOf(binding.HostPort)) || 0,
        protocol: key.split('/')[1] ?? 'tcp',
      }))
      .filter((binding) => binding.port > 0),
  );
  return sortedPorts(published);
}

/** In one order, whatever the daemon's. */
export const sortedPorts = (ports: readonly HostPort[]): readonly HostPort[] =>
  [...ports].sort(
    (a, b) => a.port - b.port || compareText(a.protocol, b.protocol) || compareText(a.ip, b.ip),
  );

/** The published ports of a container of ours, one host port each. */
export function portsOf(raw: JsonRecord): Readonly<Record<string, number>> {
  const ports = Object.entries(recordOf(recordOf(raw.NetworkSettings).Ports));
  const published = ports
    .map(([key, bindings]): readonly [string, number] => [
      key,
      Number(textOf(recordOf(listOf(bindings)[0]).HostPort)) || 0,
    ])
    .filter(([, port]) => port > 0);
  return Object.fromEntries(published.sort(([a], [b]) => compareText(a, b)));
}

/** One mount; a volume by its name. */
export const mountsOf = (raw: JsonRecord): readonly ObservedMount[] =>
  listOf(raw.Mounts)
    .map(mountOf)
    .sort((a, b) => compareText(a.target, b.target));

function mountOf(answer: unknown): ObservedMount {
  const raw = recordOf(answer);
  const kind = MOUNT_KINDS.find((known) => known === textOf(raw.Type)) ?? 'other';
  return {
    kind,
    source: kind === 'volume' ? textOf(raw.Name) : textOf(raw.Source),
    target: textOf(raw.Destination),
    readOnly: raw.RW === false,
  };
}

/** Paths of the devices that a container was given: only an inspect says them. */
export const devicesOf = (raw: JsonRecord): readonly string[] =>
  listOf(recordOf(raw.HostConfig).Devices)
    .map((device) => textOf(recordOf(device).PathOnHost))
    .filter((path) => path !== '');

/** What a container may write to, the devices of an inspect among it; of mounts the list says the same. */
export function writesOf(raw: JsonRecord): readonly string[] {
  const sources = listOf(raw.Mounts)
    .map(mountOf)
    .filter(({ kind, readOnly }) => !readOnly && (kind === 'volume' || kind === 'bind'))
    .map(({ source }) => source)
    .filter((source) => source !== '');
  return [...new Set([...sources, ...devicesOf(raw)])].sort(compareText);
}

const MOUNT_KINDS: readonly ObservedMount['kind'][] = ['volume', 'bind', 'tmpfs'];
