/**
 * Who publishes which host port.
 * Owns: when two published ports exclude each other. Must not know: services.
 */
import type { PortMapping } from '../model/desired.js';

/** Whether two ports fixed on the host cannot both be published. */
export function portsOverlap(a: PortMapping, b: PortMapping): boolean {
  if (a.hostPorts === null || b.hostPorts === null || a.protocol !== b.protocol) return false;
  if (!isFixed(a) || !isFixed(b) || a.hostPorts.first !== b.hostPorts.first) return false;
  return addressesOverlap(a.hostIp, b.hostIp);
}

/** Whether Docker has no choice. */
export const isFixed = (port: PortMapping): boolean =>
  port.hostPorts !== null && port.hostPorts.first === port.hostPorts.last;

/** `127.0.0.1:8080/tcp`, as people are told. */
export const renderClaim = (port: PortMapping): string =>
  `${port.hostIp === '' ? '' : `${port.hostIp}:`}${port.hostPorts?.first ?? ''}/${port.protocol}`;

function addressesOverlap(a: string, b: string): boolean {
  if (a === '' || b === '' || a === b) return true;
  if (a.includes(':') !== b.includes(':')) return false;
  return isWildcard(a) || isWildcard(b);
}

const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::';
