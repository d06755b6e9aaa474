/**
 * Ports of the host, wanted and held.
 * Owns: when two of them exclude each other. Must not know: services.
 */
import type { PortMapping } from './desired.js';

/** A port of the host that a container holds. */
export interface HostPort {
  /** Address that it is bound to; empty: every one. */
  readonly ip: string;
  readonly port: number;
  readonly protocol: string;
}

/** Whether Docker has no choice. */
export const isFixed = ({ hostPorts }: PortMapping): boolean =>
  hostPorts !== null && hostPorts.first === hostPorts.last;

/** Whether two ports fixed on the host cannot both be published. */
export function portsOverlap(a: PortMapping, b: PortMapping): boolean {
  if (b.hostPorts === null || !isFixed(a) || !isFixed(b)) return false;
  return mayTake(a, { ip: b.hostIp, port: b.hostPorts.first, protocol: b.protocol });
}

/** Whether the port that is held is one of those that a mapping may come to. */
export function mayTake({ hostPorts, hostIp, protocol }: PortMapping, held: HostPort): boolean {
  if (hostPorts === null || protocol !== held.protocol) return false;
  if (held.port < hostPorts.first || held.port > hostPorts.last) return false;
  return addressesOverlap(hostIp, held.ip);
}

/** `127.0.0.1:8080/tcp`, as people are told. */
export const renderClaim = (port: PortMapping): string =>
  `${port.hostIp === '' ? '' : `${port.hostIp}:`}${port.hostPorts?.first ?? ''}/${port.protocol}`;

function addressesOverlap(a: string, b: string): boolean {
  if (a === '' || b === '' || a === b) return true;
  if (a.includes(':') !== b.includes(':')) return false;
  return isWildcard(a) || isWildcard(b);
}

const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::';
