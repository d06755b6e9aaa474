/**
 * Images that can be pulled: a registry of the test's own, with content of its own.
 * Owns: a layer that no engine has seen before, and leaving no image behind. Must not know: the program.
 */
import type Docker from 'dockerode';
import { test as base } from './project.js';
import { type ImageContent, openRegistry, type Registry } from './rollout-registry.js';

/** A registry, and what goes into it. */
export interface ImageSource extends Registry {
  /** An image that stays until it is told to stop. The label alone tells two of them apart. */
  content(version: string): ImageContent;
}

/** The file system of the tests' image, and a file that makes it unlike any other: nothing of it is on the engine yet. */
async function freshLayer(docker: Docker, name: string): Promise<Buffer> {
  const container = await docker.createContainer({
    name,
    Image: 'alicia-test:1',
    Cmd: ['sh', '-c', 'head -c 1000000 /dev/urandom >/unlike'],
  });
  await container.start();
  await container.wait();
  const parts: Buffer[] = [];
  for await (const part of await container.export()) parts.push(Buffer.from(part));
  await container.remove();
  return Buffer.concat(parts);
}

/** Whatever was pulled from a registry: tags that point elsewhere now included. */
async function removeImages(docker: Docker, host: string): Promise<void> {
  for (const { Id, RepoTags, RepoDigests } of await docker.listImages()) {
    const names = [...(RepoTags ?? []), ...(RepoDigests ?? [])];
    if (names.some((name) => name.startsWith(`${host}/`))) await docker.getImage(Id).remove({ force: true });
  }
}

/** A test with a registry of its own. */
export const test = base.extend<{ registry: ImageSource }>({
  registry: async ({ project }, use) => {
    const { docker } = project.engine;
    const registry = await openRegistry();
    const [layer, { Arch }] = await Promise.all([
      freshLayer(docker, `${project.name}-layer`),
      docker.version(),
    ]);
    const content = (version: string): ImageContent => ({
      layer,
      command: ['/bin/sh', '-c', 'trap "exit 0" TERM INT; sleep 2147483647 & wait'],
      labels: { 'org.opencontainers.image.version': version },
      architecture: Arch,
    });
    await use({ ...registry, content });
    await project.killAll();
    await registry.close();
    await project.engine.removeAll();
    await removeImages(docker, registry.host);
  },
});
