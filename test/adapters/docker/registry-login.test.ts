// Owns: that a reference names the right registry, tag and login.
import { describe, expect, it } from 'vitest';
import { loginOf, registryOf, splitReference } from '../../../src/adapters/docker/registry-login.js';

const digest = `sha256:${'a'.repeat(64)}`;
const encoded = (pair: string): string => Buffer.from(pair).toString('base64');

describe('a reference', () => {
  it.each([
    ['redis', 'redis', 'latest'],
    ['redis:7.4', 'redis', '7.4'],
    ['localhost:5000/app', 'localhost:5000/app', 'latest'],
    ['localhost:5000/app:1', 'localhost:5000/app', '1'],
    [`redis@${digest}`, 'redis', digest],
    [`registry:5000/redis:7.4@${digest}`, 'registry:5000/redis', digest],
  ])('must be split into name and tag: %s', (reference, name, tag) => {
    expect(splitReference(reference)).toEqual({ name, tag });
  });

  it.each([
    ['redis', 'docker.io'],
    ['library/redis', 'docker.io'],
    ['ghcr.io/team/app', 'ghcr.io'],
    ['localhost/app', 'localhost'],
    ['registry:5000/app', 'registry:5000'],
  ])('must name its registry: %s', (reference, registry) => {
    expect(registryOf(reference)).toBe(registry);
  });
});

describe('a login', () => {
  const config = {
    auths: {
      'https://index.docker.io/v1/': { auth: encoded('me:with:colons') },
      'ghcr.io': { identitytoken: 'token' },
      'registry:5000': {},
    },
  };

  it('must be found for the registry of the image alone', () => {
    expect(loginOf('redis', config)).toEqual({
      username: 'me',
      password: 'with:colons',
      serveraddress: 'https://index.docker.io/v1/',
    });
    expect(loginOf('ghcr.io/app', config)).toEqual({ identitytoken: 'token', serveraddress: 'ghcr.io' });
    expect(loginOf('quay.io/app', config)).toBeNull();
  });

  it('must be none where a credential helper holds it, or the file is not readable', () => {
    expect(loginOf('registry:5000/app', config)).toBeNull();
    expect(loginOf('redis', undefined)).toBeNull();
    expect(loginOf('redis', { auths: [] })).toBeNull();
  });
});
