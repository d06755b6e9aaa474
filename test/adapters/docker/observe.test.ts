// Owns: that what real engines answer (recorded from 20.10 in inspects/) is translated without loss.
import { describe, expect, it } from 'vitest';
import { epochMs, otherFromList, sightingOf } from '../../../src/adapters/docker/observe.js';
import { imageOf, networkOf, volumeOf } from '../../../src/adapters/docker/observe-objects.js';
import type { OtherContainer } from '../../../src/model/observed.js';
import { changed, oursOf, type Raw, recorded } from './recordings.js';

describe('a container of ours', () => {
  it('must show a created one: nothing has happened yet', () => {
    expect(oursOf(recorded('created'))).toMatchObject({
      name: 'alicia-rec-created',
      status: 'created',
      startedAt: null,
      finishedAt: null,
      pid: 0,
      error: '',
      health: { status: 'none' },
      check: null,
      stopGraceMs: null,
      restartPolicy: { name: 'no', maximumRetryCount: 0 },
      networkMode: 'alicia-rec-net',
      endpoints: [{ network: 'alicia-rec-net', networkId: '', aliases: ['web'], ipAddress: '' }],
      ports: {},
    });
  });

  it('must show all of a running and healthy one', () => {
    const container = oursOf(recorded('healthy'));
    expect(container).toMatchObject({
      owned: {
        project: 'demo',
        service: 'web',
        slot: 1,
        hash: 'v1:aa',
        dependsOn: ['bus', 'cache'],
        prune: true,
      },
      status: 'running',
      createdAt: expect.any(Number),
      startedAt: Date.parse('2026-11-23T21:13:35.941Z'),
      finishedAt: null,
      restartPolicy: { name: 'unless-stopped', maximumRetryCount: 0 },
      health: { status: 'healthy', failingStreak: 0, lastOutput: 'fine\n' },
      check: { intervalMs: 1000, timeoutMs: 2000, retries: 4, startPeriodMs: 3000, startIntervalMs: 5000 },
      stopGraceMs: 20_000,
      image: 'tb',
      imageId: 'sha256:a447657d0b0511634fe82239eaf887a99ed02d277daba4a5e9b657f82fbc1f2c',
      imageVersion: '1.8',
      ports: { '80/tcp': 39555, '81/udp': 39556 },
      mounts: [
        { kind: 'volume', source: 'alicia-rec-vol', target: '/data', readOnly: false },
        { kind: 'bind', source: '/tmp', target: '/host', readOnly: true },
      ],
    });
    expect(container.endpoints).toEqual([
      {
        network: 'alicia-rec-net',
        networkId: '302643cdcb953c492178f9c76c4888b618512522a6279aeea535554c91640553',
        aliases: ['app', 'web'],
        ipAddress: '172.30.0.2',
        fixedIpv4: null,
        fixedIpv6: null,
      },
    ]);
  });

  it('must show an unhealthy one with what its check said', () => {
    const { health, check } = oursOf(recorded('unhealthy'));
    expect(health).toMatchObject({ status: 'unhealthy', lastOutput: 'broken\n' });
    expect(health.failingStreak).toBeGreaterThan(0);
    expect(check).toMatchObject({ timeoutMs: 30_000, retries: 1, startPeriodMs: 0 });
  });

  it('must show an exited one with its exit code and times', () => {
    const container = oursOf(recorded('exited'));
    expect(container).toMatchObject({
      status: 'exited',
      exitCode: 3,
      restartCount: 1,
      restartPolicy: { name: 'on-failure', maximumRetryCount: 1 },
      ports: {},
    });
    expect(container.finishedAt ?? 0).toBeGreaterThanOrEqual(container.startedAt ?? 0);
  });

  it('6.1 must show a restarting one by its status, although Docker calls it running too', () => {
    const container = oursOf(recorded('restarting'));
    expect((recorded('restarting').State as Raw).Running).toBe(true);
    expect(container).toMatchObject({ status: 'restarting', exitCode: 1, ports: {} });
    expect(container.restartCount).toBeGreaterThan(0);
  });

  it('must show a paused one without health', () => {
    const container = oursOf(recorded('paused'));
    expect(container).toMatchObject({ status: 'paused', health: { status: 'none' } });
    expect(container.check).not.toBeNull();
  });

  it('must show why a start failed', () => {
    const container = oursOf(recorded('failed'));
    expect(container).toMatchObject({ status: 'created', startedAt: null });
    expect(container.error).toContain('port is already allocated');
  });

  it('must not take a disabled check for one', () => {
    const raw = changed('healthy', 'Config', { Healthcheck: { Test: ['NONE'] } });
    expect(oursOf(raw)).toMatchObject({ check: null, health: { status: 'none' } });
  });

  it('6.4 must not believe an unhealthy that no check since the start has earned', () => {
    const state = recorded('unhealthy').State as Raw;
    const unearned = changed('unhealthy', 'State', {
      Health: { ...(state.Health as Raw), FailingStreak: 0 },
    });
    const stale = changed('unhealthy', 'State', { StartedAt: '2030-01-01T00:00:00Z' });
    expect(oursOf(unearned).health.status).toBe('starting');
    expect(oursOf(stale).health.status).toBe('starting');
  });

  it('3.3b must keep all aliases where Docker no longer lists the short id (API 1.45)', () => {
    const networks = {
      n: { Aliases: ['web'], DNSNames: ['web', '5e2572a26c52'], NetworkID: '1', IPAddress: '' },
    };
    const raw = changed('healthy', 'NetworkSettings', { Networks: networks });
    expect(oursOf(raw).endpoints[0]?.aliases).toEqual(['web']);
  });

  it('must be identified by the manifest of its platform where Docker tells it', () => {
    const raw = { ...recorded('healthy'), ImageManifestDescriptor: { digest: 'sha256:platform' } };
    expect(oursOf(raw).imageId).toBe('sha256:platform');
  });
});

