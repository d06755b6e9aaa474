/**
 * The networks that a service joins.
 * Owns: list and map form, aliases, order. Must not know: which networks exist.
 */
import type { NetworkAttachment, NetworkMode } from '../model/desired.js';
import { compareText } from '../model/problem.js';
import type { NetworkEntry, ServiceSpec } from './generated/manifest-types.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';

const IPV4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const IPV6 = /^(?=.*:.*:)[0-9a-fA-F:]+(\d{1,3}(\.\d{1,3}){3})?$/;

/**
 * Networks by the names of their manifests, the highest priority first; a service that names none joins `networkName`,
 * unless its `mode` gives it another network.
 */
export function resolveAttachments(
  scope: Scope,
  spec: ServiceSpec,
  names: { readonly service: string; readonly networkName: string; readonly mode: NetworkMode },
): readonly NetworkAttachment[] {
  const declared = entriesOf(spec.networks);
  if (names.mode.kind !== 'networks') {
    if (declared.length > 0)
      scope.error(
        ['spec', 'network_mode'],
        'BAD_VALUE',
        'cannot be given with networks — remove one of them',
      );
    return [];
  }
  const entries = declared.length === 0 ? [[names.networkName, null] as const] : declared;
  return entries
    .map(([network, entry]) => ({
      entry,
      attachment: attachmentOf(scope, { network, entry, service: names.service }),
    }))
    .sort(
      (a, b) =>
        (b.entry?.priority ?? 0) - (a.entry?.priority ?? 0) ||
        compareText(a.attachment.network, b.attachment.network),
    )
    .map(({ attachment }) => attachment);
}

function entriesOf(networks: ServiceSpec['networks']): readonly (readonly [string, NetworkEntry])[] {
  if (networks === undefined || networks === null) return [];
  if (Array.isArray(networks)) return [...new Set(networks)].map((network) => [network, null]);
  return Object.entries(networks);
}

function attachmentOf(
  scope: Scope,
  at: { readonly network: string; readonly entry: NetworkEntry; readonly service: string },
): NetworkAttachment {
  const { network, entry, service } = at;
  const address = (field: 'ipv4_address' | 'ipv6_address', form: RegExp): string | null => {
    const text = entry?.[field] ?? null;
    if (text !== null && !form.test(text))
      scope.error(['spec', 'networks', network, field], 'BAD_VALUE', `not an address: ${quote(text)}`);
    return text;
  };
  return {
    network,
    aliases: [...new Set([service, ...(entry?.aliases ?? [])])].sort(compareText),
    ipv4Address: address('ipv4_address', IPV4),
    ipv6Address: address('ipv6_address', IPV6),
  };
}
