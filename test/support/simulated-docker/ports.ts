/**
 * Host ports of the simulated machine.
 * Owns: which port a mapping gets, and when there is none, as Docker's allocator does it. Must not know: lives.
 */
import type { PortMapping } from '../../../src/model/desired.js';
import type { HostPort } from '../../../src/model/host-ports.js';
import { holdsPorts, type SimulatedContainer, type Truth } from './truth.js';

/** A port of a container, and where it is published. */
export interface Binding extends HostPort {
  /** `80/tcp`. */
  readonly key: string;
}

/** What came of looking for host ports. */
export type Allocation =
  | { readonly kind: 'bound'; readonly bindings: readonly Binding[] }
  | { readonly kind: 'taken'; readonly message: string };

/** The kernel's range for ports that nobody chose. */
const EPHEMERAL = { first: 32_768, last: 60_999 };

/** A port for every mapping of a container, or why there is none. */
export function allocatePorts(
  { id, spec, endpoints }: Pick<SimulatedContainer, 'id' | 'spec' | 'endpoints'>,
  truth: Truth,
): Allocation {
  // Published is what can be reached over a bridge: without one, Docker leaves the ports alone.
  const isReachable = endpoints.some(({ network }) => network !== 'host' && network !== 'none');
  if (spec.ports.length === 0 || !isReachable) return { kind: 'bound', bindings: [] };
  const held = [...truth.containers.values()]
    .filter((container) => container.id !== id && holdsPorts(container))
    .flatMap(({ bindings }) => bindings);
  const bindings: Binding[] = [];
  for (const mapping of spec.ports) {
    const port = choosePort(mapping, [...held, ...bindings], truth.lastPorts);
    if (typeof port === 'string') return { kind: 'taken', message: port };
    const { containerPort, protocol } = mapping;
    for (const ip of addressesOf(mapping))
      bindings.push({ key: `${containerPort}/${protocol}`, ip, port, protocol });
  }
  return { kind: 'bound', bindings };
}

/** Docker publishes a port without an address on both kinds of addresses. */
const addressesOf = ({ hostIp }: PortMapping): readonly string[] =>
  hostIp === '' ? ['0.0.0.0', '::'] : [hostIp];

/** A fixed port is that one or none; of several it is the one after the last that was handed out. */
function choosePort(
  mapping: PortMapping,
  held: readonly HostPort[],
  lastPorts: Map<string, number>,
): number | string {
  const { hostPorts, protocol } = mapping;
  const [ip = ''] = addressesOf(mapping);
  const isFree = (port: number): boolean =>
    !held.some(
      (other) =>
        other.port === port && other.protocol === protocol && overlap(addressesOf(mapping), other.ip),
    );
  if (hostPorts !== null && hostPorts.first === hostPorts.last)
    return isFree(hostPorts.first)
      ? hostPorts.first
      : `Bind for ${ip}:${hostPorts.first} failed: port is already allocated`;
  const { first, last } = hostPorts ?? EPHEMERAL;
  const pointer = `${ip}/${protocol}/${first}-${last}`;
  let port = lastPorts.get(pointer) ?? last;
  for (let tries = first; tries <= last; tries += 1) {
    port = port >= last ? first : port + 1;
    if (!isFree(port)) continue;
    lastPorts.set(pointer, port);
    return port;
  }
  return 'all ports are allocated';
}

const overlap = (addresses: readonly string[], other: string): boolean =>
  addresses.some(
    (address) =>
      address.includes(':') === other.includes(':') &&
      (address === other || isWildcard(address) || isWildcard(other)),
  );

const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::';
