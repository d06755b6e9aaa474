// Owns: that a controller in a container is recognised, this one included.
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  containerInMountTable,
  controllerOf,
  ownContainer,
} from '../../../src/adapters/docker/controllers.js';

const ID = 'c0ffee'.padEnd(64, '0');
const OTHER = 'b'.repeat(64);

describe('our own container', () => {
  const inside = `1051 1039 254:0 /var/lib/docker/containers/${ID}/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vda rw`;

  it('must be known by the files that Docker mounts, whatever the host name is', () => {
    expect(containerInMountTable(`1 2 0:1 / / rw - overlay overlay rw\n${inside}\n`)).toBe(ID);
  });

  it('must not be taken for one on a host that runs Docker, or that can see its folder', () => {
    const onHost = `60 27 0:50 / /var/lib/docker/containers/${OTHER}/mounts/shm rw - tmpfs shm rw`;
    const folder = `61 27 254:0 /var/lib/docker/containers/${OTHER}/data /data rw - ext4 /dev/vda rw`;
    expect(containerInMountTable(`${onHost}\n${folder}\n`)).toBeNull();
    expect(containerInMountTable('')).toBeNull();
  });

  it('must be none where there is no such table', async () => {
    expect(await ownContainer('/nonexistent')).toBeNull();
    const folder = await mkdtemp(join(tmpdir(), 'alicia-mounts-'));
    writeFileSync(join(folder, 'mountinfo'), inside);
    expect(await ownContainer(join(folder, 'mountinfo'))).toBe(ID);
    await rm(folder, { recursive: true, force: true });
  });
});

describe('a running controller', () => {
  const inspected = (args: readonly string[], env: readonly string[]) => ({
    Id: ID,
    Name: '/alicia',
    Args: args,
    Config: { Env: env },
    HostConfig: { NetworkMode: 'bus' },
    NetworkSettings: { Networks: { b: { IPAddress: '172.18.0.9' }, a: { IPAddress: '172.17.0.2' }, c: {} } },
  });

  it('must say what it answers for: by its command, then its environment, then the default', () => {
    const environment = ['ALICIA_PROJECT=home', 'ALICIA_HTTP=0.0.0.0:7070'];
    expect(controllerOf(inspected(['run', '--project', 'shop'], environment))).toEqual({
      id: ID,
      name: 'alicia',
      project: 'shop',
      http: '0.0.0.0:7070',
      networkMode: 'bus',
      addresses: ['172.17.0.2', '172.18.0.9'],
    });
    expect(controllerOf(inspected(['run', '--project=shop'], [])).project).toBe('shop');
    expect(controllerOf(inspected(['run'], environment)).project).toBe('home');
    expect(controllerOf(inspected(['run'], [])).project).toBe('alicia');
    expect(controllerOf(inspected(['run'], [])).http).toBeNull();
  });
});
