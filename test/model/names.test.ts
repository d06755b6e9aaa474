// Owns: names of containers.
import { expect, test } from 'vitest';
import { serviceName, shortHash, specHash } from '../../src/model/ids.js';
import { containerNameOf, replicaLabel, roleOfName, withoutRole } from '../../src/model/names.js';

const hash = specHash(`v1:1a2b3c4d${'0'.repeat(56)}`);
const web = { name: serviceName('web'), containerName: null, replicas: 2, hash };

test('contract 2: a name must say project, service, slot and spec', () => {
  expect(containerNameOf('alicia', web, 2)).toBe('alicia-web-2-1a2b3c4d');
});

test('contract 2: container_name must be taken literally with one replica, as a prefix with more', () => {
  const named = { ...web, containerName: 'door' };
  expect(containerNameOf('alicia', { ...named, replicas: 1 }, 1)).toBe('door');
  expect(containerNameOf('alicia', named, 2)).toBe('door-2-1a2b3c4d');
});

test.each([
  ['alicia-web-1-1a2b3c4d', 'plain', 'alicia-web-1-1a2b3c4d'],
  ['alicia-web-1-1a2b3c4d-old', 'old', 'alicia-web-1-1a2b3c4d'],
  ['alicia-web-1-1a2b3c4d-failed', 'failed', 'alicia-web-1-1a2b3c4d'],
  ['alicia-web-1-1a2b3c4d-stuck-00ff', 'stuck', 'alicia-web-1-1a2b3c4d'],
  ['older', 'plain', 'older'],
  ['web-stuck-xyz', 'plain', 'web-stuck-xyz'],
])('4.5 the name is the verdict: %s is %s', (name, role, plain) => {
  expect(roleOfName(name)).toBe(role);
  expect(withoutRole(name)).toBe(plain);
});

test('people must be told of a replica by service and slot', () => {
  expect(replicaLabel(serviceName('stt'), 1)).toBe('stt-1');
});

test('contract 2: the short form of a hash must leave its version out', () => {
  expect(shortHash(hash)).toBe('1a2b3c4d');
});
