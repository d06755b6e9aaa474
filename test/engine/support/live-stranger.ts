/**
 * Containers of somebody else beside a project, and volumes without its label: gone after the test.
 * Owns: making strangers, and leaving nothing of either behind. Must not know: what is tested.
 */
import type Docker from 'dockerode';
import { test as base } from './project.js';

/** What a stranger holds. */
export interface Holding {
  /** Its name; one that begins like the project's if not given. */
  readonly name?: string;
  /** A volume that it writes to, which is made if it is not there. */
  readonly volume?: string;
  /** A port of 127.0.0.1. */
  readonly hostPort?: number;
  /** A device of the host. */
  readonly device?: string;
  /** A network that it is on. */
  readonly network?: string;
}

/** One of them, which runs. */
export interface Stranger {
  readonly name: string;
  readonly container: Docker.Container;
}

/** Makes a stranger and starts it. */
export type Invite = (holding: Holding) => Promise<Stranger>;

/** What a test may ask for beside its project. */
interface Fixtures {
  /** Volumes that are to be gone after the test and do not carry the project's label. */
  readonly passing: Set<string>;
  readonly invite: Invite;
}

/** A test to which strangers can be invited. */
export const test = base.extend<Fixtures>({
  passing: async ({ project }, use) => {
    const volumes = new Set<string>();
    await use(volumes);
    await project.killAll();
    await project.engine.removeAll();
    for (const volume of volumes) await project.engine.docker.getVolume(volume).remove().catch(unlessGone);
  },
  invite: async ({ project, passing }, use) => {
    const strangers: Stranger[] = [];
    await use(async (holding) => {
      const name = holding.name ?? `${project.name}-stranger-${strangers.length + 1}`;
      if (holding.volume !== undefined) passing.add(holding.volume);
      const container = await project.engine.docker.createContainer(bodyOf(name, holding));
      strangers.push({ name, container });
      await container.start();
      return { name, container };
    });
    await project.killAll();
    for (const { container } of strangers) await container.remove({ force: true }).catch(unlessGone);
  },
});

function unlessGone(error: { readonly statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}

function bodyOf(name: string, { volume, hostPort, device, network }: Holding): Docker.ContainerCreateOptions {
  const bindings = [{ HostIp: '127.0.0.1', HostPort: `${hostPort}` }];
  return {
    name,
    Image: 'alicia-test:1',
    ExposedPorts: hostPort === undefined ? {} : { '80/tcp': {} },
    HostConfig: {
      PortBindings: hostPort === undefined ? {} : { '80/tcp': bindings },
      Mounts: volume === undefined ? [] : [{ Type: 'volume', Source: volume, Target: '/data' }],
      Devices:
        device === undefined
          ? []
          : [{ PathOnHost: device, PathInContainer: device, CgroupPermissions: 'rwm' }],
      ...(network === undefined ? {} : { NetworkMode: network }),
    },
  };
}
