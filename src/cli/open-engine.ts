/**
 * The engine of a command, and where this process stands to it.
 * Owns: connecting once, and finding our own container on it. Must not know: what the command does there.
 */
import { systemClock } from '../adapters/clock/system-clock.js';
import type { DockerEngine } from '../adapters/docker/engine.js';
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import { EngineError } from '../controller/ports.js';
import { type ContainerId, containerId } from '../model/ids.js';
import type { EngineInfo } from '../model/observed.js';
import type { HostPaths } from './read-manifests.js';

/** An engine that has answered. */
export interface OpenEngine {
  readonly engine: DockerEngine;
  readonly info: EngineInfo;
  readonly self: Self;
}

/** Where this process runs, as the engine sees it. */
export interface Self {
  /** Null: not in a container of this engine. */
  readonly containerId: ContainerId | null;
  readonly hostPaths: HostPaths;
}

/** Makes the adapter without calling anything; the library is loaded here and not before. */
export async function makeEngine({ dockerHost, project }: Config): Promise<DockerEngine> {
  const { createDockerEngine } = await import('../adapters/docker/engine.js');
  return createDockerEngine({ dockerHost, project, clock: systemClock });
}

/** Connects, once. */
export async function openEngine(config: Config): Promise<OpenEngine> {
  const engine = await makeEngine(config);
  const info = await engine.connect({ deadlineMs: LIMITS.deadlines.connectMs });
  return { engine, info, self: await findSelf(engine) };
}

/** Looks for the container that this process runs in; the engine has been connected. */
export async function findSelf(engine: DockerEngine): Promise<Self> {
  const { ownContainer, ownMounts } = await import('../adapters/docker/controllers.js');
  const id = await ownContainer();
  if (id === null) return { containerId: null, hostPaths: null };
  try {
    const hostPaths = await ownMounts(engine.connection, id, { deadlineMs: LIMITS.deadlines.inspectMs });
    return { containerId: containerId(id), hostPaths };
  } catch (error) {
    // In a container, but of another engine: paths there are as we say them.
    if (error instanceof EngineError && error.failure.code === 'noSuchContainer')
      return { containerId: null, hostPaths: null };
    throw error;
  }
}
