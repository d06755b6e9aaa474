/**
 * Containers of somebody else beside a project: without its labels, and gone after the test.
 * Owns: making them and leaving nothing of them behind. Must not know: what is tested.
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

/** A test to which strangers can be invited. */
export const test = base.extend<{ invite: Invite }>({
  invite: async ({ project }, use) => {
    const { docker } = project.engine;
    const strangers: Stranger[] = [];
    const volumes = new Set<string>();
    await use(async (holding) => {
      const name = holding.name ?? `${project.name}-stranger-${strangers.length + 1}`;
      if (holding.volume !== undefined) volumes.add(holding.volume);
      const container = await docker.createContainer(bodyOf(name, holding));
      strangers.push({ name, container });
      await container.start();
      return { name, container };
    });
    await project.killAll();
    for (const { container } of strangers) await container.remove({ force: true }).catch(unlessGone);
    await project.engine.removeAll();
    for (const volume of volumes) await docker.getVolume(volume).remove().catch(unlessGone);
  },
});

function unlessGone(error: { readonly statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}

function bodyOf(name: string, { volume, hostPort, network }: Holding): Docker.ContainerCreateOptions {
  const bindings = [{ HostIp: '127.0.0.1', HostPort: `${hostPort}` }];
  return {
    name,
    Image: 'alicia-test:1',
    ExposedPorts: hostPort === undefined ? {} : { '80/tcp': {} },
    HostConfig: {
      PortBindings: hostPort === undefined ? {} : { '80/tcp': bindings },
      Mounts: volume === undefined ? [] : [{ Type: 'volume', Source: volume, Target: '/data' }],
      ...(network === undefined ? {} : { NetworkMode: network }),
    },
  };
}
