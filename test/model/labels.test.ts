// Owns: the labels by which we know what is ours.
import { expect, test } from 'vitest';
import { serviceName, specHash } from '../../src/model/ids.js';
import { decodeLabels, encodeLabels, LABELS, type OwnedLabels } from '../../src/model/labels.js';

const owned: OwnedLabels = {
  project: 'alicia',
  service: serviceName('blog-db'),
  slot: 3,
  hash: specHash('v1:00ff'),
  image: 'sha256:1',
  dependsOn: [serviceName('bus'), serviceName('cache')],
  revision: 'r1',
  stack: 'blog',
  prune: false,
  anonymous: ['a'.repeat(64), 'b'.repeat(64)],
  source: { file: 'voice/all #1.yaml', number: 12 },
};

test('contract 2: what is written must be read back the same', () => {
  expect(decodeLabels(encodeLabels(owned))).toEqual(owned);
  const bare = { ...owned, dependsOn: [], stack: null, prune: true, image: '', anonymous: [], source: null };
  expect(decodeLabels(encodeLabels(bare))).toEqual(bare);
});

test('contract 2: every value must be a string', () => {
  for (const value of Object.values(encodeLabels(owned))) expect(typeof value).toBe('string');
});

test.each(['project', 'service', 'slot', 'hash'] as const)(
  '9.1 without the label %s a container must not be ours',
  (label) => {
    const labels = { ...encodeLabels(owned) };
    Reflect.deleteProperty(labels, LABELS[label]);
    expect(decodeLabels(labels)).toBeNull();
  },
);

test.each(['0', '-1', '1.5', 'one', ''])('9.1 with slot %s a container must not be ours', (slot) => {
  expect(decodeLabels({ ...encodeLabels(owned), [LABELS.slot]: slot })).toBeNull();
});

test.each(['web.yaml', 'web.yaml#', 'web.yaml#0', 'web.yaml#x', '#1', 'web.yaml#1234567', 'web.yaml#-1'])(
  '7.6 a place written %s must count as none',
  (text) => {
    expect(decodeLabels({ ...encodeLabels(owned), [LABELS.source]: text })?.source).toBeNull();
  },
);

test('7.6 a container without the label must count as one that may be pruned', () => {
  const labels = { ...encodeLabels(owned) };
  Reflect.deleteProperty(labels, LABELS.prune);
  expect(decodeLabels(labels)?.prune).toBe(true);
});
