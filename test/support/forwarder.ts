/**
 * A stretch of wire between a client and a broker that a test can cut.
 */
import { connect, createServer, type Socket } from 'node:net';
import { freePort } from './mosquitto.js';

/** Passes bytes on to another port of this machine. */
export interface Forwarder {
  readonly url: string;
  /** Begins to listen; again after `cut`. */
  open(): Promise<void>;
  /** From now on the client hears nothing, while the broker hears everything. */
  deafen(): void;
  /** Both ends lose the connection without a goodbye, and nobody can connect. */
  cut(): Promise<void>;
}

/** A forwarder to `port` that is not yet open. */
export async function createForwarder(port: number): Promise<Forwarder> {
  const ownPort = await freePort();
  const sockets = new Set<Socket>();
  let isDeaf = false;
  const server = createServer((client) => {
    const broker = connect(port, '127.0.0.1');
    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        broker.destroy();
      });
    }
    client.on('data', (bytes) => broker.write(bytes));
    broker.on('data', (bytes) => {
      if (!isDeaf) client.write(bytes);
    });
  });
  return {
    url: `mqtt://127.0.0.1:${ownPort}`,
    open: () => {
      isDeaf = false;
      return new Promise((resolve) => server.listen(ownPort, '127.0.0.1', resolve));
    },
    deafen: () => {
      isDeaf = true;
    },
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
