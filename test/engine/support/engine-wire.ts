/**
 * The way to the engine, that a test can cut, and on which it can read what is asked.
 * Owns: passing bytes on from a socket of its own. Must not know: who uses it, what is tested.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEndpoint } from '../../../src/adapters/docker/endpoint.js';

/** A wire to the engine of this machine. */
export interface EngineWire {
  /** For `--docker-host`. */
  readonly url: string;
  /** First lines of requests that change something: `POST /v1.41/containers/create?name=…`. */
  readonly writes: readonly string[];
  /** Begins to listen; again after `cut`. */
  open(): Promise<void>;
  /** Every connection breaks without a goodbye, and nobody can connect: as when the engine is killed. */
  cut(): Promise<void>;
  /** Cuts as soon as half of the reply to such a request has been passed on. */
  cutInReplyTo(request: RegExp): void;
  remove(): Promise<void>;
}

/** A wire that is open. */
export async function createEngineWire(): Promise<EngineWire> {
  const folder = await mkdtemp(join(tmpdir(), 'alicia-wire-'));
  const path = join(folder, 'docker.sock');
  const endpoint = await findEndpoint({ dockerHost: null });
  const reach = (): Socket => {
    if (endpoint.kind === 'socket') return connect(endpoint.path);
    return connect(endpoint.port, endpoint.host);
  };
  const sockets = new Set<Socket>();
  const writes: string[] = [];
  let trap: RegExp | null = null;
  const server = createServer((client) => {
    const engine = reach();
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        engine.destroy();
      });
    }
    let isTrapped = false;
    client.on('data', (bytes) => {
      const asked = bytes.toString('latin1');
      for (const [line] of asked.matchAll(/^(?:POST|PUT|DELETE) \S+/gm)) writes.push(line);
      isTrapped = trap?.test(asked) === true;
      engine.write(bytes);
    });
    engine.on('data', (bytes) => {
      if (isTrapped) {
        trap = null;
        client.write(bytes.subarray(0, bytes.length / 2), () => void wire.cut());
      } else client.write(bytes);
    });
  });
  const wire: EngineWire = {
    url: `unix://${path}`,
    writes,
    open: () => new Promise((resolve) => server.listen(path, resolve)),
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    cutInReplyTo: (request) => {
      trap = request;
    },
    remove: async () => {
      if (server.listening) await wire.cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await wire.open();
  return wire;
}
