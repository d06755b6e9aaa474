/**
 * A container's ends in its networks against the declared ones.
 * Owns: what is missing, what is wrong, and in which order it is mended. Must not know: when a container may start.
 */
import type { ContainerSpec, NetworkAttachment } from '../model/desired.js';
import {
  isLive,
  type ObservedContainer,
  type ObservedEndpoint,
  type ObservedNetwork,
} from '../model/observed.js';
import type { Move } from './move.js';

/** The networks as they are, and those that are about to be made anew. */
export interface NetworkView {
  readonly networks: ReadonlyMap<string, ObservedNetwork>;
  /** By name; nothing is attached to these. */
  readonly renewing: ReadonlySet<string>;
}

/** The first thing to mend, one call a time; null: all ends are as declared. */
export function attachmentMove(
  target: ObservedContainer,
  { container: { networks } }: { readonly container: Pick<ContainerSpec, 'networks'> },
  view: NetworkView,
): Move | null {
  for (const attachment of networks) {
    const { network } = attachment;
    const wrong = wrongWith(target, attachment, view);
    if (wrong !== null) return { do: 'disconnect', target, network, ...wrong };
    const isThere = target.endpoints.some((endpoint) => endpoint.network === network);
    if (isThere) continue;
    if (view.renewing.has(network) || !view.networks.has(network))
      return { do: 'wait', because: 'supply', why: `network ${network} is made anew`, recheckAtMs: null };
    return { do: 'connect', target, attachment, why: `not on ${network}` };
  }
  return null;
}

/** Takes a container off a network that is about to be made anew, whether it is declared or not; null: it is on none. */
export function detachMove(target: ObservedContainer, { renewing }: NetworkView): Move | null {
  const endpoint = target.endpoints.find(({ network }) => renewing.has(network));
  if (endpoint === undefined) return null;
  const { network } = endpoint;
  return { do: 'disconnect', target, network, because: 'renewal', why: `network ${network} is made anew` };
}

/** Why an end has to be taken off before it can be put right; null: it is right, or there is none. */
function wrongWith(
  container: ObservedContainer,
  attachment: NetworkAttachment,
  { networks }: NetworkView,
): { readonly because: 'renewal' | 'wrong'; readonly why: string } | null {
  const endpoint = container.endpoints.find(({ network }) => network === attachment.network);
  const present = networks.get(attachment.network);
  if (endpoint === undefined || present === undefined) return null;
  // Before the first start Docker shows no id, and what it shows otherwise is not whole.
  if (endpoint.networkId !== '' && endpoint.networkId !== present.id)
    return { because: 'renewal', why: `its network ${attachment.network} was made anew` };
  if (!isLive(container) || endpoint.networkId === '' || isPredefined(attachment.network)) return null;
  const missing = attachment.aliases.find((alias) => !endpoint.aliases.includes(alias));
  if (missing !== undefined)
    return { because: 'wrong', why: `lacks its alias ${missing} on ${attachment.network}` };
  if (!hasOtherAddress(endpoint, attachment)) return null;
  return { because: 'wrong', why: `lacks its fixed address on ${attachment.network}` };
}

/** Docker's own networks take no aliases. */
const isPredefined = (network: string): boolean => ['bridge', 'host', 'none'].includes(network);

const hasOtherAddress = (endpoint: ObservedEndpoint, attachment: NetworkAttachment): boolean =>
  (attachment.ipv4Address !== null && attachment.ipv4Address !== endpoint.fixedIpv4) ||
  (attachment.ipv6Address !== null && attachment.ipv6Address !== endpoint.fixedIpv6);
