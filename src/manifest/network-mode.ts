/**
 * Where the network of a container comes from.
 * Owns: the words of `network_mode`, and what cannot be beside each of them. Must not know: which services exist.
 */
import type { NetworkMode, PortMapping } from '../model/desired.js';
import { serviceName } from '../model/ids.js';
import type { Probe } from '../model/probe.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import { didYouMean } from './suggest.js';

const PATH = ['spec', 'network_mode'];
const WORDS = ['bridge', 'host', 'none'] as const;
const SERVICE = 'service:';

/** The mode; `networks` when none is given, and after saying that it is none. */
export function resolveNetworkMode(scope: Scope, text: string | undefined): NetworkMode {
  if (text === undefined) return { kind: 'networks' };
  if (text === 'host')
    scope.ask({
      ...{ path: PATH, word: { kind: 'host-network', value: null }, mend: '' },
      why: 'uses the network of the host',
    });
  for (const kind of WORDS) if (text === kind) return { kind };
  if (text.startsWith(SERVICE) && text !== SERVICE)
    return { kind: 'service', service: serviceName(text.slice(SERVICE.length)) };
  if (text.startsWith('container:'))
    scope.error(
      PATH,
      'UNSUPPORTED',
      `${quote(text)} is not supported by this version yet — declare that container as a service, and name it: service:<name>`,
    );
  else {
    const mend = didYouMean(text, WORDS) || ' — a network of a manifest is named in networks';
    scope.error(
      PATH,
      'BAD_VALUE',
      `expected bridge, host, none or service:<name>, got ${quote(text)}${mend}`,
    );
  }
  return { kind: 'networks' };
}

/** What has no meaning without a network of the container's own. */
export function checkNetworkMode(
  scope: Scope,
  mode: NetworkMode,
  beside: { readonly ports: readonly PortMapping[]; readonly probes: readonly Probe[] },
): void {
  if (beside.ports.length > 0 && mode.kind !== 'networks' && mode.kind !== 'bridge') {
    const text = `cannot be published with network_mode ${renderNetworkMode(mode)} — ${mendOfPorts(mode)}`;
    scope.error(['spec', 'ports'], 'BAD_VALUE', text);
  }
  if (mode.kind !== 'none') return;
  for (const [index, { action }] of beside.probes.entries()) {
    if (action.kind !== 'http' && action.kind !== 'tcp') continue;
    const text = 'cannot reach a container without a network (network_mode none) — use exec or mqtt';
    scope.error(['spec', 'probes', index, action.kind], 'BAD_VALUE', text);
  }
}

const renderNetworkMode = (mode: NetworkMode): string =>
  mode.kind === 'service' ? `${SERVICE}${mode.service}` : mode.kind;

function mendOfPorts(mode: NetworkMode): string {
  if (mode.kind === 'service') return `publish them in "${mode.service}"`;
  if (mode.kind === 'host') return 'remove them: what the container listens on is open on the host';
  return 'remove them, or remove network_mode';
}
