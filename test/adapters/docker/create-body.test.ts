// Owns: that what is asked for reaches Docker in its own form, and nothing else does.
import { describe, expect, it } from 'vitest';
import {
  containerBody,
  endpointBody,
  networkBody,
  restartPolicyBody,
  volumeBody,
  wholeSeconds,
} from '../../../src/adapters/docker/create-body.js';
import { specHash } from '../../../src/model/ids.js';
import { keys } from '../../../src/model/step.js';
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

  it('must join the first network alone, with its aliases and addresses', () => {
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
