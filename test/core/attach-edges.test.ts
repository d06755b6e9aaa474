// Owns: what of a container's end in a network counts as wrong, and of which containers.
import { describe, expect, test } from 'vitest';
import { attachmentMove } from '../../src/core/attach.js';
import type { NetworkAttachment } from '../../src/model/desired.js';
import { serviceName } from '../../src/model/ids.js';
import type { ObservedEndpoint } from '../../src/model/observed.js';
import { contextOf, linesOf } from '../support/decision.js';

const FRONT = 'alicia_front';
const manifests = '{web: {image: web:1, networks: [front]}, networks: {front: {}}}';

/** Why the end of a container is taken off that Docker shows so; null: it is left. */
function wrong(
  shown: Partial<ObservedEndpoint>,
  declared: Partial<NetworkAttachment> = {},
  { network = FRONT, docker = 'web-1 running' } = {},
): string | null {
  const { observed } = contextOf({ manifests, docker, networks: [network] });
  const [container] = observed.services.get(serviceName('web')) ?? [];
  if (container === undefined) throw new Error('no web');
  const attachment: NetworkAttachment = {
    network,
    aliases: ['web'],
    ipv4Address: null,
    ipv6Address: null,
    ...declared,
  };
  const endpoint: ObservedEndpoint = {
    network,
    networkId: `id of ${network}`,
    aliases: ['web'],
    ipAddress: '172.20.0.2',
    fixedIpv4: null,
    fixedIpv6: null,
    ...shown,
  };
  const target = { ...container, endpoints: [endpoint] };
  const view = { networks: observed.networks, renewing: new Set<string>() };
  const move = attachmentMove(target, { container: { networks: [attachment] } }, view);
  if (move === null) return null;
  expect(move).toMatchObject({ do: 'disconnect', because: 'wrong', network });
  return 'why' in move ? move.why : '';
}

describe('3.3b fixed addresses', () => {
  const V4 = '172.20.0.9';
  const V6 = 'fd00::9';
  const LACKS = `lacks its fixed address on ${FRONT}`;

  test.each([
    ['an IPv4 one that is another', { fixedIpv4: '172.20.0.8' }, { ipv4Address: V4 }],
    ['an IPv4 one that is missing', {}, { ipv4Address: V4 }],
    ['an IPv6 one that is another', { fixedIpv6: 'fd00::8' }, { ipv6Address: V6 }],
    ['an IPv6 one beside an IPv4 one that is right', { fixedIpv4: V4 }, { ipv4Address: V4, ipv6Address: V6 }],
    ['an IPv4 one beside an IPv6 one that is right', { fixedIpv6: V6 }, { ipv4Address: V4, ipv6Address: V6 }],
  ])('3.3b %s must be mended', (_, shown, declared) => {
    expect(wrong(shown, declared)).toBe(LACKS);
  });

  test('3.3b those that are as declared must be left', () => {
    expect(wrong({})).toBe(null);
    expect(wrong({ fixedIpv4: V4 }, { ipv4Address: V4 })).toBe(null);
    expect(wrong({ fixedIpv6: V6 }, { ipv6Address: V6 })).toBe(null);
    expect(wrong({ fixedIpv4: V4, fixedIpv6: V6 }, { ipv4Address: V4, ipv6Address: V6 })).toBe(null);
  });

  test('3.3b one that is not declared must be left as it is', () => {
    expect(wrong({ fixedIpv4: V4, fixedIpv6: V6 })).toBe(null);
  });
});

describe('3.3b aliases', () => {
  test('3.3b must be looked for once Docker shows the network, and only where it takes any', () => {
    expect(wrong({ aliases: [] })).toBe(`lacks its alias web on ${FRONT}`);
    expect(wrong({ aliases: [], networkId: '' })).toBe(null);
    expect(wrong({ aliases: [] }, {}, { network: 'bridge' })).toBe(null);
  });

  test('3.3b of a container at rest must say nothing: it is started as it is', () => {
    expect(wrong({ aliases: [] }, {}, { docker: 'web-1 exited' })).toBe(null);
    expect(linesOf({ manifests, docker: `web-1 created noalias=${FRONT}` })).toEqual([
      'start container web-1  created, not yet started',
    ]);
  });
});
