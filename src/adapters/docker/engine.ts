/**
 * The Docker Engine as the controller's port: one method, one call.
 * Owns: putting the parts together, and the writing half. Must not know: why a call is made.
 */
import type { CallOptions, Clock, Engine } from '../../controller/ports.js';
import { type ContainerId, containerId } from '../../model/ids.js';
import { createConnection, type DockerConnection, isAtLeast, type Session } from './connection.js';
import {
  containerBody,
  endpointBody,
  needsStartInterval,
  networkBody,
  updateBody,
  volumeBody,
  wholeSeconds,
} from './create-body.js';
import { pathPart } from './dockerode.js';
import { adapterError, type CallKind, isDoneAlready } from './errors.js';
import { subscribe } from './events.js';
import { runInContainer } from './exec.js';
import { createLooking } from './listing.js';
import { pullImage } from './pull.js';

/** What an engine needs. */
export interface DockerEngineOptions {
  /** Value of `--docker-host`; null: DOCKER_HOST, the current Docker context, the usual sockets. */
  readonly dockerHost: string | null;
  /** Containers with this value of our project label are ours. */
  readonly project: string;
  /** Of the deadlines. */
  readonly clock: Clock;
}

/** The port, and the connection beneath it for looking at what the port does not show. */
export interface DockerEngine extends Engine {
  readonly connection: DockerConnection;
}

/** From here on Docker knows `start_interval`; before, it drops it in silence. */
const START_INTERVAL_API = '1.44';

type Writes = Omit<
  Engine,
  | 'connect'
  | 'subscribe'
  | 'list'
  | 'inspectContainer'
  | 'inspectNetwork'
  | 'inspectVolume'
  | 'inspectImage'
  | 'pullImage'
  | 'exec'
>;

/** Creates the adapter. It reads and opens nothing before `connect`. */
export function createDockerEngine({ dockerHost, project, clock }: DockerEngineOptions): DockerEngine {
  const connection = createConnection({ dockerHost }, clock);
  return {
    connection,
    connect: (options) => connection.connect(options),
    subscribe: (sink, options) => subscribe(connection, sink, options),
    ...createLooking(connection, project),
    pullImage: (reference, onProgress, options) => pullImage(connection, { reference, onProgress }, options),
    ...objectWrites(connection),
    ...containerWrites(connection),
    exec: (id, command, options) => runInContainer(connection, { id: named(id), command }, options),
  };
}

type ObjectWrite =
  | 'createNetwork'
  | 'removeNetwork'
  | 'createVolume'
  | 'removeVolume'
  | 'connectNetwork'
  | 'disconnectNetwork';

function objectWrites(connection: DockerConnection): Pick<Writes, ObjectWrite> {
  const write = createWriter(connection);
  return {
    createNetwork: (step, options) =>
      write('createNetwork', options, ({ docker }, abortSignal) =>
        docker.createNetwork({ _query: {}, _body: networkBody(step), abortSignal }),
      ),
    removeNetwork: (id, options) =>
      write('removeNetwork', options, ({ docker }, abortSignal) =>
        docker.getNetwork(named(id)).remove({ abortSignal }),
      ),
    createVolume: (step, options) =>
      write('createVolume', options, ({ docker }, abortSignal) =>
        docker.createVolume({ _query: {}, _body: volumeBody(step), abortSignal }),
      ),
    removeVolume: (name, options) =>
      write('removeVolume', options, ({ docker }, abortSignal) =>
        docker.getVolume(named(name)).remove({ abortSignal }),
      ),
    connectNetwork: (id, attachment, options) =>
      write('connectNetwork', { ...options, subject: id }, ({ docker }, abortSignal) =>
        docker.getNetwork(named(attachment.network)).connect({
          _body: { Container: id, EndpointConfig: endpointBody(attachment) },
          abortSignal,
        }),
      ),
    disconnectNetwork: (id, network, options) =>
      write('disconnectNetwork', { ...options, subject: id }, ({ docker }, abortSignal) =>
        docker.getNetwork(named(network)).disconnect({ _body: { Container: id }, abortSignal }),
      ),
  };
}

function containerWrites(connection: DockerConnection): Omit<Writes, ObjectWrite> {
  const write = createWriter(connection);
  return {
    createContainer: (draft, options) =>
      connection.call({ kind: 'createContainer', ...options }, async (session, abortSignal) => {
        if (needsStartInterval(draft.spec) && !isAtLeast(session.apiVersion, START_INTERVAL_API))
          throw adapterError(
            'rejected',
            `healthcheck.start_interval needs Docker 25 (API ${START_INTERVAL_API}); this engine speaks API ${session.apiVersion}`,
          );
        const _query = { name: draft.name };
        return createdId(
          await session.docker.createContainer({ _query, _body: containerBody(draft), abortSignal }),
        );
      }),
    startContainer: (id, options) =>
      write('startContainer', { ...options, subject: id }, ({ docker }, abortSignal) =>
        docker.getContainer(named(id)).start({ abortSignal }),
      ),
    stopContainer: (id, graceMs, options) =>
      write('stopContainer', { ...options, subject: id }, ({ docker }, abortSignal) =>
        docker.getContainer(named(id)).stop({ t: wholeSeconds(graceMs), abortSignal }),
      ),
    restartContainer: (id, graceMs, options) =>
      write('restartContainer', { ...options, subject: id }, ({ docker }, abortSignal) =>
        docker.getContainer(named(id)).restart({ t: wholeSeconds(graceMs), abortSignal }),
      ),
    unpauseContainer: (id, options) =>
      write('unpauseContainer', { ...options, subject: id }, ({ docker }, abortSignal) =>
        docker.getContainer(named(id)).unpause({ abortSignal }),
      ),
    // With `v` Docker removes the volumes that it made for the container itself. Never by force: that kills what runs.
    removeContainer: (id, { withVolumes, ...options }) =>
      write('removeContainer', { ...options, subject: id }, ({ docker }, abortSignal) =>
        docker.getContainer(named(id)).remove({ v: withVolumes, force: false, abortSignal }),
      ),
    renameContainer: (id, to, options) =>
      write('renameContainer', { ...options, subject: id }, ({ docker }, abortSignal) =>
        docker.getContainer(named(id)).rename({ _query: { name: to }, _body: {}, abortSignal }),
      ),
    updateContainer: (id, change, options) =>
      write('updateContainer', { ...options, subject: id }, ({ docker }, abortSignal) =>
        docker.getContainer(named(id)).update({ _body: updateBody(change), abortSignal }),
      ),
  };
}

type Writer = (
  kind: CallKind,
  options: CallOptions & { readonly subject?: string },
  run: (session: Session, abortSignal: AbortSignal) => Promise<unknown>,
) => Promise<void>;

/** A write without an answer of interest; done also when Docker says that it is so already. */
function createWriter(connection: DockerConnection): Writer {
  return (kind, options, run) =>
    connection.call({ kind, ...options }, async (session, abortSignal) => {
      try {
        await run(session, abortSignal);
      } catch (error) {
        if (!isDoneAlready(kind, error)) throw error;
      }
    });
}

/** A name as a part of a path. An empty one would name the whole collection. */
function named(name: string): string {
  if (name === '') throw adapterError('rejected', 'a call to Docker needs a name');
  return pathPart(name);
}

/** An answer without an id comes from something between us and Docker: whether there is a container is not known. */
function createdId(created: { readonly id: unknown }): ContainerId {
  if (typeof created.id !== 'string' || created.id === '')
    throw adapterError('unknownOutcome', 'the answer to the creation of a container names no id');
  return containerId(created.id);
}
