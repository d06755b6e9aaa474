// Owns: that what is asked for reaches Docker in its own form, and nothing else does.
import { describe, expect, it } from 'vitest';
import {
  containerBody,
  endpointBody,
  networkBody,
  restartPolicyBody,
  updateBody,
  volumeBody,
  wholeSeconds,
} from '../../../src/adapters/docker/create-body.js';
import { containerId, serviceName, specHash } from '../../../src/model/ids.js';
import type { Isolation } from '../../../src/model/isolation.js';
import { keys } from '../../../src/model/step.js';
import { NO_LIMITS } from '../../support/no-limits.js';
import { draftFor } from './draft.js';

const attachment = { network: 'bus', aliases: ['web'], ipv4Address: null, ipv6Address: null };
const common = { service: null, slot: null, cause: 'a test', project: 'demo' };

describe('the body of a container', () => {
  it('must hold nothing that the spec leaves to the image', () => {
    expect(containerBody(draftFor('web'))).toEqual({
      Image: 'redis:7.4',
      Env: [],
      Labels: {
        'io.alicia.project': 'demo',
        'io.alicia.service': 'web',
        'io.alicia.slot': '1',
        'io.alicia.hash': 'v1:aa',
        'io.alicia.image': 'sha256:1',
        'io.alicia.depends-on': 'bus',
        'io.alicia.revision': 'r1',
        'io.alicia.prune': 'true',
      },
      ExposedPorts: {},
      HostConfig: {
        PortBindings: {},
        RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
        Mounts: [],
        Binds: [],
      },
    });
  });

  it('must hold commands, an empty one too, and the stop settings', () => {
    const body = containerBody(
      draftFor('web', { command: [], entrypoint: ['sh'], stopSignal: 'SIGINT', stopGraceMs: 1500 }),
    );
    expect(body).toMatchObject({ Cmd: [], Entrypoint: ['sh'], StopSignal: 'SIGINT', StopTimeout: 2 });
  });

  it('must open and close the walls of the container as written', () => {
    const isolation: Isolation = {
      ...{ privileged: true, pidMode: 'host', ipcMode: 'container:db', usernsMode: 'host' },
      devices: [{ source: '/dev/a', target: '/dev/b', permissions: 'rw' }],
      ...{ capAdd: ['NET_ADMIN'], capDrop: ['ALL'], sysctls: { 'net.a': '1' } },
      securityOptions: ['no-new-privileges=true', 'systempaths=unconfined'],
    };
    expect(containerBody(draftFor('web', { isolation })).HostConfig).toMatchObject({
      ...{ Privileged: true, PidMode: 'host', IpcMode: 'container:db', UsernsMode: 'host' },
      Devices: [{ PathOnHost: '/dev/a', PathInContainer: '/dev/b', CgroupPermissions: 'rw' }],
      ...{ CapAdd: ['NET_ADMIN'], CapDrop: ['ALL'], Sysctls: { 'net.a': '1' } },
      ...{ SecurityOpt: ['no-new-privileges=true'], MaskedPaths: [], ReadonlyPaths: [] },
    });
    const masked = { ...isolation, securityOptions: ['no-new-privileges=true'] };
    expect(containerBody(draftFor('web', { isolation: masked })).HostConfig).not.toHaveProperty(
      'MaskedPaths',
    );
  });

  it('must let our labels win over all others', () => {
    const draft = draftFor('web', { labels: { team: 'voice', 'io.alicia.slot': '9', extra: 'user' } });
    const body = containerBody({ ...draft, extraLabels: { extra: 'ours', 'io.alicia.project': 'x' } });
    expect(body.Labels).toMatchObject({
      team: 'voice',
      extra: 'ours',
      'io.alicia.slot': '1',
      'io.alicia.project': 'demo',
    });
  });

  it('must expose every port that it binds', () => {
    const port = { containerPort: 80, protocol: 'tcp', hostIp: '' } as const;
    const ports = [
      { ...port, hostPorts: { first: 8080, last: 8080 } },
      { ...port, hostIp: '127.0.0.1', hostPorts: { first: 9001, last: 9003 } },
      { ...port, containerPort: 53, protocol: 'udp', hostPorts: null },
    ] as const;
    const body = containerBody(draftFor('web', { ports }));
    expect(body.ExposedPorts).toEqual({ '80/tcp': {}, '53/udp': {} });
    expect(body.HostConfig).toMatchObject({
      PortBindings: {
        '80/tcp': [
          { HostIp: '', HostPort: '8080' },
          { HostIp: '127.0.0.1', HostPort: '9001-9003' },
        ],
        '53/udp': [{ HostIp: '', HostPort: '' }],
      },
    });
  });

  it('8.16 must join the first network alone, with its aliases and addresses', () => {
    const first = { ...attachment, ipv4Address: '10.0.0.5', ipv6Address: 'fd00::5' };
    const body = containerBody(draftFor('web', { networks: [first, { ...attachment, network: 'late' }] }));
    expect(body.HostConfig).toMatchObject({ NetworkMode: 'bus' });
    expect(body.NetworkingConfig).toEqual({
      EndpointsConfig: {
        bus: { Aliases: ['web'], IPAMConfig: { IPv4Address: '10.0.0.5', IPv6Address: 'fd00::5' } },
      },
    });
  });

  it("must not ask for aliases on Docker's own networks, which refuse them", () => {
    const body = containerBody(draftFor('web', { networks: [{ ...attachment, network: 'bridge' }] }));
    expect(body.HostConfig).toMatchObject({ NetworkMode: 'bridge' });
    expect(body.NetworkingConfig).toBeUndefined();
    expect(endpointBody({ ...attachment, network: 'bridge' })).toEqual({});
  });

  it('must let Docker make the source of a bind only where that is asked for', () => {
    const bind = { kind: 'bind', source: '/srv/a', target: '/a', readOnly: false } as const;
    const mounts = [
      { kind: 'volume', volume: 'data', target: '/data', readOnly: true },
      { ...bind, createSource: false },
      { ...bind, source: '/srv/b', target: '/b', createSource: true },
      { ...bind, source: '/srv/c', target: '/c', readOnly: true, createSource: true },
    ] as const;
    expect(containerBody(draftFor('web', { mounts })).HostConfig).toMatchObject({
      Mounts: [
        { Type: 'volume', Source: 'data', Target: '/data', ReadOnly: true },
        { Type: 'bind', Source: '/srv/a', Target: '/a', ReadOnly: false },
      ],
      Binds: ['/srv/b:/b', '/srv/c:/c:ro'],
    });
  });

  it('7.8 must bind the file of a secret or config to be read, and never have Docker make it', () => {
    const file = { kind: 'file', readOnly: true, digest: 'd1' } as const;
    const mounts = [{ ...file, source: '/srv/password.txt', target: '/run/secrets/password' }];
    const { HostConfig } = containerBody(draftFor('web', { mounts }));
    expect(HostConfig).toMatchObject({
      Mounts: [
        { Type: 'bind', Source: '/srv/password.txt', Target: '/run/secrets/password', ReadOnly: true },
      ],
      Binds: [],
    });
    expect(JSON.stringify(HostConfig)).not.toContain('d1');
  });

  it("must name Docker's own networks, or none, and give them no ends", () => {
    for (const kind of ['bridge', 'host', 'none'] as const) {
      const body = containerBody(draftFor('web', { networkMode: { kind } }));
      expect(body.HostConfig).toMatchObject({ NetworkMode: kind });
      expect(body.NetworkingConfig).toBeUndefined();
    }
  });

  it('2.4 must share the network of the container that it is given, and have no ends of its own', () => {
    const networkMode = { kind: 'service', service: serviceName('vpn') } as const;
    const draft = draftFor('web', { networkMode, networks: [attachment] });
    const body = containerBody({ ...draft, networkOf: containerId('abc') });
    expect(body.HostConfig).toMatchObject({ NetworkMode: 'container:abc' });
    expect(body.NetworkingConfig).toBeUndefined();
    // Docker refuses this; without a word about it the container would get a network of its own.
    expect(containerBody(draft).HostConfig).toMatchObject({ NetworkMode: 'container:' });
  });

  it('5.4 must leave the name of an anonymous volume to Docker, unless one is carried over', () => {
    const mounts = [
      { kind: 'anonymous', target: '/cache', readOnly: false },
      { kind: 'anonymous', target: '/new', readOnly: true },
      { kind: 'volume', volume: 'data', target: '/data', readOnly: false },
    ] as const;
    const carried = [
      { volume: '1a', target: '/cache' },
      { volume: '2b', target: '/of-the-image' },
      { volume: '3c', target: '/data' },
    ];
    expect(containerBody({ ...draftFor('web', { mounts }), carried }).HostConfig).toMatchObject({
      Mounts: [
        { Type: 'volume', Source: '1a', Target: '/cache', ReadOnly: false },
        { Type: 'volume', Target: '/new', ReadOnly: true },
        { Type: 'volume', Source: 'data', Target: '/data', ReadOnly: false },
        { Type: 'volume', Source: '2b', Target: '/of-the-image', ReadOnly: false },
      ],
    });
  });

  it('5.4 must say in a label which volumes are carried over', () => {
    const draft = draftFor('web');
    const owned = { ...draft.owned, anonymous: ['1a', '2b'] };
    expect(containerBody({ ...draft, owned }).Labels).toMatchObject({ 'io.alicia.anonymous': '1a,2b' });
  });

  it('3.3 must hold the limits that are declared, and swap beside memory always', () => {
    const resources = {
      ...NO_LIMITS,
      cpuQuotaUs: 50_000,
      cpuPeriodUs: 100_000,
      memoryBytes: 100,
      memoryReservationBytes: 50,
      pidsLimit: 7,
    };
    const limits = {
      CpuQuota: 50_000,
      CpuPeriod: 100_000,
      Memory: 100,
      MemorySwap: 200,
      MemoryReservation: 50,
      PidsLimit: 7,
    };
    expect(containerBody(draftFor('web', { resources })).HostConfig).toMatchObject(limits);
    const change = { restart: null, resources };
    expect(updateBody(change)).toEqual(limits);
    expect(updateBody({ ...change, resources: { ...resources, memorySwapBytes: -1 } }).MemorySwap).toBe(-1);
    expect(updateBody({ ...change, resources: { ...NO_LIMITS, nanoCpus: 5 } })).toEqual({ NanoCpus: 5 });
  });

  it('must give a check in nanoseconds, and only what is declared of it', () => {
    const none = {
      intervalMs: null,
      timeoutMs: null,
      retries: null,
      startPeriodMs: null,
      startIntervalMs: null,
    };
    const test = { kind: 'test', ...none } as const;
    const bodyOf = (healthcheck: Parameters<typeof draftFor>[1]) =>
      containerBody(draftFor('web', healthcheck));
    const full = {
      ...test,
      test: ['CMD', 'true'],
      intervalMs: 1500,
      timeoutMs: 1,
      retries: 2,
      startPeriodMs: 0,
    };
    expect(bodyOf({ healthcheck: full }).Healthcheck).toEqual({
      Test: ['CMD', 'true'],
      Interval: 1_500_000_000,
      Timeout: 1_000_000,
      Retries: 2,
      StartPeriod: 0,
    });
    expect(bodyOf({ healthcheck: { ...test, test: null, retries: 5 } }).Healthcheck).toEqual({ Retries: 5 });
    expect(bodyOf({ healthcheck: { kind: 'disabled' } }).Healthcheck).toEqual({ Test: ['NONE'] });
  });
});

