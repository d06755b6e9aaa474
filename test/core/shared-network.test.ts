// Owns: whose network a new container shares, where several could lend theirs.
import { describe, expect, test } from 'vitest';
import { pass } from '../support/decision.js';
import { sha256 } from '../support/decision-desired.js';

/** By slot of the new container: the word of the container whose network it is given. */
function lenders(vpn: readonly string[], { vpns = 1, webs = 1 } = {}): Readonly<Record<number, string>> {
  const manifests = `vpn: {image: vpn:1, replicas: ${vpns}}\nweb: {image: web:1, replicas: ${webs}, network_mode: "service:vpn"}`;
  const words = vpn.flatMap((line) => /id=(\w+)/.exec(line)?.[1] ?? []);
  const { steps } = pass({ manifests, docker: vpn.join('\n') });
  return Object.fromEntries(
    steps.flatMap((step) =>
      step.kind === 'createContainer'
        ? [[step.slot, words.find((word) => sha256(word) === step.draft.networkOf) ?? 'none']]
        : [],
    ),
  );
}

describe('2.4 the network of a new container', () => {
  const both = (vpn: readonly string[], replicas = {}): readonly unknown[] => [
    lenders(vpn, replicas),
    lenders([...vpn].reverse(), replicas),
  ];
  const same = (found: Readonly<Record<number, string>>): readonly unknown[] => [found, found];

  test('2.4 must be that of its counterpart, and where there is none of the lowest', () => {
    const vpn = ['vpn-1 running id=a', 'vpn-2 running id=b'];
    expect(both(vpn, { vpns: 2, webs: 3 })).toEqual(same({ 1: 'a', 2: 'b', 3: 'a' }));
    expect(both(vpn, { vpns: 2, webs: 1 })).toEqual(same({ 1: 'a' }));
  });

  test('2.4 must be that of the newest of a slot, whatever the order of the list: the older one is about to go', () => {
    expect(both(['vpn-1 running id=a age=100', 'vpn-1 running other id=b age=900'])).toEqual(
      same({ 1: 'a' }),
    );
    expect(both(['vpn-1 running id=a age=100', 'vpn-1 running id=b age=900'])).toEqual(same({ 1: 'a' }));
  });

  test('2.4 must be that of one that runs, however new the others are', () => {
    expect(both(['vpn-1 running id=a age=900', 'vpn-1-old other exited id=b age=100'])).toEqual(
      same({ 1: 'a' }),
    );
  });

  test('2.4 must be the same in every process where two are as old', () => {
    const [lower, higher] = ['a', 'b'].sort((a, b) => (sha256(a) < sha256(b) ? -1 : 1));
    expect(both([`vpn-1 running id=${higher} age=9`, `vpn-1 running id=${lower} age=9`])).toEqual(
      same({ 1: lower ?? '' }),
    );
  });
});
