// Owns: the order in which an engine is looked for, and the forms of its address.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endpointText, findEndpoint } from '../../../src/adapters/docker/endpoint.js';

let home = '';
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'alicia-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), content);
}

/** Stores a context and makes it current. */
async function useContext(name: string, docker: object, isStored = true): Promise<string> {
  const folder = createHash('sha256').update(name).digest('hex');
  await write('.docker/config.json', JSON.stringify({ currentContext: name }));
  const meta = JSON.stringify({ Name: name, Endpoints: { docker } });
  if (isStored) await write(`.docker/contexts/meta/${folder}/meta.json`, meta);
  return folder;
}

const find = (dockerHost: string | null, environment: Readonly<Record<string, string>> = {}) =>
  findEndpoint({ dockerHost, environment, home });

describe('where the engine is looked for', () => {
  it('must be the option before DOCKER_HOST before the context', async () => {
    await useContext('remote', { Host: 'unix:///context.sock' });
    const environment = { DOCKER_HOST: 'unix:///environment.sock' };
    expect(await find('unix:///option.sock', environment)).toEqual({ kind: 'socket', path: '/option.sock' });
    expect(await find(null, environment)).toEqual({ kind: 'socket', path: '/environment.sock' });
    expect(await find(null)).toEqual({ kind: 'socket', path: '/context.sock' });
  });

  it('must be the context that DOCKER_CONTEXT names, and none for the default one', async () => {
    await useContext('remote', { Host: 'unix:///remote.sock' });
    await useContext('other', { Host: 'unix:///other.sock' });
    expect(await find(null, { DOCKER_CONTEXT: 'remote' })).toMatchObject({ path: '/remote.sock' });
    expect(await find(null, { DOCKER_CONTEXT: 'default' })).not.toMatchObject({ path: '/other.sock' });
  });

  it('must be said to be wrong when the current context is not stored', async () => {
    await useContext('lost', {}, false);
    await expect(find(null)).rejects.toMatchObject({ failure: { code: 'unreachable' } });
    await expect(find(null)).rejects.toThrow('the Docker context "lost"');
  });

  it('must be a usual socket, and the standard one where there is none', async () => {
    await write('run/docker.sock', '');
    const found = await find(null, { XDG_RUNTIME_DIR: join(home, 'run') });
    expect(['/var/run/docker.sock', join(home, 'run/docker.sock')]).toContain(
      found.kind === 'socket' && found.path,
    );
  });

  it('must use the certificates of a context', async () => {
    const folder = await useContext('secure', { Host: 'tcp://d.example:2376', SkipTLSVerify: true });
    await write(`.docker/contexts/tls/${folder}/docker/ca.pem`, 'CA');
    expect(await find(null)).toEqual({
      kind: 'tcp',
      host: 'd.example',
      port: 2376,
      tls: { ca: 'CA', cert: null, key: null, verify: false },
    });
  });
});

describe('the address of an engine', () => {
  const plain = { kind: 'tcp', host: 'd.example', tls: null };
  it.each([
    ['unix:///run/d.sock', { kind: 'socket', path: '/run/d.sock' }],
    ['/run/d.sock', { kind: 'socket', path: '/run/d.sock' }],
    ['unix://', { kind: 'socket', path: '/var/run/docker.sock' }],
    ['tcp://d.example', { ...plain, port: 2375 }],
    ['d.example:4000', { ...plain, port: 4000 }],
    ['http://d.example', { ...plain, port: 80 }],
    ['http://d.example:80', { ...plain, port: 80 }],
    ['tcp://[::1]:2375', { ...plain, host: '[::1]', port: 2375 }],
    ['ssh://me@d.example', { kind: 'ssh', host: 'd.example', port: 22, username: 'me' }],
    ['ssh://me@d.example:2222', { kind: 'ssh', port: 2222 }],
  ])('must be understood: %s', async (text, endpoint) => {
    expect(await find(text)).toMatchObject(endpoint);
  });

  it('must be secured by https, the secure port, or DOCKER_TLS_VERIFY', async () => {
    await write('certs/ca.pem', 'CA');
    const environment = { DOCKER_CERT_PATH: join(home, 'certs') };
    const tls = { ca: 'CA', cert: null, key: null, verify: true };
    expect(await find('https://d.example', environment)).toMatchObject({ port: 443, tls });
    expect(await find('tcp://d.example:2376', environment)).toMatchObject({ port: 2376, tls });
    const verified = await find('tcp://d.example', { ...environment, DOCKER_TLS_VERIFY: '1' });
    expect(verified).toMatchObject({ port: 2376, tls });
  });

  it.each(['fd://', 'ftp://d.example', 'tcp://', '::::'])('must be refused otherwise: %s', async (text) => {
    await expect(find(text)).rejects.toMatchObject({ failure: { code: 'unreachable' } });
    await expect(find(text)).rejects.toThrow('--docker-host');
  });

  it('must be shown without credentials', async () => {
    expect(endpointText(await find('ssh://me:secret@d.example'))).toBe('ssh://d.example:22');
    expect(endpointText(await find('unix:///run/d.sock'))).toBe('unix:///run/d.sock');
  });
});