describe('a container that is not ours', () => {
  it('must say whose it is and what it holds, and say the same from the list', () => {
    const sighting = sightingOf(recorded('other'), 'demo', {});
    const container: Partial<OtherContainer> = {
      name: 'alicia-rec-other',
      running: true,
      hostPorts: [
        { ip: '0.0.0.0', port: 39557, protocol: 'tcp' },
        { ip: '::', port: 39557, protocol: 'tcp' },
        { ip: '127.0.0.1', port: 39558, protocol: 'tcp' },
      ],
      networks: ['bridge'],
      composeProject: 'blog',
      composeService: 'db',
      aliciaProject: 'elsewhere',
    };
    expect(sighting).toMatchObject({ kind: 'other', container });
    const list = recorded('list') as unknown as readonly Raw[];
    const entry = list.find(({ Names }) => (Names as string[])[0] === '/alicia-rec-other');
    expect(otherFromList(entry, { project: 'demo', devices: [] })).toEqual(sighting.container);
  });

  it('9.2 must hold its devices, beside what it writes to, and say the same from the list that asks for them', () => {
    const Mounts = [{ Type: 'volume', Name: 'data', Destination: '/data', RW: true }];
    const Devices = [
      { PathOnHost: '/dev/ttyUSB0', PathInContainer: '/dev/tty', CgroupPermissions: 'rwm' },
      {},
    ];
    const held = { writes: ['/dev/ttyUSB0', 'data'] };
    const entry = { Id: 'a', Names: ['/a'], Mounts };
    const sighting = sightingOf({ ...entry, Name: '/a', HostConfig: { Devices } }, 'demo', {});
    expect(sighting.container).toMatchObject(held);
    expect(otherFromList(entry, { project: 'demo', devices: ['/dev/ttyUSB0'] })).toMatchObject(held);
  });

  it('9.1 must be told from ours by the project', () => {
    expect(sightingOf(recorded('healthy'), 'another', {}).kind).toBe('other');
  });

  it('9.1 must be told from ours when its labels are those of its image', () => {
    const labels = (recorded('healthy').Config as { Labels: Record<string, string> }).Labels;
    const sighting = sightingOf(recorded('healthy'), 'demo', labels);
    expect(sighting).toMatchObject({ kind: 'other', container: { aliciaProject: null } });
    const otherSlot = { ...labels, 'io.alicia.slot': '2' };
    expect(sightingOf(recorded('healthy'), 'demo', otherSlot).kind).toBe('ours');
  });

  it('must be named by its own name and not by a link', () => {
    expect(otherFromList({ Id: 'a', Names: ['/app/db', '/db'] }, { project: 'demo', devices: [] }).name).toBe(
      'db',
    );
  });
});

describe('anything else', () => {
  it('must be translated without a failure, whatever it is', () => {
    for (const value of [
      null,
      undefined,
      'text',
      7,
      [],
      {},
      { State: 'up', Config: [], NetworkSettings: 1 },
    ]) {
      expect(sightingOf(value, 'demo', {}).kind).toBe('other');
      expect(networkOf(value).name).toBe('');
      expect(volumeOf(value).name).toBe('');
      expect(imageOf(value).id).toBe('');
    }
  });

  it('must read times, and null for never', () => {
    expect(epochMs('2026-01-31T12:00:00.123456789Z')).toBe(Date.UTC(2026, 0, 31, 12, 0, 0, 123));
    expect(epochMs('2026-01-31T13:00:00.5+01:00')).toBe(Date.UTC(2026, 0, 31, 12, 0, 0, 500));
    expect(epochMs('0001-01-01T00:00:00Z')).toBeNull();
    expect(epochMs('')).toBeNull();
  });

  it('must tell an image by its platform, its version and its check', () => {
    expect(imageOf(recorded('image'))).toEqual({
      id: 'sha256:a447657d0b0511634fe82239eaf887a99ed02d277daba4a5e9b657f82fbc1f2c',
      version: null,
      hasHealthcheck: false,
    });
    const platform = { os: 'linux', architecture: 'amd64' };
    const manifests = [
      {
        Kind: 'image',
        Descriptor: { digest: 'sha256:arm' },
        ImageData: { Platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      },
      { Kind: 'attestation', Descriptor: { digest: 'sha256:att' } },
      { Kind: 'image', Descriptor: { digest: 'sha256:amd' }, ImageData: { Platform: platform } },
    ];
    const config = {
      Labels: { 'org.opencontainers.image.version': '7.4' },
      Healthcheck: { Test: ['CMD', 'true'] },
    };
    const image = {
      Id: 'sha256:index',
      Os: 'linux',
      Architecture: 'amd64',
      Config: config,
      Manifests: manifests,
    };
    expect(imageOf(image)).toEqual({ id: 'sha256:amd', version: '7.4', hasHealthcheck: true });
  });

  it('must tell whose a network and a volume are', () => {
    const labels = { 'io.alicia.project': 'demo', 'io.alicia.hash': 'v1:aa' };
    expect(networkOf({ Id: '1', Name: 'n', Driver: 'bridge', Labels: labels })).toEqual({
      id: '1',
      name: 'n',
      driver: 'bridge',
      project: 'demo',
      hash: 'v1:aa',
    });
    expect(volumeOf({ Name: 'v', Driver: 'local', Labels: null })).toEqual({
      name: 'v',
      driver: 'local',
      project: null,
      hash: null,
    });
  });
});
