// Owns: that limits, networks and mounts, as real engines tell them (recorded from 20.10 in inspects/), are read right.
import { describe, expect, it } from 'vitest';
import { otherFromList, sightingOf } from '../../../src/adapters/docker/observe.js';
import { NO_RESOURCES } from '../../../src/model/observed.js';
import { changed, oursOf } from './recordings.js';

describe('the limits of a container', () => {
  it('3.3 must be 0 for every word that Docker has for none', () => {
    const none = { NanoCpus: 0, CpuQuota: 0, CpuPeriod: 0, Memory: 0, MemorySwap: 0, MemoryReservation: 0 };
    for (const words of [
      {},
      { ...none, PidsLimit: null },
      { ...none, PidsLimit: 0 },
      { ...none, PidsLimit: -1, CpuQuota: -1, Memory: '' },
    ])
      expect(oursOf(changed('healthy', 'HostConfig', words)).resources).toEqual(NO_RESOURCES);
  });

  it('3.3 must be shown as they are, swap without limit as -1', () => {
    const limits = {
      NanoCpus: 1_500_000_000,
      CpuQuota: 50_000,
      CpuPeriod: 100_000,
      Memory: 64,
      MemorySwap: -1,
      MemoryReservation: 32,
      PidsLimit: 9,
    };
    expect(oursOf(changed('healthy', 'HostConfig', limits)).resources).toEqual({
      nanoCpus: 1_500_000_000,
      cpuQuotaUs: 50_000,
      cpuPeriodUs: 100_000,
      memoryBytes: 64,
      memorySwapBytes: -1,
      memoryReservationBytes: 32,
      pidsLimit: 9,
    });
  });
});

describe('the network of a container', () => {
  const id = '302643cdcb953c492178f9c76c4888b618512522a6279aeea535554c91640553';
  const modeOf = (name: string, NetworkMode: string): string =>
    oursOf(changed(name, 'HostConfig', { NetworkMode })).networkMode;

  it('3.3b must be told by its name, also where it was given by its id', () => {
    expect(modeOf('healthy', 'alicia-rec-net')).toBe('alicia-rec-net');
    expect(modeOf('healthy', id)).toBe('alicia-rec-net');
    expect(modeOf('healthy', id.slice(0, 12))).toBe('alicia-rec-net');
    // Before the first start Docker does not tell ids.
    expect(modeOf('created', id)).toBe('alicia-rec-net');
    expect(modeOf('healthy', 'f'.repeat(64))).toBe('f'.repeat(64));
  });

  it("must be told in Docker's words where it is none of its own", () => {
    for (const mode of ['bridge', 'host', 'none', `container:${id}`])
      expect(modeOf('healthy', mode)).toBe(mode);
    expect(modeOf('healthy', 'default')).toBe('bridge');
    expect(modeOf('healthy', '')).toBe('bridge');
  });

  it('must be shown with the fixed addresses that were asked for', () => {
    const IPAMConfig = { IPv4Address: '10.0.0.5', IPv6Address: 'fd00::5' };
    const networks = { n: { IPAMConfig, NetworkID: '1' }, o: { IPAMConfig: {} }, p: { IPAMConfig: null } };
    const raw = changed('healthy', 'NetworkSettings', { Networks: networks });
    expect(oursOf(raw).endpoints.map(({ fixedIpv4, fixedIpv6 }) => [fixedIpv4, fixedIpv6])).toEqual([
      ['10.0.0.5', 'fd00::5'],
      [null, null],
      [null, null],
    ]);
  });
});

describe('a container that is not ours', () => {
  it('9.2 must show what it may write to, and nothing that it may only read', () => {
    const Mounts = [
      { Type: 'volume', Name: 'data', Source: '/var/lib/docker/volumes/data/_data', RW: true },
      { Type: 'volume', Name: 'shown', RW: false },
      { Type: 'bind', Source: '/srv/b', RW: true },
      { Type: 'bind', Source: '/srv/b', RW: true },
      { Type: 'bind', Source: '/srv/a', RW: true },
      { Type: 'bind', Source: '/etc', RW: false },
      { Type: 'tmpfs', Source: '', RW: true },
      { Type: 'npipe', Source: 'x', RW: true },
    ];
    const writes = ['/srv/a', '/srv/b', 'data'];
    expect(
      otherFromList({ Id: 'a', Names: ['/a'], Mounts }, { project: 'demo', devices: [] }).writes,
    ).toEqual(writes);
    const sighting = sightingOf({ Id: 'a', Name: '/a', Mounts }, 'demo', {});
    expect(sighting.container).toMatchObject({ writes });
  });
});
