/**
 * The HTTP server.
 * Owns: listening, its bounds, the end of open connections. Must not know: what is answered.
 */
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Log } from '../../controller/ports.js';
import { type Access, type ControllerReports, createApp } from './app.js';

/** Maxima of a server; the command line names them. */
export interface HttpLimits {
  /** Connections at a time. */
  readonly connections: number;
  /** From the first byte of a request to its last. */
  readonly requestMs: number;
}

/** Where to listen. */
export type HttpListen =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly token: string | null }
  /** A Unix socket: a file, or an abstract name with NUL in front. Whoever can reach it may read. */
  | { readonly kind: 'socket'; readonly path: string };

/** What a server needs. */
export interface HttpServerOptions {
  readonly reports: ControllerReports;
  readonly listen: HttpListen;
  readonly limits: HttpLimits;
  readonly log: Log;
}

/** What became of starting it. `port` is 0 for a socket. */
export type HttpStart =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'portTaken' }
  | { readonly kind: 'failed'; readonly message: string };

/** A server that can be started once. */
export interface HttpServer {
  start(): Promise<HttpStart>;
  /** Nothing is answered any more when it resolves. */
  stop(): Promise<void>;
}

/** A server that does nothing before `start`. */
export function createHttpServer({ reports, listen, limits, log }: HttpServerOptions): HttpServer {
  const app = createApp({ reports, access: accessOf(listen), log });
  const server = createServer(
    { requestTimeout: limits.requestMs, headersTimeout: limits.requestMs, connectionsCheckingInterval: 1000 },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  );
  server.maxConnections = limits.connections;
  return {
    start: () => startOf(server, listen, log),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function accessOf(listen: HttpListen): Access {
  if (listen.kind === 'socket') return { kind: 'everybody' };
  if (listen.token !== null) return { kind: 'token', token: listen.token };
  return /^(127(\.\d{1,3}){3}|localhost|::1)$/.test(listen.host) ? { kind: 'local' } : { kind: 'nobody' };
}

function startOf(server: Server, listen: HttpListen, log: Log): Promise<HttpStart> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(
        error.code === 'EADDRINUSE' ? { kind: 'portTaken' } : { kind: 'failed', message: error.message },
      );
    });
    const onListening = (): void => {
      server.on('error', (error) => log.warn({ reason: error.message }, 'The HTTP server has an error'));
      const address = server.address();
      resolve({
        kind: 'listening',
        port: typeof address === 'object' && address !== null ? address.port : 0,
      });
    };
    if (listen.kind === 'tcp') server.listen(listen.port, listen.host, onListening);
    else server.listen(listen.path, onListening);
  });
}