describe('other bodies', () => {
  it('3.3 must change nothing but what is to be changed', () => {
    const restart = { name: 'always', maximumRetryCount: 0 } as const;
    expect(updateBody({ restart, resources: null })).toEqual({
      RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
    });
    expect(updateBody({ restart: null, resources: null })).toEqual({});
  });

  it('must count retries beside on-failure alone, which is all that Docker allows', () => {
    expect(restartPolicyBody({ name: 'on-failure', maximumRetryCount: 3 }).MaximumRetryCount).toBe(3);
    expect(restartPolicyBody({ name: 'no', maximumRetryCount: 3 }).MaximumRetryCount).toBe(0);
  });

  it('must never shorten a grace', () => {
    expect([0, 1, 1000, 1001].map(wholeSeconds)).toEqual([0, 1, 1, 2]);
  });

  it('must mark a network as ours and keep its name unique', () => {
    const network = {
      name: 'demo_n',
      external: false,
      driver: 'bridge',
      driverOptions: { mtu: '1400' },
      internal: true,
      attachable: true,
      enableIpv6: true,
      labels: { team: 'voice', 'io.alicia.project': 'x' },
      ipam: [{ subnet: '10.1.0.0/16', gateway: '10.1.0.1', ipRange: null }],
      hash: specHash('v1:nn'),
    };
    expect(networkBody({ kind: 'createNetwork', key: keys.network('n'), ...common, network })).toEqual({
      Name: 'demo_n',
      CheckDuplicate: true,
      Driver: 'bridge',
      Options: { mtu: '1400' },
      Internal: true,
      Attachable: true,
      EnableIPv6: true,
      Labels: { team: 'voice', 'io.alicia.project': 'demo', 'io.alicia.hash': 'v1:nn' },
      IPAM: { Driver: 'default', Config: [{ Subnet: '10.1.0.0/16', Gateway: '10.1.0.1' }] },
    });
  });

  it('must mark a volume as ours', () => {
    const volume = {
      name: 'demo_v',
      external: false,
      driver: 'local',
      driverOptions: { type: 'tmpfs' },
      labels: { team: 'voice' },
      hash: specHash('v1:vv'),
    };
    expect(volumeBody({ kind: 'createVolume', key: keys.volume('v'), ...common, volume })).toEqual({
      Name: 'demo_v',
      Driver: 'local',
      DriverOpts: { type: 'tmpfs' },
      Labels: { team: 'voice', 'io.alicia.project': 'demo', 'io.alicia.hash': 'v1:vv' },
    });
  });
});
