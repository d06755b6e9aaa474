/**
 * A world on the real Docker Engine, for the contract and for the adapter's own tests.
 * Owns: an outsider who uses dockerode directly, and leaving nothing behind. Must not know: what is tested.
 */

import { createServer } from 'node:net';
import Docker from 'dockerode';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { createDockerEngine, type DockerEngine } from '../../../src/adapters/docker/engine.js';
import type { EngineWorld, Outsider } from '../../support/engine-contract/world.js';
import { eventually } from '../../support/eventually.js';

/** A world whose engine is Docker. */
export interface DockerWorld extends EngineWorld {
  readonly engine: DockerEngine;
  readonly outsider: Outsider;
  /** Docker without the adapter between. */
  readonly docker: Docker;
}

/** The tests' image: a static busybox without a health check. */
export const TEST_IMAGE = 'alicia-test:1';

/** Below the ports that the kernel hands out, and above those that sequences of commands use. */
const FIRST_OF_RANGES = 32_100;
const RANGES = 600;

/** Makes a world of its own: everything in it begins with `alicia-t-<pid>-<part>`. */
export async function makeDockerWorld(part: string): Promise<DockerWorld> {
  const docker = new Docker();
  const project = `alicia-t-${process.pid}-${part}`;
  await removeAll(docker, project);
  return {
    engine: createDockerEngine({ dockerHost: null, project, clock: systemClock }),
    docker,
    project,
    image: TEST_IMAGE,
    commands: {
      forEver: ['sleep', '100000'],
      listening: null,
      exitWith3: ['sh', '-c', 'exit 3'],
      hang: ['sleep', '100000'],
      succeed: ['true'],
      fail: ['false'],
    },
    freePorts: [await freePort(), await freePort()],
    freeRange: FIRST_OF_RANGES + ((process.pid * 2) % RANGES),
    outsider: createOutsider(docker),
    until: (condition) => eventually(condition, { timeoutMs: 30_000, intervalMs: 100 }),
    close: () => removeAll(docker, project),
  };
}

function createOutsider(docker: Docker): Outsider {
  return {
    async run({ name, labels = {}, hostPort, volumes = [], binds = [], readOnly = false }) {
      const bindings =
        hostPort === undefined ? {} : { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: `${hostPort}` }] };
      const container = await docker.createContainer({
        name,
        Image: TEST_IMAGE,
        Cmd: ['sleep', '100000'],
        Labels: labels,
        ExposedPorts: hostPort === undefined ? {} : { '80/tcp': {} },
        HostConfig: {
          PortBindings: bindings,
          Mounts: [
            ...volumes.map(
              (volume) => ({ Type: 'volume', Source: volume, Target: `/data/${volume}` }) as const,
            ),
            ...binds.map((source) => ({ Type: 'bind', Source: source, Target: `/host${source}` }) as const),
          ].map((mount) => ({ ...mount, ReadOnly: readOnly })),
        },
      });
      await container.start();
      return container.id;
    },
    pause: async (id) => void (await docker.getContainer(id).pause()),
    kill: async (id) => void (await docker.getContainer(id).kill()),
    remove: async (id) => void (await docker.getContainer(id).remove({ force: true })),
  };
}

async function removeAll(docker: Docker, project: string): Promise<void> {
  const containers = await docker.listContainers({ all: true });
  const mine = containers.filter(({ Names }) => Names.some((name) => name.startsWith(`/${project}`)));
  await Promise.all(mine.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  for (const { Id, Name } of await docker.listNetworks())
    if (Name.startsWith(project)) await docker.getNetwork(Id).remove();
  for (const { Name } of (await docker.listVolumes()).Volumes ?? [])
    if (Name.startsWith(project)) await docker.getVolume(Name).remove();
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
