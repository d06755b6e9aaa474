/**
 * A small broker inside the controller, for machines that have none: MQTT 3.1.1, loopback, for development.
 * Owns: aedes and its port. Must not know: when it is wanted.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Aedes } from 'aedes';
import type { Log } from '../../controller/ports.js';
import { within } from './within.js';

/** What an embedded broker needs. */
export interface EmbeddedBrokerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly limits: EmbeddedBrokerLimits;
  readonly log: Log;
}

/** Maxima of an embedded broker; the command line names them. */
export interface EmbeddedBrokerLimits {
  /** Clients at a time. */
  readonly connections: number;
  /** How long `stop` waits for clients to go by themselves. */
  readonly stopMs: number;
}

/** What became of starting it. */
export type BrokerStart =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'portTaken' }
  | { readonly kind: 'failed'; readonly message: string };

/** A broker that may be started and stopped again and again; it forgets everything in between. */
export interface EmbeddedBroker {
  start(): Promise<BrokerStart>;
  /** The port is free when it resolves. */
  stop(): Promise<void>;
}

interface Running {
  readonly aedes: Aedes;
  readonly server: Server;
  readonly sockets: Set<Socket>;
}

/** A broker that does nothing before `start`. */
export function createEmbeddedBroker(options: EmbeddedBrokerOptions): EmbeddedBroker {
  let running: Running | null = null;
  return {
    start: async () => {
      if (running !== null) return { kind: 'listening', port: portOf(running.server) };
      const created = await createParts(options);
      const result = await listen(created.server, options);
      if (result.kind === 'listening') running = created;
      else created.aedes.close();
      return result;
    },
    stop: async () => {
      if (running === null) return;
      const { aedes, server, sockets } = running;
      running = null;
      await within(options.limits.stopMs, (done) => {
        server.close(done);
        aedes.close();
      });
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function createParts({ limits, log }: EmbeddedBrokerOptions): Promise<Running> {
  const { Aedes: Broker } = await import('aedes');
  const aedes = await Broker.createBroker({
    // What a client that is away missed would be kept without a bound; a broker for development keeps no sessions.
    preConnect: (_client, packet, done) => {
      packet.clean = true;
      done(null, true);
    },
  });
  aedes.on('clientError', (client, error) => {
    log.debug({ client: client.id, reason: error.message }, 'A client of the embedded broker was cut off');
  });
  aedes.on('connectionError', (_client, error) => {
    log.debug({ reason: error.message }, 'The embedded broker refused a connection');
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    aedes.handle(socket);
  });
  server.maxConnections = limits.connections;
  return { aedes, server, sockets };
}

function listen(server: Server, { host, port, log }: EmbeddedBrokerOptions): Promise<BrokerStart> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(
        error.code === 'EADDRINUSE' ? { kind: 'portTaken' } : { kind: 'failed', message: error.message },
      );
    });
    server.listen(port, host, () => {
      server.on('error', (error) => log.warn({ reason: error.message }, 'The embedded broker has an error'));
      resolve({ kind: 'listening', port: portOf(server) });
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
