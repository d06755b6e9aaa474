/**
 * Published ports.
 * Owns: the short and the long form, ranges. Must not know: who else publishes.
 */
import type { PortMapping } from '../model/desired.js';
import type { PortEntry, ServiceSpec } from './generated/manifest-types.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import { findTree, type Path, plainOf } from './tree.js';

interface Range {
  readonly first: number;
  readonly last: number;
}

interface PortParts {
  readonly hostIp: string;
  /** Empty: any free one. */
  readonly host: string;
  readonly container: string;
  readonly protocol: string;
}

const EXPECTED =
  'expected [[ip:]host:]container[/protocol] such as "8080:80" or "127.0.0.1:9001-9003:9000/tcp"';
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-fA-F]*:[0-9a-fA-F:.]*$/;
/** More ports than this are taken for a mistake: Docker needs a rule, and often a process, for each. */
const MAX_PORTS = 1000;

/** All ports of a service, sorted, each once. */
export function resolvePorts(scope: Scope, spec: ServiceSpec): readonly PortMapping[] {
  const ports = (spec.ports ?? []).flatMap((entry, index) =>
    resolvePort(scope, ['spec', 'ports', index], entry),
  );
  const unique = new Map(ports.map((port) => [JSON.stringify(port), port]));
  if (unique.size > MAX_PORTS)
    scope.error(
      ['spec', 'ports'],
      'BAD_VALUE',
      `${unique.size} ports; at most ${MAX_PORTS} can be published`,
    );
  return [...unique.values()].sort(
    (a, b) =>
      a.containerPort - b.containerPort ||
      (a.hostPorts?.first ?? 0) - (b.hostPorts?.first ?? 0) ||
      (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1),
  );
}

/** The entry that publishes a port. */
export function pathOfPort(scope: Scope, port: PortMapping): Path {
  const path = ['spec', 'ports'];
  const found = findTree(scope.tree, path);
  if (found?.kind !== 'list') return path;
  const wanted = JSON.stringify(port);
  const silent = { ...scope, error: () => {} };
  const index = found.items.findIndex((item) =>
    resolvePort(silent, path, plainOf(item) as PortEntry).some((each) => JSON.stringify(each) === wanted),
  );
  return index === -1 ? path : [...path, index];
}

function resolvePort(scope: Scope, path: Path, entry: PortEntry): readonly PortMapping[] {
  const parts = typeof entry === 'object' ? longForm(entry) : shortForm(String(entry));
  const shown = typeof entry === 'object' ? 'published' : quote(String(entry));
  const complain = (message: string): readonly PortMapping[] => {
    scope.error(path, 'BAD_VALUE', message);
    return [];
  };
  const container = parseRange(parts.container);
  const host = parts.host === '' || parts.host === '0' ? null : parseRange(parts.host);
  if (container === null || (host === null && parts.host !== '' && parts.host !== '0'))
    return complain(`not a port: ${shown} — ${EXPECTED}; ports go from 1 to 65535`);
  if (parts.hostIp !== '' && !ADDRESS.test(parts.hostIp))
    return complain(
      `not an address: ${quote(parts.hostIp)} — write the IP address of the host, e.g. 127.0.0.1`,
    );
  const { protocol } = parts;
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp')
    return complain(`not a protocol: ${quote(protocol)} — expected tcp, udp or sctp`);
  const size = container.last - container.first + 1;
  if (host !== null && size > 1 && host.last - host.first + 1 !== size)
    return complain(`ranges of different size: ${shown} — give both the same number of ports`);
  if (size > MAX_PORTS) return complain(`${size} ports; at most ${MAX_PORTS} can be published`);
  return Array.from({ length: size }, (_, offset) => ({
    containerPort: container.first + offset,
    protocol,
    hostIp: parts.hostIp,
    hostPorts: hostPortsOf(host, size, offset),
  }));
}

function hostPortsOf(host: Range | null, size: number, offset: number): Range | null {
  if (host === null || size === 1) return host;
  return { first: host.first + offset, last: host.first + offset };
}

function longForm(entry: Exclude<PortEntry, string | number>): PortParts {
  return {
    hostIp: entry.host_ip ?? '',
    host: String(entry.published ?? ''),
    container: String(entry.target),
    protocol: entry.protocol ?? 'tcp',
  };
}

function shortForm(text: string): PortParts {
  const slash = text.lastIndexOf('/');
  const protocol = slash === -1 ? 'tcp' : text.slice(slash + 1).toLowerCase();
  const [container = '', host = '', ...ip] = (slash === -1 ? text : text.slice(0, slash))
    .split(':')
    .reverse();
  const hostIp = ip
    .reverse()
    .join(':')
    .replace(/^\[(.*)\]$/, '$1');
  return { hostIp, host, container, protocol };
}

function parseRange(text: string): Range | null {
  const found = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (found === null) return null;
  const first = Number(found[1]);
  const last = Number(found[2] ?? found[1]);
  return first >= 1 && last <= 65_535 && first <= last ? { first, last } : null;
}
